"""Claims about the land cycle: stages by papers and days, clocks, what is taken back."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.town import NOW
from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.models import LandIndicator, LandPledge, LandStep, Parcel
from xiaoer.assets.tests.land import Stage, a_parcel, entered, promised, signed, supplied
from xiaoer.base.models import JournalLine, Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, system
from xiaoer.registry.tests.people import make_firm
from xiaoer.work.models import Task

Of = Callable[[str], Actor]
TODAY = date(2026, 11, 20)


def tasks(parcel: Parcel, kind: str = "") -> list[Task]:
    rows = Task.objects.filter(
        zone_id=parcel.zone_id, matter__kind="parcel", matter__subject_id=parcel.pk
    )
    return list((rows.filter(kind=kind) if kind else rows).order_by("id"))


def test_land_goes_from_plan_to_exit_by_papers_and_days(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by, standard=False)
        supplied(by, parcel)
        assert (parcel.stage, parcel.stage_on) == (Stage.SUPPLIED, date(2025, 5, 12))
        entered(by, parcel, Stage.IN_USE, "2025-11-03", held_until=date(2075, 5, 11))
        entered(by, parcel, Stage.EXITED, "2026-11-02", words="企业停产，协商收回")
        assert (parcel.party_id, parcel.held_until) == (None, None)
        life = queries.land_life(parcel=parcel, today=TODAY)
        assert [step.stage for step in life.steps] == ["exited", "in_use", "supplied", "offered"]
        assert [face.is_here for face in life.faces] == [False] * 4 + [True]
        assert JournalLine.objects.filter(verb="enter_land_stage", zone_id=by.zone_id).count() == 4


def test_land_does_not_leap_nor_go_before_its_last_day(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by, standard=False)
        with pytest.raises(Refused, match="JK-2026-01"):
            entered(by, parcel, Stage.IN_USE, "2025-03-03")
        with pytest.raises(Refused, match="2025-01-06"):
            entered(by, parcel, Stage.OFFERED, "2024-12-30")
        with pytest.raises(Refused) as to_come:
            entered(by, parcel, Stage.OFFERED, "2026-12-30")
        assert to_come.value.field == "fact_on"
        entered(by, parcel, Stage.OFFERED, "2025-03-03")
        with pytest.raises(Refused) as nobody:
            entered(by, parcel, Stage.SUPPLIED, "2025-05-12")
        assert nobody.value.field == "party"
        with pytest.raises(Refused):
            entered(by, parcel, Stage.PLANNED, "2025-05-12")
        entered(by, parcel, Stage.PLANNED, "2025-05-12", words="流拍")


def test_standard_land_is_offered_with_its_indicators(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = a_parcel(by)
        with pytest.raises(Refused, match="JK-2026-01"):
            entered(by, parcel, Stage.OFFERED, "2025-03-03")
        promised(by, parcel)
        entered(by, parcel, Stage.OFFERED, "2025-03-03")
        assert parcel.stage == Stage.OFFERED


def test_the_clock_of_a_stage_is_the_zones_limit_unless_a_day_was_agreed(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        one, other = a_parcel(by, "A-1", standard=False), a_parcel(by, "A-2", standard=False)
        supplied(by, one)
        entered(by, other, Stage.OFFERED, "2026-11-02", due_on=date(2027, 2, 1))
        steps = queries.latest_steps(by.zone_id)
        assert steps[one.pk].due_on == date(2026, 5, 12)  # twelve months after the contract
        assert steps[other.pk].due_on == date(2027, 2, 1)
        rows = queries.land_rows(by=by, filters=queries.LandFilter(), today=TODAY)
        assert [(row.parcel.number, row.light) for row in rows] == [
            ("A-1", "red"),
            ("A-2", "green"),
        ]


def test_land_in_use_is_to_be_renewed_a_year_before_its_right_ends(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = supplied(by, a_parcel(by, standard=False))
        entered(by, parcel, Stage.IN_USE, "2025-11-03", held_until=date(2027, 11, 30))
        assert queries.latest_steps(by.zone_id)[parcel.pk].due_on == date(2026, 11, 30)
        # Those of the offer and of the start are done.
        assert [task.state for task in tasks(parcel, "land_next")] == ["done", "done", "open"]


def test_what_is_due_is_asked_once_and_done_by_the_next_stage(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = supplied(by, a_parcel(by, standard=False))
        assert [task.state for task in tasks(parcel, "land_next")] == ["done", "open"]
    with acting(system(by.zone_id)):
        assert assets.give_land_tasks(by=system(by.zone_id), now=NOW) == 0
    with acting(by):
        entered(by, parcel, Stage.IN_USE, "2026-11-03")
        assert [task.state for task in tasks(parcel)] == ["done", "done"]


def test_land_on_which_nothing_was_begun_is_looked_into_as_idle(of: Of) -> None:
    by, another = of("east-land"), of("east-power")
    with acting(by):
        parcel = a_parcel(by, standard=False)
        entered(by, parcel, Stage.OFFERED, "2025-03-03")
        entered(
            by, parcel, Stage.SUPPLIED, "2025-04-01", party=make_firm(by),
            due_on=date(2025, 9, 30),
        )  # fmt: skip
        assert {task.kind for task in tasks(parcel)} == {"land_next", "land_idle"}
        idle = tasks(parcel, "land_idle")[0]
        with pytest.raises(Refused):  # it is with the office asked, not with just anybody
            assets.finish_land_task(by=another, now=NOW, parcel=parcel, task=idle, words="已调查")


def test_a_step_entered_by_mistake_is_taken_back_and_stays_to_be_read(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        parcel = signed(by, _with_promise(by))
        holder = parcel.party_id
        step = assets.enter_stage(
            by=by, now=NOW, parcel=parcel, stage=Stage.EXITED, fact_on=date(2026, 11, 2),
            paper="退出协议", words="误录",
        )  # fmt: skip
        assert not LandPledge.objects.filter(parcel=parcel, ended_on__isnull=True).exists()
        with pytest.raises(Refused):
            assets.take_back_land_step(by=by, now=NOW, step=step, why="")
        assets.take_back_land_step(by=by, now=NOW, step=step, why="录错地块")
        parcel.refresh_from_db()
        assert (parcel.stage, parcel.party_id) == (Stage.SUPPLIED, holder)
        assert LandIndicator.objects.filter(parcel=parcel, ended_on__isnull=True).count() == 1
        assert LandPledge.objects.filter(parcel=parcel, ended_on__isnull=True).count() == 1
        first = LandStep.objects.filter(parcel=parcel, stage=Stage.OFFERED).get()
        with pytest.raises(Refused, match="JK-2026-01"):
            assets.take_back_land_step(by=by, now=NOW, step=first, why="也撤")


def _with_promise(by: Actor) -> Parcel:
    parcel = a_parcel(by)
    promised(by, parcel)
    return parcel


def test_only_those_who_keep_land_move_it(of: Of) -> None:
    by, officer = of("east-land"), of("east-officer")
    with acting(by):
        parcel = a_parcel(by, standard=False)
    with acting(officer), pytest.raises(Refused):
        entered(officer, parcel, Stage.OFFERED, "2025-03-03")


def test_another_zone_and_an_enterprise_see_nothing_of_it(of: Of) -> None:
    by, west = of("east-land"), of("west-land")
    with acting(by):
        parcel = signed(by, _with_promise(by))
        other = make_firm(by, "别家有限公司")
    with acting(west):
        assert not Parcel.objects.filter(pk=parcel.pk).exists()
        assert not LandStep.objects.exists() and not LandPledge.objects.exists()
        with pytest.raises(Refused):
            entered(west, parcel, Stage.IN_USE, "2026-11-03")
    for party_id, sees in ((parcel.party_id, True), (other.pk, False)):
        firm = Actor(zone_id=by.zone_id, role=Role.ENTERPRISE, party_ref=party_id, name="甲")
        with acting(firm):
            assert LandPledge.objects.filter(parcel_id=parcel.pk).exists() is sees
            with pytest.raises(ProgrammingError), transaction.atomic():
                LandStep.objects.exists()


def test_rules_of_stages_change_with_their_source(of: Of) -> None:
    by = of("east-land")
    with acting(by):
        rule = queries.stage_rules(zone_id=by.zone_id)[0]
        with pytest.raises(Refused) as unsourced:
            assets.set_land_stage_rule(
                by=by, now=NOW, rule=rule, papers=["规划条件"], next_words="挂牌", source=""
            )
        assert unsourced.value.field == "source"
        assets.set_land_stage_rule(
            by=by, now=NOW, rule=rule, papers=["规划条件", "规划条件"], next_words="挂牌",
            source="区自然资源分局2026年第3号", version=1,
        )  # fmt: skip
        kept = queries.stage_rules(zone_id=by.zone_id)[0]
        assert (kept.papers, kept.mark, kept.version) == (["规划条件"], "", 2)
        assert len(queries.stage_rules(zone_id=by.zone_id)) == 5


def test_the_clocks_of_many_parcels_are_read_in_as_many_questions_as_of_one(of: Of) -> None:
    by = of("east-land")
    counts = []
    with acting(by):
        for number in range(4):
            supplied(by, a_parcel(by, f"N-{number}", standard=False))
            with CaptureQueriesContext(connection) as asked:
                queries.land_rows(by=by, filters=queries.LandFilter(), today=TODAY)
                queries.land_errands(zone_id=by.zone_id, today=TODAY)
            counts.append(len(asked))
    assert len(set(counts)) == 1, counts
