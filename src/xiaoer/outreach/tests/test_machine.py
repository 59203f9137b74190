"""No sequence of verbs, by whomever, closes a request without the enterprise's word."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.town import NOW
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.outreach import queries
from xiaoer.outreach.actions import clocks
from xiaoer.outreach.models import Appeal, AppealEvent, ReturnVisit
from xiaoer.outreach.tests.conftest import Town
from xiaoer.work.models import Matter

State, Ball = Appeal.State, Appeal.Ball
STAFF = ("east-admin", "east-leader", "east-desk", "east-officer", "east-power", "east-land")
ENDED = {
    State.NOT_ACCEPTED,
    State.MERGED,
    State.TRANSFERRED,
    State.WITHDRAWN,
    State.TAKEN_BACK,
}
# Who has the ball in which state; every state has somebody, or is closed.
BALLS = {
    State.RECEIVED: {Ball.DESK},
    State.REGISTERED: {Ball.DESK},
    State.DISPATCHED: {Ball.HANDLER, Ball.DESK},
    State.WORKING: {Ball.HANDLER},
    State.PARKED: {Ball.HANDLER},
    State.ANSWERED: {Ball.ENTERPRISE},
    State.CONFIRMED: {Ball.NOBODY, Ball.ENTERPRISE},
    State.UNCONFIRMED: {Ball.NOBODY},
    State.NOT_ACCEPTED: {Ball.NOBODY},
    State.MERGED: {Ball.NOBODY},
    State.TRANSFERRED: {Ball.ELSEWHERE},
    State.WITHDRAWN: {Ball.NOBODY},
    State.TAKEN_BACK: {Ball.NOBODY},
}
Step = tuple[str, str, int]


class Walk:
    """One request on its way: does steps, remembers who spoke for the enterprise."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.filed = town.file()
        self.actors: dict[str, Actor] = {who: town.of(who) for who in STAFF}
        self.actors |= {
            "holder": town.holder(self.filed.token),
            "spokesman": town.spokesman(),
            "stranger": town.spokesman(town.other),
            "card": town.card_holder,
        }
        self.now = NOW
        self.spoke = False

    @property
    def row(self) -> Appeal:
        return self.town.now_of(self.filed.appeal)

    def given(self, verb: str, number: int) -> dict[str, Any]:
        """Arguments of a verb; the number chooses among results, outcomes and offices."""
        day = clocks.local_day(self.now) + timedelta(days=number * 7)
        office = (self.town.power, self.town.land)[number % 2]
        arguments: dict[str, dict[str, Any]] = {
            "register_appeal": {"kind": self.town.kind, "is_hard": number % 3 == 0},
            "not_accept": {"reason": "petition", "words": "信访"},
            "transfer_elsewhere": {"to": "法院", "words": "去法院"},
            "dispatch_appeal": {"office": office, "joint": [self.town.land]},
            "reassign": {"office": office, "reason": "改派"},
            "return_appeal": {"reason": "不是我们"},
            "ask_help": {"offices": [self.town.land], "words": "帮忙"},
            "finish_help": {"words": "好了"},
            "note_progress": {"words": "在办", "is_public": number % 2 == 0},
            "park_appeal": {"promised_on": day, "reason": "等管廊"},
            "supervise_appeal": {"words": "快办"},
            "answer_appeal": {
                "result": Appeal.Result.values[number % 4],
                "text": "答复",
                "promised_on": day if number % 4 in (1, 2) else None,
            },
            "ask_date_change": {"new_due_on": day, "reason": "没到货"},
            "decide_date_change": {"is_granted": number % 2 == 0, "words": "按期"},
            "confirm_solved": {"satisfaction": number},
            "reopen_appeal": {"words": "没有解决"},
            "record_return_visit": {
                "outcome": ReturnVisit.Outcome.values[number % 3],
                "spoke_with": "赵一",
                "words": "企业说的话",
            },
        }
        return arguments.get(verb, {})

    def buttons(self, who: str) -> frozenset[str]:
        """What the page offers now."""
        by, row = self.actors[who], self.row
        with acting(by):
            return queries.verbs_for(by=by, appeal=row, now=self.now)

    def step(self, who: str, verb: str, number: int) -> bool:
        """Do one step; True when it was done, False when it was refused."""
        self.now += timedelta(hours=number * 9)
        given = self.given(verb, number)
        try:
            with transaction.atomic():
                self.town.do(self.actors[who], verb, self.filed.appeal, now=self.now, **given)
        except Refused:
            return False
        if verb in {"confirm_solved", "confirm_again"}:
            assert who in {"holder", "spokesman"}
            self.spoke = True
        if verb == "record_return_visit" and given["outcome"] == "confirmed":
            self.spoke = True
        if verb in {"reopen_appeal", "withdraw_appeal"}:
            assert who in {"holder", "spokesman"}
        return True


