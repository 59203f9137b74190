"""Routes as a calendar file (ICS): one event a visit, which keeps its name when it moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event

TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Entry:
    """A visit as a calendar shows it. ``change`` counts up whenever it moved."""

    contact: int
    title: str
    begins: datetime
    ends: datetime
    place: str
    notes: str
    change: int
    longitude: float | None
    latitude: float | None


def calendar_file(entries: Iterable[Entry], *, zone: str, name: str, now: datetime) -> bytes:
    """The file. Its events keep their UID, so that taking it in again moves instead of doubling.

    Times carry the zone's own time zone, so that a telephone that travels still shows them right.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Xiaoer//Routes//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", f"visit-{entry.contact}@{zone}.xiaoer")
        event.add("dtstamp", now)
        event.add("sequence", entry.change)
        event.add("summary", entry.title)
        event.add("dtstart", entry.begins)
        event.add("dtend", entry.ends)
        if entry.place:
            event.add("location", entry.place)
        if entry.notes:
            event.add("description", entry.notes)
        if entry.longitude is not None and entry.latitude is not None:
            event.add("geo", (entry.latitude, entry.longitude))
        calendar.add_component(event)
    calendar.add_missing_timezones()
    body: bytes = calendar.to_ical()
    return body
