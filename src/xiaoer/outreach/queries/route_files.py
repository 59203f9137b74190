"""Routes to take along: what stands in a calendar file and on paper."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach.queries import routes
from xiaoer.outreach.queries.routes import RoundRow, StopRow
from xiaoer.outreach.routing.calendars import Entry, calendar_file
from xiaoer.outreach.routing.paper import PaperRound, PaperStop, rounds_pdf
from xiaoer.web import words
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL

LONGEST = timedelta(days=31)


def chosen_rounds(*, by: Actor, since: date, until: date, post: int | None) -> tuple[RoundRow, ...]:
    """The routes of some days, of one officer or all the asker sees; refuses where there are none."""
    if not since <= until <= since + LONGEST:
        raise Refused(_("Choose at most a month."), field="since")
    rows = routes.live_rounds(
        by=by, since=since, until=until, posts=None if post is None else [post]
    )
    if not rows:
        raise Refused(_("There is no route on these days yet; search for one first."))
    return rows


def calendar_of(by: Actor, rounds: Sequence[RoundRow]) -> bytes:
    """The calendar file of these routes."""
    zone = Zone.objects.get(pk=by.zone_id)
    several = len({row.post_id for row in rounds}) > 1
    return calendar_file(
        (
            _entry(row, stop, several=several)
            for row in rounds
            for stop in row.stops
            if not stop.is_off
        ),
        zone=zone.code,
        name=_("Visits"),
        now=timezone.now(),
    )


def _entry(row: RoundRow, stop: StopRow, *, several: bool) -> Entry:
    who = f"{row.officer} · " if several else ""
    return Entry(
        contact=stop.contact_id,
        title=f"{who}{stop.order} {stop.enterprise}",
        begins=stop.arrives_at.astimezone(LOCAL),
        ends=stop.leaves_at.astimezone(LOCAL),
        place=stop.address,
        notes="\n".join(
            part for part in (stop.purpose, f"{stop.person} {stop.phone}".strip()) if part
        ),
        change=row.version,
        longitude=stop.place.longitude if stop.place else None,
        latitude=stop.place.latitude if stop.place else None,
    )


def paper_of(by: Actor, rounds: Sequence[RoundRow]) -> bytes:
    """The paper of these routes, an officer's day a page."""
    zone = Zone.objects.get(pk=by.zone_id)
    asked: dict[int, str] = {}
    parties = [stop.party_id for row in rounds for stop in row.stops]
    for question in work.open_questions(by, parties):
        asked.setdefault(question.party_id, question.text)
    with override("zh-hans"):  # papers are always Chinese
        pages = [_paper(row, asked) for row in rounds if row.stops]
        return rounds_pdf(pages, zone=zone.name, made_at=timezone.now())


def _paper(row: RoundRow, asked: dict[int, str]) -> PaperRound:
    return PaperRound(
        day=row.day,
        officer=row.officer,
        office=row.office,
        sets_out=words.clock(row.sets_out_at),
        comes_back=words.clock(row.comes_back_at),
        kilometres=f"{row.kilometres:.1f}",
        span=row.hours_and_minutes,
        is_draft=row.is_draft,
        stops=tuple(_line(stop, asked) for stop in row.stops if not stop.is_off),
    )


def _line(stop: StopRow, asked: dict[int, str]) -> PaperStop:
    about = "约 " if stop.is_guessed else ""
    return PaperStop(
        order=stop.order,
        begins=words.clock(stop.arrives_at),
        ends=words.clock(stop.leaves_at),
        enterprise=stop.enterprise,
        address=stop.address,
        person=stop.person,
        phone=stop.phone,
        purpose=stop.purpose,
        question=asked.get(stop.party_id, ""),
        way="–" if stop.kilometres is None else f"{about}{stop.kilometres:.1f}",
        note=stop.reason_words,
    )
