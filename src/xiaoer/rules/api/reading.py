"""API: the rules, their texts, the words they are written in, and what they say of firms."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Annotated, TypeVar

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Field, Router

from xiaoer.base.api.shapes import Day
from xiaoer.base.api_door import PROBLEMS, READ, api
from xiaoer.base.doors import found
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party
from xiaoer.rules import queries
from xiaoer.rules.access import must_read_results
from xiaoer.rules.api.shapes import (
    Name,
    Number,
    RuleAgreementOut,
    RuleCaseOut,
    RuleCode,
    RuleFirmOut,
    RuleFirmReasons,
    RuleRowOut,
    RuleTextOut,
    RuleTrialOut,
    RuleTryIn,
    RuleVerdictOut,
    RuleWithVersions,
    RuleWordOut,
    counts_out,
    mistake_out,
    word_out,
)
from xiaoer.rules.language.compiling import Wrong
from xiaoer.rules.language.spec import State
from xiaoer.rules.models import Rule, RuleVersion
from xiaoer.rules.origins import Asked, origins_of
from xiaoer.rules.queries import Moment, ResultFilter, RuleFilter, Said
from xiaoer.rules.shipping import ShippedClause
from xiaoer.rules.vocabularies import vocabulary

router = Router(tags=["rules"])
T = TypeVar("T")


@router.get("/rules", response={200: list[RuleRowOut], **PROBLEMS})
@api(READ)
def list_rules(
    request: HttpRequest,
    by: Actor,
    kind: Rule.Kind | None = None,
    level: Rule.Level | None = None,
    mark: RuleVersion.Mark | None = None,
    state: RuleVersion.State | None = None,
    words: Name = "",
) -> object:
    """Rules with the version in force today; staff and the city also see drafts and counts."""
    asked = RuleFilter(kind or "", level or "", mark or "", state or "", words)
    rows = queries.rule_rows(zone_id=by.zone_id, asked=asked, on=timezone.localdate())
    shows_counts = by.is_staff or by.city_id is not None
    return [
        {
            "rule": row.rule,
            "live": row.live,
            "draft": row.draft,
            "counts": counts_out(row.counts) if shows_counts else None,
        }
        for row in rows
    ]


@router.get("/rules/words", response={200: list[RuleWordOut], **PROBLEMS})
@api(READ)
def list_rule_words(request: HttpRequest, by: Actor) -> object:
    """Every word rules may use, and the rules that read it."""
    uses = queries.word_uses(zone_id=by.zone_id, language=get_language() or "zh-hans")
    words = vocabulary(by.zone_id).words.values()
    return [
        word_out(word, list(uses[word.name].rules.values()) if word.name in uses else [])
        for word in words
    ]


@router.get("/rules/versions/{version_id}", response={200: RuleTextOut, **PROBLEMS})
@api(READ)
def read_rule_version(request: HttpRequest, by: Actor, version_id: int) -> object:
    """The text of a version; an enterprise reads those in force."""
    return whole(version_of(by, version_id))


@router.get("/rules/versions/{version_id}/cases", response={200: list[RuleCaseOut], **PROBLEMS})
@api(READ)
def list_rule_cases(request: HttpRequest, by: Actor, version_id: int) -> object:
    """Test cases of a version with what the rule says of each."""
    must_read_results(by)
    version = version_of(by, version_id)
    words = vocabulary(by.zone_id, version.rule.subject).words
    rule = queries.compiled_version(version, words)
    return [
        {
            "id": result.case.pk,
            "name": result.case.name,
            "as_of": result.case.as_of,
            "facts": result.case.facts,
            "expected": result.case.expected,
            "found": result.outcome.state if result.outcome else None,
            "passes": result.passes,
        }
        for result in queries.case_results(version.cases.all(), rule, words)
    ]


@router.get("/rules/versions/{version_id}/lacking", response={200: list[str], **PROBLEMS})
@api(READ)
def list_lacking(request: HttpRequest, by: Actor, version_id: int) -> object:
    """What a draft still lacks before it can be released, in words."""
    must_read_results(by)
    return queries.lacking_for_release(version_of(by, version_id))


@router.get("/rules/versions/{version_id}/agreement", response={200: RuleAgreementOut, **PROBLEMS})
@api(READ)
def check_agreement(
    request: HttpRequest,
    by: Actor,
    version_id: int,
    as_of: Day | None = None,
    known_on: Day | None = None,
) -> object:
    """Evaluate every firm by itself and all of them at once, and count where both agree."""
    must_read_results(by)
    version, moment = version_of(by, version_id), moment_of(as_of, known_on)
    return _readable(lambda: queries.agreement(version=version, moment=moment))


@router.post("/rules/{code}/try", response={200: RuleTrialOut, **PROBLEMS})
@api(READ)
def try_rule(request: HttpRequest, by: Actor, code: RuleCode, said: RuleTryIn) -> object:
    """Try clauses on what is known: mistakes, counts, who would gain and lose. Nothing is kept."""
    must_read_results(by)
    rule = rule_of(by, code)
    against = None
    if said.against is not None:
        against = found(rule.versions.select_related("rule").filter(number=said.against).first())
    trial = queries.try_clauses(
        zone_id=by.zone_id,
        clauses=[queries.text_of(ShippedClause(**one.dict())) for one in said.clauses],
        moment=moment_of(said.as_of, said.known_on),
        against=against,
        subject=rule.subject,
    )
    change = trial.change
    return {
        "mistakes": [[mistake_out(one) for one in wrong] for wrong in trial.mistakes],
        "clauses": [counts_out(counts) for counts in trial.clauses],
        "total": counts_out(trial.total),
        "difference": counts_out(trial.difference),
        "gains": change.gains,
        "loses": change.loses,
        "unknown": change.unknown,
    }


@router.get("/rules/{code}", response={200: RuleWithVersions, **PROBLEMS})
@api(READ)
def read_rule(request: HttpRequest, by: Actor, code: RuleCode) -> object:
    """A rule with its versions, latest first."""
    rule = rule_of(by, code)
    names = (
        "id", "code", "name", "name_en", "kind", "level", "subject", "ladder", "step",
        "validity_months", "purpose",
    )  # fmt: skip
    versions = list(rule.versions.order_by("-number"))
    return {name: getattr(rule, name) for name in names} | {"versions": versions}


@router.get("/rules/{code}/firms", response={200: list[RuleFirmOut], **PROBLEMS})
@api(READ)
def list_rule_firms(
    request: HttpRequest,
    by: Actor,
    code: RuleCode,
    version: Number | None = None,
    state: State | None = None,
    clause: Number | None = None,
    letter: Annotated[str, Field(pattern="^[mndp]?$")] = "",
    as_of: Day | None = None,
    known_on: Day | None = None,
    after: Annotated[int, Field(ge=0, le=10_000_000)] = 0,
    size: Annotated[int, Field(ge=1, le=1000)] = 100,
) -> object:
    """What a version says of each firm as of a day, by what was known on a day."""
    must_read_results(by)
    moment = moment_of(as_of, known_on)
    chosen = version_chosen(rule_of(by, code), version, moment)
    results = _readable(
        lambda: queries.version_results(
            version=chosen,
            asked=ResultFilter(state or "", clause, letter),
            moment=moment,
            offset=after,
            limit=size,
        )
    )
    return [
        {
            "party_id": row.party_id,
            "name": row.name,
            "credit_code": row.code,
            "state": row.state,
            "letters": row.letters,
        }
        for row in results.rows
    ]


@router.get("/rules/{code}/firms/{party_id}", response={200: RuleFirmReasons, **PROBLEMS})
@api(READ)
def explain_rule(
    request: HttpRequest,
    by: Actor,
    code: RuleCode,
    party_id: int,
    version: Number | None = None,
    as_of: Day | None = None,
    known_on: Day | None = None,
) -> object:
    """Why a rule says what it says of a firm: every clause, what it read, what is missing."""
    must_read_results(by)
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())
    moment = moment_of(as_of, known_on)
    chosen = version_chosen(rule_of(by, code), version, moment)
    result = _readable(
        lambda: queries.firm_outcome(version=chosen, party_id=party.pk, moment=moment)
    )
    outcomes = result.outcome.clauses
    clauses = zip(queries.texts_of(chosen), outcomes, strict=True)
    read = {name for outcome in outcomes for name in outcome.read}
    return {
        "party_id": party.pk,
        "rule": code,
        "number": chosen.number,
        "as_of": moment.as_of,
        "known_at": moment.known_at,
        "state": result.outcome.state,
        "low": result.outcome.low,
        "high": result.outcome.high,
        "clauses": [
            {
                "name": text.name,
                "text": text.text,
                "state": outcome.state,
                "read": dict(outcome.read),
                "missing": list(outcome.missing),
                "low": outcome.low,
                "high": outcome.high,
            }
            for text, outcome in clauses
        ],
        "origins": origins_of(Asked(party, read, moment.as_of, moment.known_at)),
    }


@router.get("/rules/{code}/compare", response={200: RuleTrialOut, **PROBLEMS})
@api(READ)
def compare_rule_versions(
    request: HttpRequest,
    by: Actor,
    code: RuleCode,
    old: Number,
    new: Number,
    as_of: Day | None = None,
    known_on: Day | None = None,
) -> object:
    """Two versions on the same facts: who gains, who loses, who can no longer be told."""
    must_read_results(by)
    moment = moment_of(as_of, known_on)
    rule = rule_of(by, code)
    before, after = (version_chosen(rule, number, moment) for number in (old, new))
    compared = _readable(lambda: queries.compare_versions(old=before, new=after, moment=moment))
    texts = queries.texts_of(after)
    said: Said = compared.new
    return {
        "mistakes": [[] for _text in texts],
        "clauses": [counts_out(said.clause(n)) for n in range(len(texts))],
        "total": counts_out(said.total()),
        "difference": counts_out(compared.difference),
        "gains": compared.change.gains,
        "loses": compared.change.loses,
        "unknown": compared.change.unknown,
    }


@router.get("/enterprises/{party_id}/rules", response={200: list[RuleVerdictOut], **PROBLEMS})
@api(READ)
def list_firm_verdicts(request: HttpRequest, by: Actor, party_id: int) -> object:
    """What every rule says of a firm since its last evaluation; an enterprise reads its own."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())
    return [
        {
            "rule": verdict.rule.code,
            "number": verdict.rule_version.number,
            "state": verdict.state,
            "letters": verdict.clauses,
            "low": verdict.low,
            "high": verdict.high,
            "since": verdict.since,
        }
        for verdict in queries.firm_verdicts(zone_id=by.zone_id, party_id=party.pk)
    ]


def rule_of(by: Actor, code: str) -> Rule:
    return found(queries.rule_by_code(zone_id=by.zone_id, code=code))


def version_of(by: Actor, version_id: int) -> RuleVersion:
    return found(queries.version_of(zone_id=by.zone_id, version_id=version_id))


def whole(version: RuleVersion) -> RuleVersion:
    """With its rule and clauses as they now stand: the answer is written after the last question."""
    return RuleVersion.objects.select_related("rule").prefetch_related("clauses").get(pk=version.pk)


def version_chosen(rule: Rule, number: int | None, moment: Moment) -> RuleVersion:
    """The version of a number, else the one in force on the day asked about."""
    versions = queries.versions_of(rule)
    if number is not None:
        return found(next((one for one in versions if one.number == number), None))
    return found(queries.speaking(versions, moment.as_of))


def moment_of(as_of: date | None, known_on: date | None) -> Moment:
    now = timezone.now()
    if known_on is None:
        return Moment(as_of or timezone.localdate(), now)
    end: datetime = timezone.make_aware(datetime.combine(known_on, time.max))
    return Moment(as_of or timezone.localdate(), min(now, end))


def _readable(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except Wrong as no:
        raise Refused("; ".join(mistake.message for mistake in no.mistakes)) from no
