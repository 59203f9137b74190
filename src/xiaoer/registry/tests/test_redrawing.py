"""Cells and caseloads re-drawn: asked, computed, accepted from a day on, and taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.town import NOW
from xiaoer.base.models import JournalLine, Post
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting, holder_of_key
from xiaoer.registry import actions as registry
from xiaoer.registry import queries
from xiaoer.registry.models import (
    Cell,
    Party,
    Redrawing,
    RedrawingLine,
    RedrawingPin,
    RedrawingRule,
    Stewardship,
)
from xiaoer.registry.redrawing.outlines import middle, overlapping
from xiaoer.registry.redrawing.rules import rules_of
from xiaoer.registry.tests.people import make_cell, make_firm, post_of
from xiaoer.work import actions as work
from xiaoer.work.models import Task

pytestmark = pytest.mark.usefixtures("in_english")
Of = Callable[[str], Actor]
TOMORROW = NOW.date() + timedelta(days=1)


@dataclass
class Lopsided:
    """Two cells side by side: one officer has all twenty firms of the first, the other none."""

    by: Actor
    full: Cell
    empty: Cell
    busy: Post
    idle: Post
    firms: list[Party]


def box(cell: Cell, west: float) -> None:
    ring = [[west, 35.4], [west + 0.02, 35.4], [west + 0.02, 35.42], [west, 35.42], [west, 35.4]]
    cell.outline = {"type": "Polygon", "coordinates": [ring]}
    cell.save(update_fields=["outline"])


def lopsided(by: Actor, count: int = 20) -> Lopsided:
    full, empty = make_cell(by, "C-01"), make_cell(by, "C-02")
    box(full, 116.50)
    box(empty, 116.52)
    busy, idle = post_of("east-officer"), post_of("east-steward")
    registry.give_cell_duty(by=by, now=NOW, cell=full, post=busy)
    registry.give_cell_duty(by=by, now=NOW, cell=empty, post=idle)
    firms = []
    for number in range(count):
        firm = make_firm(
            by, name=f"示范{number}号厂", cell=full, longitude=116.501 + number / 1000,
            latitude=35.41,
        )  # fmt: skip
        registry.assign_steward(by=by, now=NOW, party=firm, post=busy)
        firms.append(firm)
    return Lopsided(by, full, empty, busy, idle, firms)


def computed(by: Actor, **asked: object) -> Redrawing:
    row = registry.ask_redrawing(by=by, now=NOW, **asked)  # type: ignore[arg-type]  # any of its words
    done = registry.work_on_redrawing(by=by, now=NOW, number=row.pk)
    assert done is not None
    return done


def shares(town: Lopsided) -> tuple[int, int]:
    held = Stewardship.objects.filter(until__isnull=True)
    return held.filter(post=town.busy).count(), held.filter(post=town.idle).count()


def test_a_proposal_changes_nothing_until_it_is_accepted(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        town = lopsided(by)
        row = computed(by)
        assert row.state == Redrawing.State.READY
        # Nine are enough: the bound is a tenth above the mean.
        assert (row.moved, row.figures["above"]) == (9, 0)
        assert RedrawingLine.objects.count() == 20
        assert shares(town) == (20, 0)
        registry.accept_redrawing(by=by, now=NOW, redrawing=row)
        assert shares(town) == (11, 9)
        # Those nearest to the other cell went there.
        assert set(Party.objects.filter(cell=town.empty)) == set(town.firms[11:])


def test_asking_gives_a_job_and_no_more(of: Of) -> None:
    by, desk = of("east-leader"), of("east-desk")
    with acting(desk):
        lopsided(desk)
    with acting(by):
        row = registry.ask_redrawing(by=by, now=NOW, note="新年重划")
        assert row.state == Redrawing.State.ASKED
    job = ProcrastinateJob.objects.get(task_name="work_on_redrawing")
    assert job.args == {"zone_id": by.zone_id, "number": row.pk, "post_id": by.post_id}


@pytest.mark.parametrize("who", ["east-officer", "east-steward", "east-power", "east-statistics"])
def test_officers_do_not_re_draw_their_own_caseload(of: Of, who: str) -> None:
    by = of(who)
    with acting(by), pytest.raises(Refused, match="ask them"):
        registry.ask_redrawing(by=by, now=NOW)


def test_pinned_firms_stay_whatever_is_better(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        town = lopsided(by)
        for firm in town.firms[11:16]:
            registry.pin_enterprise(
                by=by, now=NOW, party=firm, kind=RedrawingPin.Kind.CELL, reason="正在办理环评"
            )
        row = computed(by)
        moved = RedrawingLine.objects.filter(redrawing=row, is_moved=True)
        assert not set(moved.values_list("party_id", flat=True)) & {f.pk for f in town.firms[11:16]}
        pin = RedrawingPin.objects.latest("id")
        registry.unpin_enterprise(by=by, now=NOW, pin=pin)
        assert RedrawingPin.objects.filter(ended_at__isnull=True).count() == 4


def test_a_firm_pinned_again_has_one_pin(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        town = lopsided(by, 1)
        for kind in RedrawingPin.Kind:
            registry.pin_enterprise(by=by, now=NOW, party=town.firms[0], kind=kind, reason="留")
        assert RedrawingPin.objects.get(ended_at__isnull=True).kind == "officer"
        with pytest.raises(Refused, match="why"):
            registry.pin_enterprise(by=by, now=NOW, party=town.firms[0], kind="cell", reason=" ")


def test_the_map_s_faults_are_told_by_name_before_anything_is_computed(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        town = lopsided(by, 4)
        alone = make_cell(by, "C-03")
        registry.ask_redrawing(by=by, now=NOW)  # an empty cell needs nobody
        make_firm(by, name="示范无人厂", cell=alone)
        box(alone, 116.53)
        bow = [[116.5, 35.4], [116.52, 35.42], [116.52, 35.4], [116.5, 35.42], [116.5, 35.4]]
        town.full.outline = {"type": "Polygon", "coordinates": [bow]}
        town.full.save(update_fields=["outline"])
        with pytest.raises(Refused) as told:
            registry.ask_redrawing(by=by, now=NOW)
    words = str(told.value)
    assert "单元C-03（C-03） has no officer" in words
    assert "单元C-01（C-01） is wrong: its line crosses itself" in words
    assert "单元C-02（C-02） and 总网格C-03 单元C-03（C-03） overlap by 50 %" in words


def test_weights_that_are_all_zero_are_refused(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        lopsided(by, 2)
        zero = {rule.code: 0 for rule in rules_of(by) if rule.is_weight}
        with pytest.raises(Refused, match="zero"):
            registry.ask_redrawing(by=by, now=NOW, values=zero)
        with pytest.raises(Refused, match="from 100 to 300"):
            registry.ask_redrawing(by=by, now=NOW, values={"bound_most": 90})


def test_grids_left_out_stay_as_they_are(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        town = lopsided(by)
        row = computed(by, grids=[town.full.grid])
        assert row.moved == 0
        with pytest.raises(Refused, match="moves nobody"):
            registry.accept_redrawing(by=by, now=NOW, redrawing=row)


def test_a_zone_s_own_weights_count_and_carry_their_source(of: Of) -> None:
    by = of("east-leader")
    with acting(by):
        registry.set_redrawing_rule(
            by=by, now=NOW, code="weight_monitoring", value=7, source="管委会纪要", version=0
        )
        with pytest.raises(Refused, match="meanwhile"):
            registry.set_redrawing_rule(
                by=by, now=NOW, code="weight_monitoring", value=8, source="x", version=0
            )
        rule = next(rule for rule in rules_of(by) if rule.code == "weight_monitoring")
        assert (rule.value, rule.source, rule.mark) == (7, "管委会纪要", "D")
        with pytest.raises(Refused, match="from 100 to 300"):
            registry.set_redrawing_rule(
                by=by, now=NOW, code="bound_most", value=5, source="x", version=0
            )
    assert RedrawingRule._meta.db_table == "redrawing_rule"


def test_what_was_moved_meanwhile_is_told_and_left_out(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        town = lopsided(by)
        row = computed(by)
        registry.move_to_cell(by=by, now=NOW, party=town.firms[19], cell=town.empty)
        with pytest.raises(Refused, match="19号厂"):
            registry.accept_redrawing(by=by, now=NOW, redrawing=row)
        registry.accept_redrawing(by=by, now=NOW, redrawing=row, leave_out=True)
        line = RedrawingLine.objects.get(redrawing=row, party=town.firms[19])
        assert (line.fate, line.reason) == ("left", "moved to another cell meanwhile")
        assert shares(town) == (12, 8)


def test_an_accepted_proposal_goes_back_in_one_step_except_what_was_moved_since(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        town = lopsided(by)
        row = computed(by)
        registry.accept_redrawing(by=by, now=NOW, redrawing=row)
        registry.assign_steward(by=by, now=NOW, party=town.firms[19], post=town.busy)
        row.refresh_from_db()
        registry.undo_redrawing(by=by, now=NOW, redrawing=row)
        row.refresh_from_db()
        assert row.state == Redrawing.State.UNDONE
        assert shares(town) == (20, 0)
        assert Party.objects.get(pk=town.firms[18].pk).cell_id == town.full.pk
        kept = RedrawingLine.objects.get(redrawing=row, fate="kept")
        assert (kept.party_id, kept.reason) == (
            town.firms[19].pk, "given to another officer meanwhile",
        )  # fmt: skip
        with pytest.raises(Refused):
            registry.undo_redrawing(by=by, now=NOW, redrawing=row)


def test_a_proposal_accepted_for_a_later_day_waits_for_it(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        town = lopsided(by)
        row = computed(by)
        with pytest.raises(Refused, match="later day"):
            registry.accept_redrawing(
                by=by, now=NOW, redrawing=row, since=TOMORROW - timedelta(days=2)
            )
        registry.accept_redrawing(by=by, now=NOW, redrawing=row, since=TOMORROW)
        assert registry.apply_redrawings(by=by, now=NOW) == 0
        assert shares(town) == (20, 0)
        row.refresh_from_db()
        registry.undo_redrawing(by=by, now=NOW, redrawing=row)
        row.refresh_from_db()
        assert (row.state, row.since) == (Redrawing.State.READY, None)
        registry.accept_redrawing(by=by, now=NOW, redrawing=row, since=TOMORROW)
        assert registry.apply_redrawings(by=by, now=NOW + timedelta(days=1)) == 1
        assert shares(town) == (11, 9)
        steward = Stewardship.objects.filter(post=town.idle, until__isnull=True).first()
        assert steward is not None
        assert steward.since == TOMORROW


def open_task(by: Actor, firm: Party, post: Post) -> Task:
    matter = work.open_matter(
        by=by, now=NOW, kind="appeal", subject_id=firm.pk, title="示范事项", address="/x/",
        party=firm,
    )  # fmt: skip
    return work.give_task(by=by, now=NOW, matter=matter, kind="contact", title="联系", post=post)


def test_open_tasks_go_along_there_and_back(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        town = lopsided(by)
        goes, stays = town.firms[19], town.firms[0]
        for firm in (goes, stays):
            open_task(by, firm, town.busy)
        row = computed(by)
        registry.accept_redrawing(by=by, now=NOW, redrawing=row)
        holder = Task.objects.filter(state=Task.State.OPEN).values_list(
            "matter__party_id", "post_id"
        )
        assert set(holder) == {(goes.pk, town.idle.pk), (stays.pk, town.busy.pk)}
        row.refresh_from_db()
        registry.undo_redrawing(by=by, now=NOW, redrawing=row)
        assert set(holder.all()) == {(goes.pk, town.busy.pk), (stays.pk, town.busy.pk)}


def test_open_tasks_go_along_with_a_hand_over_too(of: Of) -> None:
    by, desk = of("east-economy"), of("east-desk")
    with acting(desk):
        town = lopsided(desk, 2)
        open_task(desk, town.firms[0], town.busy)
    with acting(by):
        done = registry.hand_over_caseload(by=by, now=NOW, giver=town.busy, taker=town.idle)
        task = Task.objects.get(state=Task.State.OPEN)
        assert task.post_id == town.idle.pk
        registry.hand_back_caseload(by=by, now=NOW, line=done.line)
        assert Task.objects.get(state=Task.State.OPEN).post_id == town.busy.pk


def test_a_proposal_can_be_stopped_dropped_and_asked_again(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        lopsided(by)
        row = registry.ask_redrawing(by=by, now=NOW)
        stopped = registry.stop_redrawing(by=by, now=NOW, redrawing=row)
        assert stopped.state == Redrawing.State.STOPPED
        assert registry.work_on_redrawing(by=by, now=NOW, number=row.pk) is None
        with pytest.raises(Refused, match="not being computed"):
            registry.stop_redrawing(by=by, now=NOW, redrawing=row)
        registry.ask_redrawing_again(by=by, now=NOW, redrawing=row)
        told: list[str] = []

        def tell(phase: Redrawing.Phase, _percent: int) -> bool:
            told.append(phase)
            return False

        done = registry.work_on_redrawing(by=by, now=NOW, number=row.pk, tell=tell)
        assert done is not None
        assert done.moved == 9
        assert (told[0], told[-1]) == ("reading", "writing")
        registry.ask_redrawing_again(by=by, now=NOW, redrawing=row)
        cut = registry.work_on_redrawing(
            by=by, now=NOW, number=row.pk, tell=lambda _phase, _at: True
        )
        assert cut is not None
        assert (cut.state, cut.moved, cut.lines.count()) == (Redrawing.State.STOPPED, 0, 20)
        registry.drop_redrawing(by=by, now=NOW, redrawing=row)
        with pytest.raises(Refused, match="dropped"):
            registry.drop_redrawing(by=by, now=NOW, redrawing=row)


def test_each_moved_firm_s_history_tells_of_it(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        town = lopsided(by)
        registry.accept_redrawing(by=by, now=NOW, redrawing=computed(by))
        lines = JournalLine.objects.filter(verb="redraw_enterprise")
        assert lines.count() == 9
        line = lines.get(party_ref=town.firms[19].pk)
        assert (line.detail["before"], line.detail["after"]) == ("C-01", "C-02")


def test_a_merged_duplicate_does_not_stand_in_the_way(of: Of) -> None:
    by = of("east-admin")
    with acting(by):
        town = lopsided(by)
        registry.pin_enterprise(
            by=by, now=NOW, party=town.firms[19], kind="cell", reason="重名待查"
        )
        row = computed(by)
        registry.merge_parties(by=by, now=NOW, kept=town.firms[0], duplicate=town.firms[15])
        registry.accept_redrawing(by=by, now=NOW, redrawing=row, leave_out=True)
        assert Party.objects.get(pk=town.firms[15].pk).merged_into_id == town.firms[0].pk


def test_the_database_keeps_what_must_always_hold(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        lopsided(by, 2)
        row = computed(by)
        line = RedrawingLine.objects.filter(redrawing=row).first()
        assert line is not None
        for wrong in (
            lambda: Redrawing.objects.filter(pk=row.pk).update(state="accepted"),
            lambda: Redrawing.objects.filter(pk=row.pk).update(applied_at=NOW),
            lambda: Redrawing.objects.filter(pk=row.pk).update(undone_at=NOW),
            lambda: RedrawingLine.objects.create(
                zone_id=by.zone_id, redrawing=row, party_id=line.party_id, weight=1,
                cell_before_id=line.cell_before_id, cell_after_id=line.cell_after_id,
            ),
        ):  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic():
                wrong()


@pytest.mark.parametrize(
    "table", ["redrawing", "redrawing_line", "redrawing_pin", "redrawing_rule"]
)
def test_nobody_but_the_zone_sees_a_proposal(of: Of, table: str) -> None:
    by = of("east-desk")
    with acting(by):
        town = lopsided(by)
        computed(by)
        registry.pin_enterprise(by=by, now=NOW, party=town.firms[0], kind="cell", reason="留")
        registry.set_redrawing_rule(
            by=by, now=NOW, code="weight_base", value=9, source="x", version=0
        )
        ask = f"select count(*) from {table}"
        with connection.cursor() as cursor:
            cursor.execute(ask)
            assert cursor.fetchone()[0] > 0
    with acting(of("west-admin")), connection.cursor() as cursor:
        cursor.execute(ask)
        assert cursor.fetchone()[0] == 0
    firm = holder_of_key(zone_id=by.zone_id, key_hash="x", party_ref=town.firms[0].pk)
    for outsider in (firm, of("city").in_zone(by.zone_id)):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            acting(outsider),
            connection.cursor() as cursor,
        ):
            cursor.execute(ask)


def test_what_a_killed_server_left_is_seen_and_begun_again(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        lopsided(by)
        row = registry.ask_redrawing(by=by, now=NOW)
        Redrawing.objects.filter(pk=row.pk).update(state="running", phase="sharing", percent=25)
        row.refresh_from_db()
        told = queries.redrawing_progress(row, now=NOW + timedelta(seconds=30))
        assert (told.is_working, told.is_stuck, told.percent) == (False, True, 25)
        registry.ask_redrawing_again(by=by, now=NOW, redrawing=row)
        done = registry.work_on_redrawing(by=by, now=NOW, number=row.pk)
        assert done is not None
        assert done.moved == 9


def test_coordinates_that_are_a_slip_and_firms_of_others_stay_where_they_are(of: Of) -> None:
    by = of("east-desk")
    with acting(by):
        town = lopsided(by)
        stray = make_firm(by, name="示范错位厂", cell=town.full, longitude=35.4, latitude=50.0)
        bare = make_firm(by, name="示范无坐标厂", cell=town.full)
        others = make_firm(by, name="示范他人厂", cell=town.full)
        registry.assign_steward(by=by, now=NOW, party=others, post=post_of_desk(by))
        row = computed(by)
        lines = {line.party_id: line for line in RedrawingLine.objects.filter(redrawing=row)}
        for firm in (stray, bare):
            assert lines[firm.pk].cell_after_id == town.full.pk
            assert lines[firm.pk].post_after_id == town.busy.pk
        assert lines[others.pk].is_moved is False
        figures = row.figures
    assert (figures["strays"], figures["without_place"], figures["with_others"]) == (1, 2, 1)


def post_of_desk(by: Actor) -> Post:
    return Post.objects.get(pk=by.post_id or 0)


def test_outlines_that_only_touch_do_not_overlap_and_have_a_middle() -> None:
    def square(west: float) -> dict[str, object]:
        ring = [[west, 35.0], [west + 1, 35.0], [west + 1, 36.0], [west, 36.0], [west, 35.0]]
        return {"type": "MultiPolygon", "coordinates": [[ring]]}

    assert list(overlapping([(1, square(116.0)), (2, square(117.0))])) == []
    [(one, other, share)] = overlapping([(1, square(116.0)), (2, square(116.75))])
    assert (one, other) == (1, 2)
    assert share == pytest.approx(0.25, abs=0.01)
    assert middle(square(116.0)) == pytest.approx((116.5, 35.5))


def test_one_proposal_that_cannot_be_carried_out_keeps_no_other_back(
    of: Of, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = of("east-desk")
    with acting(by):
        lopsided(by)
        first, second = computed(by), computed(by)
        for row in (first, second):
            registry.accept_redrawing(by=by, now=NOW, redrawing=row, since=TOMORROW)
    done: list[int] = []

    def not_the_first(*, by: Actor, now: datetime, row: Redrawing) -> None:
        if row.pk == first.pk:
            raise Refused("有人正在改")
        done.append(row.pk)

    monkeypatch.setattr("xiaoer.registry.actions.redrawing.redrawn.carry_out", not_the_first)
    with acting(by):
        assert registry.apply_redrawings(by=by, now=NOW + timedelta(days=1)) == 1
        assert done == [second.pk]
        assert JournalLine.objects.get(verb="leave_tasks").detail["names"] == [str(first)]
