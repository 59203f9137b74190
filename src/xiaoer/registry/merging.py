"""Which tables may move when two entries of one firm are merged.

Each table that refers to a party must be declared, with what to do where both sides have one in
force. A table nobody declared refuses the merge: better no merge than records left behind.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from xiaoer.base.models import Attachment, Post
from xiaoer.base.refusals import Refused
from xiaoer.registry.models import (
    ImportRow,
    MonitoringFirm,
    Party,
    PartyName,
    RedrawingLine,
    RedrawingPin,
    Representation,
    RepresentationCode,
    Stewardship,
)

AnyModel = type[models.Model]


@dataclass(frozen=True, slots=True)
class Relation:
    """One table that refers to parties, and how its rows move.

    ``ends`` names the column that ends a row of which a party may have only one in force (``of_a``
    each); the duplicate's is then ended before it moves. Rows that would stand twice under the
    unique ``stays`` columns stay with the duplicate, where they remain readable. ``moves`` is False
    for what is only ever added to (facts): it stays, and its room asks for ``numbers_of`` a party.
    """

    model: AnyModel
    field: str
    ends: str = ""
    of_a: str = ""
    stays: tuple[str, ...] = ()
    moves: bool = True


_known: dict[tuple[AnyModel, str], Relation] = {}


def allow_merge_relation(
    model: AnyModel,
    field: str,
    *,
    ends: str = "",
    of_a: str = "",
    stays: tuple[str, ...] = (),
    moves: bool = True,
) -> None:
    """Declare, when the app starts, that rows of a table may move from one party to another."""
    _known[model, field] = Relation(model, field, ends, of_a, stays, moves)


allow_merge_relation(PartyName, "party")
allow_merge_relation(Stewardship, "party", ends="until", of_a="kind")
allow_merge_relation(MonitoringFirm, "party", ends="until")
allow_merge_relation(RepresentationCode, "party")
allow_merge_relation(Representation, "party")
allow_merge_relation(ImportRow, "party")
allow_merge_relation(RedrawingPin, "party", ends="ended_at")
allow_merge_relation(RedrawingLine, "party", stays=("redrawing",))
allow_merge_relation(Party, "merged_into")
allow_merge_relation(Post, "party_ref")
allow_merge_relation(Attachment, "party_ref")


def merge_relations() -> list[Relation]:
    """Every relation of the whole house to a party; an undeclared one refuses."""
    # Also those without a name of their own on the party: a ban is no less a ban for it.
    found = [
        (link.related_model, link.field.name)
        for link in Party._meta.get_fields(include_hidden=True)
        if isinstance(link, models.ForeignObjectRel) and isinstance(link.related_model, type)
    ]
    for model, field in found:
        if (model, field) not in _known:
            raise Refused(
                _(
                    "Parties cannot be merged: the table %(table)s (%(field)s) was not declared for it."
                )
                % {"table": model._meta.db_table, "field": field}
            )
    plain = [key for key in _known if key not in found]
    return [_known[key] for key in [*found, *plain]]


def rows_of(relation: Relation, party_ids: Iterable[int]) -> "models.QuerySet[models.Model]":
    """Rows of a relation that belong to some parties."""
    return relation.model._default_manager.filter(**{f"{relation.field}__in": list(party_ids)})


def why_not(kept: Party, duplicate: Party) -> str | None:
    """Why two entries are certainly not one firm; None where nothing speaks against it."""
    if kept.credit_code and duplicate.credit_code:
        return _(
            "Both have a credit code (%(kept)s, %(other)s): these are two firms, not one. If one code"
            " is wrong, correct it first."
        ) % {"kept": kept.credit_code, "other": duplicate.credit_code}
    if Party.Kind.PERSON in {kept.kind, duplicate.kind} and kept.kind != duplicate.kind:
        return _("A natural person and a firm cannot be one.")
    return None
