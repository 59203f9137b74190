"""What a grant by rule does to a case: accepted, its items granted, licences made, signed, handed out."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from xiaoer.base.scope import Actor
from xiaoer.permits.actions.accepting import accept_case
from xiaoer.permits.actions.deciding import grant_item, issue_case
from xiaoer.permits.actions.reviewing import ask_post_check
from xiaoer.permits.automatic.deciding import Said
from xiaoer.permits.automatic.packs import Terms, read_terms
from xiaoer.permits.models import AutoDecision, AutoPack, Case, CaseItem
from xiaoer.web.words import local_date

_NAMED = re.compile(r"\{(\w+)\}")


def grant_case(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    decision: AutoDecision,
    facts: Mapping[str, Said],
) -> None:
    """Everything a person would have done, in the transaction of the decision."""
    pack = decision.pack
    case.is_automatic = True
    case.save(update_fields=["is_automatic"])
    accepted = accept_case(by=by, now=now, case=case)
    terms = read_terms(pack.body)
    valid_from, valid_until = days_of(pack, terms, facts, local_date(now))
    for item in CaseItem.objects.filter(case=accepted, state=CaseItem.State.RUNNING):
        grant_item(
            by=by,
            now=now,
            item=item,
            words=_words(pack, decision),
            content=content_of(terms, facts),
            valid_from=valid_from,
            valid_until=valid_until,
        )
    case.refresh_from_db()
    if case.state == Case.State.DECIDED:
        issue_case(by=by, now=now, case=case)
    ask_post_check(by=by, now=now, decision=decision, pack=pack)


def content_of(terms: Terms, facts: Mapping[str, Said]) -> dict[str, object]:
    """What the licence says, by the pack: values by their names, a choice by what it is called."""

    def put(found: re.Match[str]) -> str:
        return _shown(terms, found[1], facts.get(found[1]))

    return {field: _NAMED.sub(put, text) for field, text in terms.licence}


def _shown(terms: Terms, name: str, said: Said) -> str:
    value = terms.value(name)
    if value is None or said is None:
        return ""
    if isinstance(said, bool):
        return "是" if said else "否"
    if isinstance(said, float):
        return f"{said:.10g}"
    return next((one.zh for one in value.choices if one.code == said), said)


def days_of(
    pack: AutoPack, terms: Terms, facts: Mapping[str, Said], today: date
) -> tuple[date, date | None]:
    """From when until when: as applied for and found, else from today by the kind of licence."""
    begins = _day(facts.get(terms.valid_from)) if terms.valid_from else None
    ends = _day(facts.get(terms.valid_until)) if terms.valid_until else None
    return max(begins or today, today), ends


def _day(said: Said) -> date | None:
    return date.fromisoformat(said) if isinstance(said, str) else None


def _words(pack: AutoPack, decision: AutoDecision) -> str:
    rule = decision.basis.content["rule"] if decision.basis else ""
    return f"经自动审查，符合规则 {rule} 全部条件，准予许可。依据：{pack.basis}"[:1000]
