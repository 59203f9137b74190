"""Whether what a stage asks for stands: met, not met, not known, or for a person to say.

No database here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.projects.models import ConditionProof, Project, StageCondition

Kind = StageCondition.Kind


class Standing(StrEnum):
    """How a condition stands. Only ``MET`` lets a project in."""

    MET = "met"
    UNMET = "unmet"
    NEEDS_DATA = "needs_data"
    NEEDS_PERSON = "needs_person"


WORDS: Mapping[Standing, str | Promise] = {
    Standing.MET: _("met"),
    Standing.UNMET: _("not met"),
    Standing.NEEDS_DATA: _("needs data"),
    Standing.NEEDS_PERSON: _("needs somebody to look"),
}


def _said(text: object) -> bool | None:
    return True if text else None


def _amount(fen: int | None) -> bool | None:
    return None if fen is None else fen > 0


def _land(project: Project) -> bool | None:
    return _said(project.land_signed_on)


# What a fact of a project says: true, false, or that nobody entered it.
TESTS: Mapping[str, tuple[str | Promise, Callable[[Project], bool | None]]] = {
    "owner": (_("who builds it"), lambda one: _said(one.party_id or one.owner_name)),
    "firm": (_("the firm on our register"), lambda one: _said(one.party_id)),
    "content": (_("what is built"), lambda one: _said(one.content)),
    "investment": (_("planned investment"), lambda one: _amount(one.total_fen)),
    "contract": (_("contract sum"), lambda one: _amount(one.contract_fen)),
    "site": (_("where it is built"), lambda one: _said(one.place or one.park_id or one.spot)),
    "answerer": (
        _("who answers for it"),
        lambda one: _said(one.office_id or one.officer_id or one.leader_id),
    ),
    "promised": (_("promised day"), lambda one: _said(one.promised_on)),
    "filing": (_("code of the filing"), lambda one: _said(one.code)),
    "land": (_("day of the land contract"), _land),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One condition of a stage as it stands for a project."""

    condition: StageCondition
    standing: Standing
    proof: ConditionProof | None = None

    @property
    def words(self) -> str:
        return str(WORDS[self.standing])


def judge(
    project: Project, condition: StageCondition, proof: ConditionProof | None = None
) -> Judged:
    """A missing fact or paper is not known; what somebody looked at and denied is not met."""
    if condition.kind == Kind.FACT:
        found = TESTS[condition.test][1](project)
        if found is None:
            return Judged(condition, Standing.NEEDS_DATA)
        return Judged(condition, Standing.MET if found else Standing.UNMET)
    if proof is not None and not proof.is_met:
        return Judged(condition, Standing.UNMET, proof)
    if condition.kind == Kind.PERSON:
        standing = Standing.NEEDS_PERSON if proof is None else Standing.MET
        return Judged(condition, standing, proof)
    hangs = proof is not None and proof.paper is not None and proof.paper.removed_at is None
    return Judged(condition, Standing.MET if hangs else Standing.NEEDS_DATA, proof)
