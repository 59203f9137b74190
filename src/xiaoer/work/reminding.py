"""What people can be reminded of: kinds with their words, and the sources that know the things.

A source belongs to a room and is lent here while its app starts. Asked for a zone and a moment, it
says what stands to be told to whom, for everybody who asked at once: it costs the same number of
questions for one subscriber and for a thousand. A kind nobody has a source for is not offered.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.work.calendar import LOCAL, WorkCalendar

Words = str | Promise

DUE, OVERDUE, RED_LIGHT = "due", "overdue", "red_light"
NO_CONTACT, TITLE_EXPIRING = "no_contact", "title_expiring"
LICENCE_EXPIRING = "licence_expiring"
# What the system tells of itself; nobody subscribes to it.
UNDELIVERED = "undelivered"
# Told without being asked for: two contacts with an enterprise became one.
MERGED = "merged"


class Counts(StrEnum):
    """How the days a subscriber chose are compared with the days of a thing."""

    WITHIN = "within"  # told from so many days before
    AFTER = "after"  # told after so many days, and again after as many more


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of reminder. ``days``: what is proposed; None where days have no meaning.

    ``of_office``: what an office's robot is told of this kind; empty where it is told nothing.
    """

    code: str
    name: Words
    says: Words
    counts: Counts | None = None
    days: int | None = None
    most_days: int = 0
    days_words: Words = ""
    of_office: Words = ""
    pierces: bool = False

    @property
    def for_offices(self) -> bool:
        return self.of_office != ""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to be told to one post, or to one office's robot.

    ``key`` names the thing and its stage (a task and its deadline): told once, it is not told again
    until the stage is another. ``days`` is what the subscriber's days are compared with.
    """

    key: str
    subject_type: str
    subject_id: int
    title: str
    words: Words
    address: str
    post_id: int | None = None
    office_id: int | None = None
    days: int | None = None
    is_supervised: bool = False
    order: float = 0

    def key_for(self, days: int | None, counts: Counts | None) -> str:
        """The stage for a subscriber who chose so many days."""
        if counts is Counts.AFTER and self.days is not None and days:
            return f"{self.key}:{self.days // days}"
        return self.key


@dataclass(frozen=True, slots=True)
class Asked:
    """What the sources are asked: for which posts and offices of a zone, at which moment.

    ``days`` is the widest (of ``WITHIN``) or the narrowest (of ``AFTER``) that anybody chose.
    """

    zone_id: int
    now: datetime
    calendar: WorkCalendar
    posts: frozenset[int] = frozenset()
    offices: frozenset[int] = frozenset()
    days: int = 0

    @property
    def today(self) -> date:
        return self.now.astimezone(LOCAL).date()


Source = Callable[[Asked], Iterable[Thing]]


@dataclass(slots=True)
class _Known:
    kind: Kind
    sources: list[Source] = field(default_factory=list)


_known: dict[str, _Known] = {
    kind.code: _Known(kind)
    for kind in (
        Kind(
            DUE,
            _("Soon due"),
            _("Tasks of mine whose last day is near"),
            Counts.WITHIN,
            days=1,
            most_days=20,
            days_words=_("working days before"),
            of_office=_("Tasks of the office whose last day is near"),
        ),
        Kind(
            OVERDUE,
            _("Overdue"),
            _("Tasks of mine whose deadline has passed"),
            of_office=_("Tasks of the office whose deadline has passed"),
        ),
        Kind(
            RED_LIGHT,
            _("Red light"),
            _("Requests of my enterprises and tasks of the office I lead that turned red"),
            of_office=_("Tasks of the office that turned red"),
            pierces=True,
        ),
        Kind(
            NO_CONTACT,
            _("No contact"),
            _("Enterprises of mine nobody of the zone has visited for long"),
            Counts.AFTER,
            days=90,
            most_days=730,
            days_words=_("days without a visit"),
        ),
        Kind(
            TITLE_EXPIRING,
            _("Title expiring"),
            _("Titles of my enterprises that lapse soon"),
            Counts.WITHIN,
            days=60,
            most_days=365,
            days_words=_("days before"),
        ),
        Kind(
            LICENCE_EXPIRING,
            _("Licence running out"),
            _("Licences of my enterprises that run out soon"),
            Counts.WITHIN,
            days=60,
            most_days=365,
            days_words=_("days before"),
        ),
    )
}


def know_source(kind: str, source: Source) -> None:
    """Lend what a room knows about a kind; called once from the room's ``apps.py``."""
    known = _known[kind]
    if source not in known.sources:
        known.sources.append(source)


def offered() -> tuple[Kind, ...]:
    """The kinds somebody can be reminded of: those that some room has a source for."""
    return tuple(known.kind for known in _known.values() if known.sources)


def kind(code: str) -> Kind | None:
    """A kind that is offered."""
    known = _known.get(code)
    return known.kind if known and known.sources else None


def kind_name(code: str) -> str:
    if code == UNDELIVERED:
        return str(_("Not delivered"))
    if code == MERGED:
        return str(_("Contacts merged"))
    known = _known.get(code)
    return str(known.kind.name) if known else code


def things(code: str, asked: Asked) -> list[Thing]:
    """Everything of a kind that stands to be told, what weighs most first."""
    found = [thing for source in _known[code].sources for thing in source(asked)]
    return sorted(found, key=lambda thing: (thing.order, thing.key))
