"""Months of investment: each reports its own, nobody edits, and what is unknown stays unknown."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.town import NOW
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, acting
from xiaoer.projects import actions as projects
from xiaoer.projects import queries
from xiaoer.projects.models import InvestmentMonth, Series, StatEntry, YearPlan
from xiaoer.projects.queries.investing import Share, add_up, share_of
from xiaoer.projects.tests.invested import WAN, YI, Site, build_site, project_of

Of = Callable[[str], Actor]
ZONE, FIRM, BUREAU = (
    InvestmentMonth.Reporter.ZONE,
    InvestmentMonth.Reporter.FIRM,
    InvestmentMonth.Reporter.STATISTICS,
)
MAY = date(2026, 5, 1)


@pytest.fixture
def site(of: Of) -> Site:
    return build_site(of)


def report(by: Actor, site: Site, amount: int, month: date = MAY, **told: str) -> InvestmentMonth:
    said = {"series": Series.PHYSICAL, "reporter": ZONE, "note": "", **told}
    with acting(by):
        return projects.report_month(
            by=by, now=NOW, project=site.project, month=month, amount=amount, **said
        )


def enter(site: Site, on: date) -> None:
    """In the library since a day, by the bureau's notice."""
    with acting(site.bureau):
        StatEntry.objects.create(
            zone_id=site.zone_id, project=site.project, path="construction", state="entered",
            opened_at=NOW, entered_on=on, document="入库通知",
        )  # fmt: skip


def test_each_reports_in_its_own_name_only(site: Site) -> None:
    report(site.office, site, 3 * WAN)
    report(site.firm(), site, 4 * WAN, reporter=FIRM)
    report(site.bureau, site, 5 * WAN, reporter=BUREAU, series=Series.FIXED_ASSET)
    for by, reporter in (
        (site.office, FIRM), (site.office, BUREAU), (site.bureau, ZONE), (site.firm(), ZONE),
        (site.firm(), BUREAU), (site.officer, ZONE),
    ):  # fmt: skip
        with pytest.raises(Refused):
            report(by, site, WAN, month=date(2026, 6, 1), reporter=reporter)


def test_another_firm_and_another_zone_find_no_such_project(site: Site) -> None:
    for by in (site.firm(site.other), site.west):
        with pytest.raises(Refused, match="没有"):
            report(by, site, WAN, reporter=FIRM if by.party_ref else ZONE)


def test_another_firm_and_another_zone_read_nothing_and_the_firm_only_its_own(site: Site) -> None:
    report(site.office, site, 3 * WAN)
    report(site.firm(), site, 4 * WAN, reporter=FIRM)
    seen = {}
    for name, by in (
        ("own", site.firm()), ("other", site.firm(site.other)), ("west", site.west),
    ):  # fmt: skip
        with acting(by):
            seen[name] = set(InvestmentMonth.objects.values_list("reporter", flat=True))
    assert seen == {"own": {FIRM}, "other": set(), "west": set()}


