"""Reporting months of investment, correcting them, and the plan of a year.

Whoever reported a figure corrects it, by a new row that says which one it replaces and why; the
database refuses any other change (migration 0004). A figure below zero is a correction only: it
says that something counted before is no longer so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import translation
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.checking import must_say, said, today
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.base.units import show_money
from xiaoer.projects import money_access as access
from xiaoer.projects.actions.holding import relight_after
from xiaoer.projects.models import InvestmentMonth, Project, ProjectList, Series, YearPlan

EARLIEST = date(2000, 1, 1)
MOST_PERCENT = 1000


@dataclass(frozen=True, slots=True)
class NewMonth:
    """One figure of a sheet of many projects."""

    project_id: int
    series: str
    month: date
    amount: int
    note: str = ""


@transaction.atomic
def report_month(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    series: str,
    month: date,
    amount: int,
    reporter: str,
    note: str = "",
) -> InvestmentMonth:
    """Report what was reached in one month in one series, in the name of one reporter.

    ``amount``: fen; US cents of foreign capital. What goes above the planned total is asked: it
    needs a note that says why. Raises `Refused` for a month to come and for one reported already.
    """
    kept = seen_project(by, project)
    access.must_report(by, kept, reporter)
    month = _possible_month(month, now)
    _known_series(series)
    if amount < 0:
        raise Refused(
            _("A month cannot be below zero. If an earlier one was too high, correct that one."),
            field="amount",
        )
    note = said(note, "note", most=500)
    with on_behalf(by):
        locked_project(by, kept)
        known = _current(kept, series, month, reporter).first()
        if known is not None:
            raise Refused(
                _(
                    "%(month)s is reported already with %(amount)s. If it was wrong, correct it"
                    " and say why."
                )
                % {"month": month.strftime("%Y-%m"), "amount": _shown(series, known.amount)},
                field="month",
            )
        _ask_why_above(kept, series, reporter, amount, note)
        row = InvestmentMonth.objects.create(
            zone_id=by.zone_id, project=kept, series=series, month=month, reporter=reporter,
            amount=amount, note=note, reported_at=now, post_id=by.post_id,
        )  # fmt: skip
        journal.record(
            by=by, now=now, verb="report_month", subject=row, party_ref=kept.party_id,
            project=kept.pk, series=series, month=str(month), amount=amount, reporter=reporter,
        )  # fmt: skip
        _relight(kept, series, by=by, now=now)
    return row


@transaction.atomic
def report_own_month(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    month: date,
    amounts: Mapping[str, int],
    note: str = "",
) -> list[InvestmentMonth]:
    """An enterprise reports its month: one number a series, all of them or none."""
    if not amounts:
        raise Refused(_("Type at least one number; zero is one, empty is not known."))
    return [
        report_month(
            by=by,
            now=now,
            project=project,
            series=series,
            month=month,
            amount=amount,
            reporter=InvestmentMonth.Reporter.FIRM,
            note=note,
        )
        for series, amount in amounts.items()
    ]


@transaction.atomic
def correct_month(
    *, by: Actor, now: datetime, month: InvestmentMonth, amount: int, note: str
) -> InvestmentMonth:
    """Put a new figure in the place of one, with the reason; the former stays readable."""
    old = _seen_month(by, month)
    kept = seen_project(by, old.project)
    access.must_report(by, kept, old.reporter)
    note = must_say(note, "note", most=500)
    with on_behalf(by):
        locked_project(by, kept)
        old.refresh_from_db()
        if not old.is_current:
            raise Refused(_("This figure was corrected already; load the page again."))
        if amount == old.amount:
            raise Refused(_("This is the figure reported already."), field="amount")
        old.is_current = False
        old.save(update_fields=["is_current"])
        row = InvestmentMonth.objects.create(
            zone_id=by.zone_id, project=kept, series=old.series, month=old.month,
            reporter=old.reporter, amount=amount, note=note, reported_at=now, post_id=by.post_id,
            replaces=old,
        )  # fmt: skip
        journal.record(
            by=by, now=now, verb="correct_month", subject=row, party_ref=kept.party_id,
            project=kept.pk, replaces=old.pk, before=old.amount, amount=amount, reason=note,
        )  # fmt: skip
        _relight(kept, old.series, by=by, now=now)
    return row


@transaction.atomic
def report_months(
    *, by: Actor, now: datetime, reporter: str, rows: Iterable[NewMonth], source: str
) -> int:
    """Report many months at once, as a sheet brought them; how many are new.

    What is reported already with the same figure is passed over; with another one the whole sheet
    is refused, naming it: a correction is said one by one, with its reason.
    """
    if reporter == InvestmentMonth.Reporter.STATISTICS:
        access.must_be_bureau(by)
    else:
        access.must_keep_money(by)
    if reporter == InvestmentMonth.Reporter.FIRM:
        raise Refused(_("Enterprises report their own months; a sheet is the zone's or bureau's."))
    wanted = [_checked(one, now) for one in rows]
    if not wanted:
        raise Refused(_("There is nothing to report in this sheet."))
    projects = {
        row.pk: row
        for row in Project.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, pk__in={one.project_id for one in wanted})
        .order_by("pk")
    }
    if any(one.project_id not in projects for one in wanted):
        raise Refused(_("There is no such project here; it may be of another zone."))
    fresh = _not_yet_reported(by, projects, reporter, wanted)
    _ask_why_many_above(projects, reporter, fresh)
    InvestmentMonth.objects.bulk_create(
        [
            InvestmentMonth(
                zone_id=by.zone_id, project_id=one.project_id, series=one.series, month=one.month,
                reporter=reporter, amount=one.amount, note=one.note, reported_at=now,
                post_id=by.post_id,
            )
            for one in fresh
        ]
    )  # fmt: skip
    if fresh:
        journal.record(
            by=by, now=now, verb="report_months", subject=projects[fresh[0].project_id],
            count=len(fresh), reporter=reporter, source=source[:200],
        )  # fmt: skip
    return len(fresh)


def _not_yet_reported(
    by: Actor, projects: dict[int, Project], reporter: str, wanted: list[NewMonth]
) -> list[NewMonth]:
    known = {
        (project, series, month): amount
        for project, series, month, amount in InvestmentMonth.objects.filter(
            zone_id=by.zone_id,
            project__in=projects,
            reporter=reporter,
            is_current=True,
            month__in={one.month for one in wanted},
        ).values_list("project_id", "series", "month", "amount")
    }
    fresh = []
    for one in wanted:
        key = (one.project_id, one.series, one.month)
        if key not in known:
            known[key] = one.amount
            fresh.append(one)
        elif known[key] != one.amount:
            raise Refused(
                _("%(name)s, %(month)s: reported already with %(amount)s. Correct it there.")
                % {
                    "name": projects[one.project_id].name,
                    "month": one.month.strftime("%Y-%m"),
                    "amount": _shown(one.series, known[key]),
                }
            )
    return fresh


def _checked(one: NewMonth, now: datetime) -> NewMonth:
    _known_series(one.series)
    if one.amount < 0:
        raise Refused(
            _("A month cannot be below zero. If an earlier one was too high, correct that one."),
            field="amount",
        )
    return NewMonth(
        one.project_id,
        one.series,
        _possible_month(one.month, now),
        one.amount,
        said(one.note, "note", most=500),
    )


@transaction.atomic
def set_year_plan(
    *,
    by: Actor,
    now: datetime,
    project: Project,
    year: int,
    amount: int,
    series: str = Series.FIXED_ASSET,
    document: str = "",
    why: str = "",
) -> YearPlan:
    """Set what a project is to reach in a year. The former plan is kept; a change says why."""
    access.must_keep_money(by, seen_project(by, project))
    kept = locked_project(by, project)
    _known_series(series)
    if not EARLIEST.year <= year <= today(now).year + 10:
        raise Refused(_("Check the year."), field="year")
    if amount <= 0:
        raise Refused(_("A plan is more than zero; leave the year without one."), field="amount")
    document = must_say(
        document,
        "document",
        most=200,
        why=_("Name the document that sets this plan; others will ask."),
    )
    former = YearPlan.objects.filter(
        zone_id=by.zone_id, project=kept, year=year, series=series, is_current=True
    ).first()
    if former is not None:
        why = must_say(why, "why", most=300)
        former.is_current = False
        former.save(update_fields=["is_current"])
    row = YearPlan.objects.create(
        zone_id=by.zone_id, project=kept, year=year, series=series, amount=amount,
        document=document, why=said(why, "why", most=300), set_at=now, post_id=by.post_id,
    )  # fmt: skip
    journal.record(
        by=by, now=now, verb="set_year_plan", subject=row, party_ref=kept.party_id,
        project=kept.pk, year=year, series=series, amount=amount,
        before=former.amount if former else None, document=document, reason=why,
    )  # fmt: skip
    _relight(kept, series, by=by, now=now)
    return row


@transaction.atomic
def set_list_goal(
    *, by: Actor, now: datetime, project_list: ProjectList, percent: int | None, document: str = ""
) -> ProjectList:
    """Set what share of the year's plan the projects of a list are to reach; may be above 100."""
    access.must_keep_money(by)
    row = (
        ProjectList.objects.select_for_update(of=("self",))
        .filter(zone_id=by.zone_id, pk=project_list.pk)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such list here; it may be of another zone."))
    if percent is not None and not 0 < percent <= MOST_PERCENT:
        raise Refused(_("A goal is a share of the plan, such as 120 %."), field="percent")
    changed = journal.changes(row, {"goal_percent": percent})
    if changed:
        row.version += 1
        row.save(update_fields=["goal_percent", "version"])
        journal.record(
            by=by, now=now, verb="set_list_goal", subject=row,
            document=said(document, "document", most=200), **changed,
        )  # fmt: skip
    return row


def _relight(project: Project, series: str, *, by: Actor, now: datetime) -> None:
    """Only fixed-asset investment is judged; a sheet of many projects shows in the night's lights."""
    if series == Series.FIXED_ASSET:
        relight_after(project, by=by, now=now)


# What they begin with ---------------------------------------------------------------------------


def seen_project(by: Actor, project: Project) -> Project:
    """The project under the asker's own scope; what is not seen is not there."""
    row = Project.objects.filter(zone_id=by.zone_id, pk=project.pk).first()
    if row is None:
        raise Refused(_("There is no such project here for you."))
    return row


def locked_project(by: Actor, project: Project) -> Project:
    """The project, locked: two who report the same month at once wait for each other."""
    row = (
        Project.objects.select_for_update(of=("self",), no_key=True)
        .filter(zone_id=by.zone_id, pk=project.pk)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such project here for you."))
    return row


def _seen_month(by: Actor, month: InvestmentMonth) -> InvestmentMonth:
    row = (
        InvestmentMonth.objects.filter(zone_id=by.zone_id, pk=month.pk)
        .select_related("project")
        .first()
    )
    if row is None:
        raise Refused(_("There is no such figure here for you."))
    return row


def _current(
    project: Project, series: str, month: date, reporter: str
) -> QuerySet[InvestmentMonth]:
    return InvestmentMonth.objects.filter(
        zone_id=project.zone_id,
        project=project,
        series=series,
        month=month,
        reporter=reporter,
        is_current=True,
    )


def _ask_why_above(project: Project, series: str, reporter: str, amount: int, note: str) -> None:
    """Above the planned total is asked, not refused: with a note it stands as it is."""
    total = project.total_fen if project.total_fen is not None else project.contract_fen
    if total is None or note or series == Series.FOREIGN:
        return
    before = InvestmentMonth.objects.filter(
        zone_id=project.zone_id, project=project, series=series, reporter=reporter, is_current=True
    ).aggregate(sum=Sum("amount"))["sum"]
    reached = (before or 0) + amount
    if reached > total:
        raise Refused(
            _(
                "With this the project reaches %(reached)s, above its planned total of %(total)s."
                " Check the unit; if it is right, say why in the note."
            )
            % {"reached": _shown(series, reached), "total": _shown(series, total)},
            field="note",
        )


def _ask_why_many_above(projects: dict[int, Project], reporter: str, fresh: list[NewMonth]) -> None:
    """The same for a sheet, with one question to the database."""
    reached: Counter[tuple[int, str]] = Counter(
        {
            (project, series): amount
            for project, series, amount in InvestmentMonth.objects.filter(
                project__in=projects, reporter=reporter, is_current=True
            )
            .values_list("project_id", "series")
            .annotate(sum=Sum("amount"))
        }
    )
    for one in fresh:
        project = projects[one.project_id]
        key = (project.pk, one.series)
        reached[key] += one.amount
        total = project.total_fen if project.total_fen is not None else project.contract_fen
        if total is None or one.note or one.series == Series.FOREIGN or reached[key] <= total:
            continue
        raise Refused(
            _(
                "%(name)s reaches %(reached)s with %(month)s, above its planned total of"
                " %(total)s. Check the unit; if it is right, say why in the note of its row."
            )
            % {
                "name": project.name,
                "month": one.month.strftime("%Y-%m"),
                "reached": _shown(one.series, reached[key]),
                "total": _shown(one.series, total),
            }
        )


def _possible_month(month: date, now: datetime) -> date:
    month = month.replace(day=1)
    if month > today(now):
        raise Refused(
            _("%(month)s is still to come; report it when it is over.")
            % {"month": month.strftime("%Y-%m")},
            field="month",
        )
    if month < EARLIEST:
        raise Refused(_("Check the year of this month."), field="month")
    return month


def _known_series(series: str) -> None:
    if series not in Series.values:
        raise Refused(_("Choose what kind of investment this is."), field="series")


def _shown(series: str, amount: int) -> str:
    currency = "USD" if series == Series.FOREIGN else "CNY"
    return show_money(amount, translation.get_language() or "zh", currency=currency)
