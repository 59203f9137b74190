"""One rule: a version of it with live counts, and what its clauses would say if changed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import number
from xiaoer.base.scope import Actor
from xiaoer.rules import access, queries
from xiaoer.rules.actions.shipping import collides
from xiaoer.rules.language.spec import State
from xiaoer.rules.models import RuleClause, RuleVersion
from xiaoer.rules.pages import words as said
from xiaoer.rules.pages.lines import clauses_typed, keyed_of, lines_of
from xiaoer.rules.queries import Moment, Trial
from xiaoer.rules.shipping import ShippedClause
from xiaoer.rules.uses import uses_of
from xiaoer.rules.vocabularies import vocabulary

readers = page(*STAFF_ROLES, Role.CITY)
NAMED = 12

Keyed = Sequence[tuple[str, ShippedClause]]


@readers
def rule(request: HttpRequest, by: Actor, rule_id: int) -> HttpResponse:
    """A version of a rule: the one asked for, else what is in work, else what is in force."""
    kept = found(queries.rule_of(zone_id=by.zone_id, rule_id=rule_id))
    versions = queries.versions_of(kept)
    version = _chosen(versions, request)
    context: dict[str, Any] = {
        "rule": kept,
        "name": said.rule_name(kept),
        "versions": versions,
        "version": version,
        "writes": access.writes_rules(by),
        "said": said,
    }
    if version is not None:
        context |= _version_context(request, by, version, versions)
    return render(request, "rules/rule.html", context)


def _chosen(versions: Sequence[RuleVersion], request: HttpRequest) -> RuleVersion | None:
    wanted = number(request.GET.get("version"))
    if wanted is not None:
        return found(next((v for v in versions if v.number == wanted), None))
    in_work = next((v for v in versions if v.state in ("draft", "waiting")), None)
    today = said.moment_of(request).as_of
    return in_work or queries.speaking(versions, today) or next(iter(versions), None)


def _version_context(
    request: HttpRequest, by: Actor, version: RuleVersion, versions: Sequence[RuleVersion]
) -> dict[str, Any]:
    moment = said.moment_of(request)
    edits = version.state == RuleVersion.State.DRAFT and access.writes_rules(by)
    context = _tried(version, versions, keyed_of(queries.written_of(version)), moment)
    lacking = queries.lacking_for_release(version) if version.state in ("draft", "waiting") else []
    return context | {
        "edits": edits,
        "is_author": by.post_id is not None and by.post_id == version.author_id,
        "lacking": lacking,
        "overlapped": [v for v in versions if v.pk != version.pk and collides(version, v)],
        "day_before": version.effective_from - timedelta(days=1),
        **_gap(request, version, context),
        "uses": uses_of(version.rule),
        "mark_light": said.LIGHTS[version.mark],
        "kinds": RuleClause.Kind.choices,
        "applicants": RuleVersion.Applicant.choices,
        "marks": RuleVersion.Mark.choices,
        "case_states": [(state.value, said.state_words(state)) for state in State],
        "blank": ShippedClause("", "", ""),
    }


def _gap(request: HttpRequest, version: RuleVersion, tried: dict[str, Any]) -> dict[str, Any]:
    """How far firms are from one clause: the one asked for, else the first that has a number."""
    trial: Trial = tried["trial"]
    words = vocabulary(version.zone_id, version.rule.subject).words
    wanted = number(request.GET.get("clause"))
    clauses = queries.texts_of(version)
    for at, clause in enumerate(clauses, start=1):
        if wanted in (None, at) and not queries.has_mistake([trial.mistakes[at - 1]]):
            found_gap = queries.nearness(
                number=at, clause=clause, table=trial.table, moment=tried["moment"], words=words
            )
            if found_gap and (found_gap.lacking or wanted):
                return {"chosen": at, "gap": found_gap, "gap_labels": said.edge_labels(found_gap)}
    return {"chosen": wanted, "gap": None, "gap_labels": []}


def _tried(
    version: RuleVersion, versions: Sequence[RuleVersion], keyed: Keyed, moment: Moment
) -> dict[str, Any]:
    """What the lines, the total and the cases show, of clauses as kept or as being typed."""
    words = vocabulary(version.zone_id, version.rule.subject)
    against = _against(version, versions, moment)
    clauses = [queries.text_of(clause) for _key, clause in keyed]
    trial = queries.try_clauses(
        zone_id=version.zone_id,
        clauses=clauses,
        moment=moment,
        against=against,
        subject=version.rule.subject,
    )
    cases = queries.case_results(version.cases.all(), trial.rule, words.words)
    return {
        "lines": lines_of(keyed, trial, words.words),
        "trial": trial,
        "against": against,
        "changes": _changes(version, trial),
        "cases": cases,
        "passed": sum(case.passes for case in cases),
        "moment": moment,
    }


def _against(
    version: RuleVersion, versions: Sequence[RuleVersion], moment: Moment
) -> RuleVersion | None:
    """What a change is measured by: a draft by the version in force, a version by itself."""
    if version.state not in ("draft", "waiting"):
        return version
    apart = {RuleVersion.Applicant.NEW, RuleVersion.Applicant.REVIEW}
    beside = [v for v in versions if {v.applicant, version.applicant} != apart]
    return queries.speaking(beside, moment.as_of)


def _changes(version: RuleVersion, trial: Trial) -> list[tuple[str, int, list[tuple[int, str]]]]:
    """Who gains, loses and becomes unknown: kind, how many, the first few by name."""
    change = trial.change
    kinds = (("gains", change.gains), ("loses", change.loses), ("unknown", change.unknown))
    shown = [number for _kind, numbers in kinds for number in numbers[:NAMED]]
    parties = queries.names_of(zone_id=version.zone_id, ids=shown) if shown else {}
    return [
        (kind, len(numbers), [(n, parties[n].name) for n in numbers[:NAMED] if n in parties])
        for kind, numbers in kinds
        if numbers
    ]


@readers
@require_POST
def rule_try(request: HttpRequest, by: Actor, version_id: int) -> HttpResponse:
    """The clauses as typed, tried on what is known: mistakes, counts, who gains and who loses.

    Nothing is kept: anybody who reads rules may ask what a number would change.
    """
    version = found(queries.version_of(zone_id=by.zone_id, version_id=version_id))
    versions = queries.versions_of(version.rule)
    context = _tried(version, versions, clauses_typed(request), said.moment_of(request))
    edits = version.state == RuleVersion.State.DRAFT and access.writes_rules(by)
    return render(
        request,
        "rules/_trial.html",
        context
        | {"version": version, "rule": version.rule, "said": said, "edits": edits, "live": True},
    )
