"""API of evaluations: the runs of a zone, a new one, and whether an old one comes out the same."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from xiaoer.base.api.shapes import Day, Number, PortionIn
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.scope import Actor
from xiaoer.rules import actions as rules
from xiaoer.rules.access import must_read_results
from xiaoer.rules.models import RuleRun
from xiaoer.rules.queries.evaluating import runs

router = Router(tags=["rules"])


class RuleRunOut(Schema):
    """One evaluation; ``changed``: verdicts unlike those before."""

    id: int
    as_of: date
    known_at: datetime
    at: datetime
    versions: list[int]
    subjects: int
    changed: int


class RuleRunIn(Schema):
    """As of which day (today if not said), and which rules (all in force if not said)."""

    as_of: Day | None = None
    codes: list[str] | None = Field(None, max_length=500)


class PairOut(Schema):
    rule_id: int
    party_id: int


class ReplayOut(Schema):
    """A run evaluated again: the pairs of rule and enterprise that come out unlike, if any."""

    verdicts: int
    is_same: bool
    unlike: list[PairOut]


@router.get("/rule-runs", response={200: list[RuleRunOut], **PROBLEMS})
@api(READ)
def list_rule_runs(request: HttpRequest, by: Actor, portion: Query[PortionIn]) -> object:
    """Evaluations of the zone's rules, the latest first."""
    must_read_results(by)
    return list(runs(zone_id=by.zone_id)[portion.after : portion.after + portion.size])


@router.post("/rule-runs", response={200: RuleRunOut, **PROBLEMS})
@api(WRITE)
def run_rules(request: HttpRequest, by: Actor, said: RuleRunIn) -> object:
    """Evaluate the rules in force for every enterprise and write down what changed."""
    now = timezone.now()
    return rules.run_rules(
        by=by, now=now, as_of=said.as_of or timezone.localdate(now), codes=said.codes
    )


@router.get("/rule-runs/{run_id}/replay", response={200: ReplayOut, **PROBLEMS})
@api(READ)
def replay_rules(request: HttpRequest, by: Actor, run_id: Number) -> object:
    """Evaluate again what a run evaluated, on the facts it read; nothing is written."""
    must_read_results(by)
    run: RuleRun = found(runs(zone_id=by.zone_id).filter(pk=run_id).first())
    replayed = rules.replay(by=by, run_id=run.pk)
    return {
        "verdicts": replayed.verdicts,
        "is_same": replayed.is_same,
        "unlike": [
            {"rule_id": rule_id, "party_id": party_id}
            for rule_id, party_id in replayed.unlike[:1000]
        ],
    }
