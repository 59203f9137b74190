"""The working calendar of a year."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiaoer.base.doors import go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.web import words
from xiaoer.work import access, queries
from xiaoer.work import actions as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.pages.reading import day_in, number_in_address, posted_day, whole_number
from xiaoer.work.queries import CalendarYearView, DayCell


@page(*STAFF_ROLES, Role.CITY)
def calendar(request: HttpRequest, by: Actor) -> HttpResponse:
    """All twelve months: weekends, holidays, weekends worked, and what the zone changed itself."""
    now = timezone.now()
    this = now.astimezone(LOCAL).year
    year = min(
        max(number_in_address(request, "year") or this, queries.FIRST_KEPT), queries.LAST_KEPT
    )
    view = queries.calendar_year(zone_id=by.zone_id, year=year)
    return render(request, "work/calendar.html", _shown(request, by, view, now))


def _shown(
    request: HttpRequest, by: Actor, view: CalendarYearView, now: datetime
) -> dict[str, Any]:
    today = now.astimezone(LOCAL).date()
    chosen = day_in(request.GET.get("day", ""))
    return {
        "view": view,
        "may_edit": access.may_keep_settings(by),
        "chosen": _cell(view, chosen),
        "own": queries.own_days(zone_id=by.zone_id, year=view.year),
        "weekdays": [weekday(n) for n in range(7)],
        "month_names": [_month_name(n) for n in range(1, 13)],
        "today": today,
        "at": now,
        "year_before": view.year - 1 if view.year > queries.FIRST_KEPT else None,
        "year_after": view.year + 1 if view.year < queries.LAST_KEPT else None,
    }


def _cell(view: CalendarYearView, day: date | None) -> DayCell | None:
    if day is None or day.year != view.year:
        return None
    weeks = view.months[day.month - 1].weeks
    return next((cell for week in weeks for cell in week if cell and cell.day == day), None)


def weekday(n: int) -> str:
    return words.WEEKDAYS_ZH[n] if words.in_chinese() else words.WEEKDAYS_EN[n]


def _month_name(n: int) -> str:
    return f"{n}月" if words.in_chinese() else words.MONTHS_EN[n - 1]


def _to_year(request: HttpRequest, year: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return go(request, f"{reverse('calendar')}?year={year}")


@require_POST
@page(*STAFF_ROLES)
def set_day(request: HttpRequest, by: Actor) -> HttpResponse:
    day = posted_day(request)
    work.set_calendar_day(
        by=by,
        now=timezone.now(),
        day=day,
        is_working=request.POST.get("is_working") == "yes",
        seen=request.POST.get("seen") == "yes",
        name=request.POST.get("name", ""),
    )
    return _to_year(request, day.year, _("Changed; open deadlines were computed anew."))


@require_POST
@page(*STAFF_ROLES)
def remove_day(request: HttpRequest, by: Actor) -> HttpResponse:
    day = posted_day(request)
    work.remove_calendar_day(by=by, now=timezone.now(), day=day)
    return _to_year(request, day.year, _("Undone; open deadlines were computed anew."))


@require_POST
@page(*STAFF_ROLES)
def confirm_year(request: HttpRequest, by: Actor) -> HttpResponse:
    year = whole_number(request, "year")
    work.confirm_calendar_year(
        by=by, now=timezone.now(), year=year, source=request.POST.get("source", "")
    )
    return _to_year(request, year, _("The year is provisional no longer."))
