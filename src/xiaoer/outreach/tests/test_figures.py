"""Figures of requests: denominators said, records behind each, the pool's filters and pages."""

from datetime import date, timedelta
from decimal import Decimal

from tests.town import NOW
from xiaoer.base.scope import acting
from xiaoer.outreach import queries
from xiaoer.outreach.models import Appeal
from xiaoer.outreach.queries import PoolFilter
from xiaoer.outreach.tests.conftest import Town
from xiaoer.work import actions as work

YEAR = queries.Period(date(2026, 1, 1), date(2026, 12, 31))


def _figures(town: Town, now: object = NOW) -> queries.AppealFigures:
    with acting(town.of("east-desk")):
        return queries.appeal_figures(zone_id=town.zone_id, period=YEAR, now=now)  # type: ignore[arg-type]  # of any shape here


def test_nothing_filed_has_no_rate(town: Town) -> None:
    figures = _figures(town)
    assert figures.filed == 0
    assert figures.solve_rate.percent is None
    assert figures.median_working_days is None
    assert figures.satisfaction is None


def test_what_is_left_out_is_shown_and_counts_in_no_rate(town: Town) -> None:
    town.confirmed()
    gone = town.file()
    town.do(town.holder(gone.token), "withdraw_appeal", gone.appeal)
    passed = town.file()
    town.do("east-desk", "transfer_elsewhere", passed.appeal, to="12345", words="已转办")
    mistaken = town.file()
    town.do(town.holder(mistaken.token), "take_back_appeal", mistaken.appeal)
    figures = _figures(town)
    assert (figures.filed, figures.counted) == (4, 1)
    assert (figures.withdrawn, figures.transferred, figures.taken_back) == (1, 1, 1)
    assert figures.solve_rate.percent == 100


def test_answered_is_not_solved_until_the_enterprise_says_so(town: Town) -> None:
    town.answered()
    figures = _figures(town)
    assert (figures.answered, figures.waiting, figures.confirmed_solved) == (1, 1, 0)
    assert figures.solve_rate.percent == 0
    assert figures.feedback_rate.percent == 100


def test_an_unconfirmed_one_is_neither_solved_nor_open(town: Town) -> None:
    filed = town.answered()
    town.do("east-officer", "record_return_visit", filed.appeal, outcome="unreachable")
    figures = _figures(town)
    assert (figures.unconfirmed, figures.confirmed, figures.open) == (1, 0, 0)


def test_only_what_was_due_is_judged_in_time(town: Town) -> None:
    town.file()
    assert _figures(town).start_rate.percent is None, "its day is not past yet"
    late = _figures(town, NOW + timedelta(days=10))
    assert (late.start_judged, late.started_in_time) == (1, 0)
    assert late.start_rate.percent == 0


def test_the_median_is_of_working_days(town: Town) -> None:
    filed = town.working()
    town.do(
        "east-power",
        "answer_appeal",
        filed.appeal,
        result="solved",
        text="已送电",
        now=NOW + timedelta(days=4),
    )
    assert _figures(town).median_working_days == Decimal(2), "Friday to Tuesday"


def test_collection_counts_what_somebody_took_up(town: Town) -> None:
    town.file()
    filed = town.file()
    town.do("east-officer", "register_appeal", filed.appeal, kind=town.kind)
    assert _figures(town).collection_rate == queries.Share(1, 2)


def test_satisfaction_is_the_mean_of_those_who_said(town: Town) -> None:
    town.confirmed()
    filed = town.answered()
    town.do(town.holder(filed.token), "confirm_solved", filed.appeal)
    figures = _figures(town)
    assert (figures.rated, figures.satisfaction) == (1, Decimal(5))


def test_every_figure_opens_to_as_many_records(town: Town) -> None:
    town.confirmed()
    filed = town.answered()
    town.do(town.holder(filed.token), "reopen_appeal", filed.appeal, words="没好")
    gone = town.file()
    town.do(town.holder(gone.token), "withdraw_appeal", gone.appeal)
    figures = _figures(town)
    with acting(town.of("east-desk")):
        behind = {
            figure: queries.appeals_behind(
                zone_id=town.zone_id, period=YEAR, figure=figure, now=NOW
            ).count()
            for figure in queries.APPEAL_FIGURES
        }
    assert behind == {figure: getattr(figures, figure) for figure in queries.APPEAL_FIGURES}