def test_a_month_to_come_twice_or_below_zero_is_refused(site: Site) -> None:
    report(site.office, site, WAN, month=date(2026, 11, 1))
    for month, amount, words in (
        (date(2026, 12, 1), WAN, "2026-12"), (date(2026, 11, 9), WAN, "2026-11"),
        (MAY, -1, "更正"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            report(site.office, site, amount, month=month)


def test_above_the_planned_total_is_asked_and_with_a_reason_recorded(site: Site) -> None:
    report(site.office, site, 9 * YI // 10)
    with pytest.raises(Refused, match=r"1\.2") as refusal:
        report(site.office, site, 3 * YI // 10, month=date(2026, 6, 1))
    assert refusal.value.field == "note"
    report(site.office, site, 3 * YI // 10, month=date(2026, 6, 1), note="增加了二期厂房")
    # Every series by itself: the money in place knows nothing of the work done.
    report(site.office, site, 9 * YI // 10, series=Series.IN_PLACE)


def test_a_figure_is_corrected_by_a_new_row_with_the_reason(site: Site) -> None:
    old = report(site.firm(), site, 4 * WAN, reporter=FIRM)
    with acting(site.firm()), pytest.raises(Refused):
        projects.correct_month(by=site.firm(), now=NOW, month=old, amount=5 * WAN, note=" ")
    with acting(site.office), pytest.raises(Refused, match="企业"):
        projects.correct_month(by=site.office, now=NOW, month=old, amount=5 * WAN, note="核实")
    with acting(site.firm()):
        new = projects.correct_month(
            by=site.firm(), now=NOW, month=old, amount=-WAN, note="退回设备"
        )
        with pytest.raises(Refused, match="更正"):
            projects.correct_month(by=site.firm(), now=NOW, month=old, amount=0, note="再改")
    with acting(site.office):
        rows = queries.month_rows(zone_id=site.zone_id, project=site.project, year=2026)
    assert [(row.amount, row.is_current) for row in rows] == [(-WAN, True), (4 * WAN, False)]
    assert new.replaces_id == old.pk
    with acting(site.admin):
        line = JournalLine.objects.get(verb="correct_month")
    assert line.detail["before"] == 4 * WAN


@pytest.mark.parametrize(
    "change",
    [
        "amount = 1", "month = '2026-04-01'", "series = 'in_place'", "reporter = 'zone'",
        "note = 'x'", "reported_at = now()", "project_id = project_id + 1", "post_id = null",
    ],
)  # fmt: skip
def test_no_column_of_a_reported_figure_is_ever_edited(site: Site, change: str) -> None:
    report(site.firm(), site, 4 * WAN, reporter=FIRM)
    with acting(site.admin), transaction.atomic(), connection.cursor() as cursor:
        if change == "post_id = null":
            change = "post_id = (select max(id) from post)"
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            cursor.execute(f"update investment_month set {change}")


def test_a_replaced_figure_does_not_come_back_and_none_is_deleted(site: Site) -> None:
    old = report(site.office, site, 4 * WAN)
    with acting(site.office):
        projects.correct_month(by=site.office, now=NOW, month=old, amount=WAN, note="多报")
        with connection.cursor() as cursor:
            for text in (
                f"update investment_month set is_current = true where id = {old.pk}",
                "delete from investment_month",
            ):
                with pytest.raises(DatabaseError), transaction.atomic():
                    cursor.execute(text)


def test_a_correction_is_of_the_same_figure_and_the_firm_writes_no_row_itself(site: Site) -> None:
    old = report(site.office, site, 4 * WAN)
    told = {
        "zone_id": site.zone_id, "project": site.project, "amount": WAN, "reported_at": NOW,
        "note": "x",
    }  # fmt: skip
    with acting(site.office), pytest.raises(DatabaseError), transaction.atomic():
        InvestmentMonth.objects.create(
            **told, series=Series.IN_PLACE, month=MAY, reporter=ZONE, replaces=old
        )
    with acting(site.firm()), pytest.raises(DatabaseError), transaction.atomic():
        InvestmentMonth.objects.create(
            **told, series=Series.PHYSICAL, month=MAY, reporter=FIRM, is_current=True
        )
    with acting(site.office), pytest.raises(IntegrityError), transaction.atomic():
        InvestmentMonth.objects.create(
            **{**told, "amount": -1}, series=Series.PHYSICAL, month=MAY, reporter=FIRM
        )


# The plan of a year -------------------------------------------------------------------------------


def test_a_plan_names_its_document_and_a_change_says_why_and_keeps_the_former(site: Site) -> None:
    by = site.office

    def plan(amount: int, **said: str) -> YearPlan:
        with acting(by):
            return projects.set_year_plan(
                by=by, now=NOW, project=site.project, year=2026, amount=amount, **said
            )

    with pytest.raises(Refused, match="文件"):
        plan(5 * WAN)
    plan(5 * WAN, document="2026 年投资计划")
    with pytest.raises(Refused):
        plan(6 * WAN, document="年中调整")
    plan(6 * WAN, document="年中调整", why="增加二期")
    with acting(by):
        kept = [(row.amount, row.is_current) for row in YearPlan.objects.order_by("id")]
        with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("update year_plan set amount = 1")
    assert kept == [(5 * WAN, False), (6 * WAN, True)]
    by = site.officer
    with pytest.raises(Refused):
        plan(7 * WAN, document="我的", why="我说的")


# A sheet of many ----------------------------------------------------------------------------------


def test_a_sheet_reports_many_once_and_names_what_it_contradicts(site: Site) -> None:
    by = site.office

    def sheet(amount: int, month: date = MAY, note: str = "") -> int:
        row = projects.NewMonth(site.project.pk, Series.IN_PLACE, month, amount, note)
        with acting(by):
            return projects.report_months(by=by, now=NOW, reporter=ZONE, rows=[row], source="表")

    assert (sheet(WAN), sheet(WAN)) == (1, 0)
    with pytest.raises(Refused, match="高压油缸项目"):
        sheet(2 * WAN)
    with pytest.raises(Refused, match="高压油缸项目"):
        sheet(2 * YI, date(2026, 6, 1))
    assert sheet(2 * YI, date(2026, 6, 1), "二期") == 1
    by = site.west
    with pytest.raises(Refused):
        sheet(WAN)


# How much of the plan -----------------------------------------------------------------------------


def test_completion_is_exact_and_may_be_above_a_hundred(site: Site) -> None:
    by = site.office
    with acting(by):
        projects.set_year_plan(
            by=by, now=NOW, project=site.project, year=2026, amount=1000 * WAN,
            series=Series.PHYSICAL, document="计划",
        )  # fmt: skip
    report(by, site, 2000 * WAN)
    report(by, site, 12 * WAN, month=date(2026, 6, 1))
    with acting(by):
        found = queries.completion(
            zone_id=by.zone_id, year=2026, until_month=6, projects=[site.project],
            series=Series.PHYSICAL,
        )  # fmt: skip
    assert (found.percent, found.elapsed) == (Fraction(2012, 10), Fraction(50))
    assert found.is_whole


def test_a_project_without_figures_makes_the_whole_unknown_not_zero(site: Site) -> None:
    by = site.office
    with acting(by):
        silent = project_of(by, site.other, "没有报数的项目")
        for project in (site.project, silent):
            projects.set_year_plan(
                by=by, now=NOW, project=project, year=2026, amount=100 * WAN,
                series=Series.PHYSICAL, document="计划",
            )  # fmt: skip
    report(by, site, 50 * WAN)
    with acting(by):
        found = queries.completion(
            zone_id=by.zone_id, year=2026, until_month=5, projects=[site.project, silent],
            series=Series.PHYSICAL,
        )  # fmt: skip
        alone = queries.completion(
            zone_id=by.zone_id, year=2026, until_month=5, projects=[silent], series=Series.PHYSICAL
        )
    assert (found.is_whole, found.missing, found.percent) == (False, (silent.pk,), Fraction(25))
    assert alone.percent is None


def test_what_the_bureau_counts_begins_with_the_month_of_entry(site: Site) -> None:
    with acting(site.office):
        projects.set_year_plan(
            by=site.office, now=NOW, project=site.project, year=2026, amount=100 * WAN,
            document="计划",
        )  # fmt: skip
    for month in range(3, 7):
        report(
            site.bureau, site, 10 * WAN, month=date(2026, month, 1), reporter=BUREAU,
            series=Series.FIXED_ASSET,
        )  # fmt: skip

    def share() -> Share:
        with acting(site.office):
            return queries.year_money(
                zone_id=site.zone_id, year=2026, until_month=6, projects=[site.project]
            ).shares[site.project.pk]

    before = share()
    assert (before.done, before.uncounted, before.is_entered) == (0, 40 * WAN, False)
    enter(site, date(2026, 5, 20))
    after = share()
    assert (after.done, after.uncounted, after.is_entered) == (20 * WAN, 20 * WAN, True)


AMOUNTS = st.integers(0, 10**12)
MONTHS = st.dictionaries(st.integers(1, 12).map(lambda one: date(2026, one, 1)), AMOUNTS)
SHARES = st.lists(
    st.builds(
        Share,
        project_id=st.integers(1, 10**6),
        planned=st.none() | st.integers(1, 10**12),
        done=st.none() | AMOUNTS,
        gaps=st.integers(0, 3),
    ),
    unique_by=lambda share: share.project_id,
)


@given(SHARES, st.integers(1, 12))
def test_the_unknown_never_lowers_what_is_known(shares: list[Share], until: int) -> None:
    """What is shown while figures lack is the least it can be: any figure that comes only adds."""
    now = add_up(2026, until, Series.PHYSICAL, shares)
    told = [
        Share(one.project_id, one.planned, 0 if one.done is None else one.done) for one in shares
    ]
    later = add_up(2026, until, Series.PHYSICAL, told)
    assert later.is_whole == bool(later.planned)
    if now.percent is not None:
        assert later.percent is not None and later.percent >= now.percent
    assert (now.percent is None) == (now.known_planned == 0)
    assert set(now.missing).isdisjoint(now.unplanned)


@given(MONTHS, st.integers(1, 12))
def test_a_month_nobody_reported_is_a_gap_and_never_a_zero(
    months: dict[date, int], until: int
) -> None:
    share = share_of(
        1, year=2026, until_month=until, planned=1, months=months,
        first_month=min(months, default=None), entered_on=None, needs_entry=False,
    )  # fmt: skip
    inside = [month for month in months if month.month <= until]
    assert (share.done is None) == (not inside)
    if inside:
        expected = range(min(inside).month, until + 1)
        assert share.gaps == len(set(expected) - {month.month for month in inside})
