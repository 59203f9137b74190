"""The clocks of a request drawn on one scale, and said in one line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from xiaoer.outreach.queries import AppealPage, ClockFace
from xiaoer.web import words
from xiaoer.web.marks import Colour, Tick, ruler
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL, WorkCalendar

INSTANT = timedelta(microseconds=1)
# Share of the line below which two words under it would run into one another.
APART = 0.12


@dataclass(frozen=True, slots=True)
class Distance:
    """One line of the rulers."""

    name: str
    small: str
    drawing: Markup
    left: str
    colour: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """Both promises on one scale, what stands beside the heading, and the two short limits."""

    rows: tuple[Distance, ...]
    beside: str
    note: str


def draw(shown: AppealPage, now: datetime) -> Clocks:
    """The zone's promise and the rule from above, side by side; an end nobody set draws no line."""
    calendar = work.calendar_of(shown.appeal.zone_id)
    faces = {face.code: face for face in shown.clocks}
    long_ones = [faces[code] for code in ("solve", "rule") if faces[code].due_at is not None]
    scale = max([_length(face, calendar) for face in long_ones], default=0)
    scale = max([scale, *(face.used for face in long_ones)], default=1) + 1
    return Clocks(
        rows=tuple(_row(face, faces, calendar, scale, now) for face in long_ones),
        beside=_beside(shown, now),
        note=_after_one_another(_short(faces[code], now) for code in ("start", "reply")),
    )


def _after_one_another(sentences: Iterable[str]) -> str:
    """Sentences in a row; a Chinese full stop brings its own space."""
    return ("" if words.in_chinese() else " ").join(filter(None, sentences))


def _length(face: ClockFace, calendar: WorkCalendar) -> int:
    """The limit in working days, by the date that stands now: a granted later one included."""
    if face.due_at is None:
        return 0
    last = (face.due_at - INSTANT).astimezone(LOCAL).date()
    return calendar.working_days_between(face.started_at.astimezone(LOCAL).date(), last)


def _row(
    face: ClockFace,
    faces: dict[str, ClockFace],
    calendar: WorkCalendar,
    scale: int,
    now: datetime,
) -> Distance:
    length = _length(face, calendar)
    is_promise = face.code == "solve"
    colour: Colour | None = face.light if is_promise else None
    # Without the day of the week, which stands last in both languages.
    end = words.day(face.due_at - INSTANT, now).rpartition(" ")[0] if face.due_at else ""
    ticks: list[Tick] = [*(_marks(faces, scale) if is_promise else [])]
    ticks.append((length, end, "due" if is_promise else "tick"))
    limit = _days(length)
    heard = _("%(name)s: %(limit)s, %(used)s used") % {
        "name": face.name,
        "limit": limit,
        "used": _days(face.used),
    }
    return Distance(
        name=face.name,
        small=limit,
        drawing=ruler(face.used, length, heard, scale=scale, light=colour, ticks=ticks),
        left=_left(face, length),
        colour=face.light if is_promise and face.light in ("amber", "red") else "",
    )


def _marks(faces: dict[str, ClockFace], scale: int) -> list[Tick]:
    """Where on the promise the enterprise was first contacted and first answered; of two marks too
    close to read, the earlier goes without a word."""
    start, reply = faces["start"], faces["reply"]
    apart = (reply.used - start.used) / scale >= APART
    marks: list[Tick] = []
    if start.was_kept:
        marks.append((start.used, _("contact") if apart or not reply.was_kept else ""))
    if reply.was_kept:
        marks.append((reply.used, _("reply")))
    return marks


def _days(n: int) -> str:
    return ngettext("%(n)d working day", "%(n)d working days", n) % {"n": n}


def _left(face: ClockFace, length: int) -> str:
    n = length - face.used
    if face.done_at is not None and not face.was_kept:
        return _("ended")
    if face.done_at is not None:
        return ngettext("took %(n)d day", "took %(n)d days", face.used) % {"n": face.used}
    if n == 0:
        return _("today")
    if n < 0:
        return ngettext("%(n)d day late", "%(n)d days late", -n) % {"n": -n}
    return ngettext("%(n)d day to go", "%(n)d days to go", n) % {"n": n}


def _beside(shown: AppealPage, now: datetime) -> str:
    filed = _("Filed %(at)s") % {"at": words.moment(shown.appeal.filed_at, now)}
    if shown.appeal.closed_at is not None:
        return filed
    if not shown.working_day:  # filed today, or since the last working day
        return filed
    today = _("today is working day %(n)d") % {"n": shown.working_day}
    return f"{filed} · {today}"


def _short(face: ClockFace, now: datetime) -> str:
    """One sentence about a short limit: kept, missed, or still running; of one the end of the request
    made needless there is nothing to say."""
    if face.due_at is None or face.days is None or (face.done_at and not face.was_kept):
        return ""
    name = _("First contact") if face.code == "start" else _("First reply")
    limit = {"name": name, "n": face.days}
    if face.done_at is None:
        return _("%(name)s within %(n)d working days: %(left)s.") % {
            **limit,
            "left": face.remaining,
        }
    if face.done_at > face.due_at:
        return _("%(name)s within %(n)d working days: late, on day %(used)d.") % {
            **limit,
            "used": face.used,
        }
    if face.used == 0:
        return _("%(name)s within %(n)d working days: took %(time)s.") % {
            **limit,
            "time": _spell(face.done_at - face.started_at),
        }
    return _("%(name)s within %(n)d working days: on day %(used)d.") % {**limit, "used": face.used}


def _spell(spell: timedelta) -> str:
    minutes = max(int(spell.total_seconds() // 60), 0)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
