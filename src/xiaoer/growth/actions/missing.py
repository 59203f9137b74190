"""What a ladder or a rule lacks becomes questions, each asked once; their answers become facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access, queries
from xiaoer.growth.asking import question_for
from xiaoer.growth.models import Standing
from xiaoer.rules import vocabularies
from xiaoer.rules.models import Rule
from xiaoer.web.words import local_date
from xiaoer.work import actions as work

WORTH = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """How many questions were put, about which words; ``left`` nobody at a firm can be asked."""

    questions: int
    words: tuple[str, ...]
    left: tuple[str, ...]


@transaction.atomic
def ask_missing(
    *,
    by: Actor,
    now: datetime,
    party_ids: Sequence[int],
    words: Sequence[str] = (),
    worth: int = WORTH,
) -> Asked:
    """Put the facts a ladder lacks as questions to the enterprises that lack them; each once.

    ``words``: names of the vocabulary, none: whatever is lacking. Only who lacks a word is asked.
    """
    access.must_ask_missing(by)
    if not party_ids:
        raise Refused(_("Choose at least one enterprise."), field="firms")
    lacking = {
        name: parties
        for name, parties in _lacking(by, party_ids).items()
        if not words or name in words
    }
    return _put(by, now, lacking, "梯队评定缺这项", worth)


@transaction.atomic
def ask_for_rule(
    *,
    by: Actor,
    now: datetime,
    rule: Rule,
    party_ids: Sequence[int],
    worth: int = WORTH,
) -> Asked:
    """Put what a rule lacks of some enterprises as questions to them; each once.

    Any officer asks one enterprise; who asks many at once keeps the ladders, the desk or the lead.
    """
    if len(set(party_ids)) > 1:
        access.must_ask_missing(by)
    if not party_ids:
        raise Refused(_("Choose at least one enterprise."), field="firms")
    lacking = queries.lacking_for(by=by, rule=rule, party_ids=party_ids, now=now)
    return _put(by, now, lacking, f"“{rule.name}”缺这项"[:200], worth)


def _put(
    by: Actor, now: datetime, lacking: Mapping[str, Sequence[int]], why: str, worth: int
) -> Asked:
    known = vocabularies.vocabulary(by.zone_id or 0).words
    today = local_date(now)
    put, asked, left = 0, [], []
    for name, parties in lacking.items():
        if name not in known:
            continue
        question = question_for(known[name], today, why)
        if question is None:
            left.append(name)
            continue
        put += work.ask_many(by=by, now=now, party_ids=parties, worth=worth, **question)
        asked.append(name)
    if not asked and not left:
        raise Refused(_("None of them lacks such a fact."), field="words")
    return Asked(put, tuple(asked), tuple(left))


def _lacking(by: Actor, party_ids: Sequence[int]) -> Mapping[str, list[int]]:
    """Who lacks what, in the month evaluated last."""
    rows = Standing.objects.filter(zone_id=by.zone_id)
    month = rows.order_by("-month").values("month")[:1]
    found: dict[str, set[int]] = {}
    for party, missing in rows.filter(month=month, party_id__in=set(party_ids)).values_list(
        "party_id", "missing"
    ):
        for name in missing:
            found.setdefault(name, set()).add(party)
    return {name: sorted(parties) for name, parties in found.items()}