def test_a_figure_of_another_zone_is_nothing(town: Town) -> None:
    town.confirmed()
    west = town.of("west-desk")
    with acting(west):
        figures = queries.appeal_figures(zone_id=town.zone_id, period=YEAR, now=NOW)
    assert figures.filed == 0


def test_the_pool_pages_by_key_without_losing_or_repeating(town: Town) -> None:
    numbers = {town.file(f"第{n}件").receipt_no for n in range(5)}
    desk = town.of("east-desk")
    for order in (queries.LATEST, queries.DUE):
        seen: list[str] = []
        after: str | None = None
        with acting(desk):
            while True:
                page = queries.appeal_pool(
                    by=desk, filters=PoolFilter(), now=NOW, order=order, after=after, size=2
                )
                seen += [row.receipt_no for row in page.rows]
                after = page.after
                if after is None:
                    break
        assert len(seen) == 5
        assert set(seen) == numbers
        assert (page.total, page.is_capped) == (5, False)


def test_the_pool_is_narrowed_by_what_is_asked(town: Town) -> None:
    working, new = town.working(), town.file("招不到电工")
    desk, power, officer = town.of("east-desk"), town.of("east-power"), town.of("east-officer")

    def found(by: object, **given: object) -> set[str]:
        with acting(by):  # type: ignore[arg-type]  # of any shape here
            page = queries.appeal_pool(
                by=by,  # type: ignore[arg-type]  # of any shape here
                filters=PoolFilter(**given),  # type: ignore[arg-type]  # of any shape here
                now=NOW + timedelta(days=3),
            )
        return {row.receipt_no for row in page.rows}

    assert found(desk) == {working.receipt_no, new.receipt_no}
    assert found(desk, states=("open",)) == {working.receipt_no, new.receipt_no}
    assert found(desk, ball="desk") == {new.receipt_no}
    assert found(desk, office=power.office_id) == {working.receipt_no}
    assert found(power, mine=True) == {working.receipt_no}
    assert found(officer, mine=True) == {new.receipt_no}
    assert found(desk, light="red") == {new.receipt_no}, "to be contacted by Monday, today"
    assert found(desk, light="green") == {working.receipt_no}, "replied to by Wednesday"
    assert found(desk, text="电工") == {new.receipt_no}
    assert found(desk, text=working.receipt_no) == {working.receipt_no}
    assert found(desk, text="%' or 1=1") == set()
    assert found(desk, kind=town.kind.pk) == {working.receipt_no}
    assert found(desk, channel="phone") == set()
    assert found(desk, since=date(2026, 11, 21)) == set()
    assert found(desk, until=date(2026, 11, 20)) == {working.receipt_no, new.receipt_no}
    assert found(town.of("west-desk")) == set()


def test_a_broken_key_of_a_page_begins_at_the_first(town: Town) -> None:
    filed, desk = town.file(), town.of("east-desk")
    for after in ("x", "eyJ9", "W10=", "中", '["2026-01-01", 1]'):
        with acting(desk):
            page = queries.appeal_pool(by=desk, filters=PoolFilter(), now=NOW, after=after)
        assert [row.receipt_no for row in page.rows] == [filed.receipt_no]


def test_the_chips_count_what_is_open(town: Town) -> None:
    town.confirmed()
    town.working()
    town.file()
    desk, power = town.of("east-desk"), town.of("east-power")
    with acting(desk):
        counts = queries.pool_counts(by=desk, now=NOW)
    assert counts.open == 2
    assert counts.states == {"working": 1, "received": 1}
    assert counts.balls == {"handler": 1, "desk": 1}
    with acting(power):
        assert queries.pool_counts(by=power, now=NOW).mine == 1


def test_a_day_off_more_moves_the_clocks_of_open_requests(town: Town) -> None:
    filed, done = town.file(), town.confirmed()
    before, kept = town.now_of(filed.appeal), town.now_of(done.appeal)
    admin = town.of("east-admin")
    with acting(admin):
        work.set_calendar_day(
            by=admin, now=NOW, day=date(2026, 11, 24), is_working=False, seen=True, name="停电检修"
        )
    row = town.now_of(filed.appeal)
    assert row.solve_due_at is not None
    assert before.solve_due_at is not None
    assert row.solve_due_at > before.solve_due_at
    assert town.now_of(done.appeal).solve_due_at == kept.solve_due_at


def test_no_appeal_is_confirmed_without_a_way_it_was(town: Town) -> None:
    filed = town.confirmed()
    assert Appeal.Through(town.now_of(filed.appeal).confirmed_through) == Appeal.Through.LINK