VERBS = (
    "verify_phone",
    "take_back_appeal",
    "register_appeal",
    "not_accept",
    "transfer_elsewhere",
    "dispatch_appeal",
    "reassign",
    "sign_appeal",
    "return_appeal",
    "ask_help",
    "finish_help",
    "note_progress",
    "park_appeal",
    "take_up_again",
    "supervise_appeal",
    "answer_appeal",
    "ask_date_change",
    "decide_date_change",
    "confirm_solved",
    "reopen_appeal",
    "withdraw_appeal",
    "record_return_visit",
    "confirm_again",
    "ask_again",
)
# Weighted towards whoever may, so that walks get far; anybody may still try anything.
LIKELY = {
    "register_appeal": "east-officer",
    "dispatch_appeal": "east-desk",
    "reassign": "east-desk",
    "sign_appeal": "east-power",
    "answer_appeal": "east-power",
    "park_appeal": "east-power",
    "ask_date_change": "east-power",
    "decide_date_change": "east-leader",
    "record_return_visit": "east-officer",
    "confirm_solved": "holder",
    "reopen_appeal": "holder",
    "finish_help": "east-land",
}
ANYBODY = (*STAFF, "holder", "spokesman", "stranger", "card")
HAPPY = ("register_appeal", "dispatch_appeal", "sign_appeal", "answer_appeal")


def _steps() -> st.SearchStrategy[list[Step]]:
    likely = st.sampled_from(sorted(LIKELY)).map(lambda verb: (LIKELY[verb], verb))
    wild = st.tuples(st.sampled_from(ANYBODY), st.sampled_from(VERBS))
    one = st.tuples(st.one_of(likely, likely, wild), st.integers(1, 5)).map(
        lambda pair: (*pair[0], pair[1])
    )
    beginning = st.integers(0, len(HAPPY)).map(
        lambda n: [(LIKELY[verb], verb, 4) for verb in HAPPY[:n]]
    )
    return st.tuples(beginning, st.lists(one, min_size=5, max_size=25)).map(lambda p: p[0] + p[1])


def _check(walk: Walk, before: Appeal, done: bool) -> None:
    row = walk.row
    assert row.ball in BALLS[State(row.state)]
    if row.state == State.CONFIRMED:
        assert walk.spoke, "closed without the enterprise"
        assert row.confirmed_through
    if not done:
        assert row.version == before.version
        return
    assert row.version > before.version
    for clock in ("start_due_at", "reply_due_at", "solve_due_at", "rule_due_at"):
        assert getattr(row, clock) >= getattr(before, clock), "a clock never goes back"
    for moment in ("started_at", "replied_at"):
        if getattr(before, moment) is not None:
            assert getattr(row, moment) == getattr(before, moment), "what happened, happened"


def _check_tasks(walk: Walk) -> None:
    """Nobody is asked for anything about what is closed; what is open is asked of somebody."""
    row = walk.row
    with acting(system(walk.town.zone_id)):
        asked = walk.town.tasks_of(row)
        matter = Matter.objects.get(pk=row.matter_id or 0)
        if row.closed_at is not None:
            assert not asked.exists()
            assert matter.closed_at is not None
        else:
            assert asked.exists(), f"{row.state}: nobody is asked for anything"
            assert matter.closed_at is None
        assert AppealEvent.objects.filter(appeal=row).count() >= row.version


@pytest.fixture
def walk_of(town: Town) -> Callable[[], Walk]:
    return lambda: Walk(town)


@settings(
    max_examples=40,
    deadline=None,
    # A walk writes some hundred rows a step: shrinking one would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=_steps())
def test_no_walk_closes_a_request_without_the_enterprise(
    walk_of: Callable[[], Walk], steps: list[Step]
) -> None:
    with transaction.atomic():
        walk = walk_of()
        note(str(steps))
        for who, verb, number in steps:
            before = walk.row
            buttons = walk.buttons(who)
            done = walk.step(who, verb, number)
            _check(walk, before, done)
            assert not done or verb in buttons | {"ask_again"}, "done, but not offered"
        _check_tasks(walk)
        transaction.set_rollback(True)
