"""What service points tell the house: their verbs, how their records are called, which follow a firm."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.base.details import label_details
from xiaoer.base.subjects import call_by, lead_to
from xiaoer.base.verbs import name_verbs
from xiaoer.permits.models import (
    AgencyMandate,
    Appointment,
    LicenceUse,
    ServicePoint,
    ServiceRecord,
)
from xiaoer.registry.merging import allow_merge_relation
from xiaoer.web.words import MISSING

VERBS: dict[str, str | Promise] = {
    "open_point": gettext_lazy("opened a service point"),
    "change_point": gettext_lazy("changed a service point"),
    "close_point": gettext_lazy("closed a service point"),
    "offer_services": gettext_lazy("changed what a service point offers"),
    "add_extended_service": gettext_lazy("added an extended service"),
    "end_extended_service": gettext_lazy("ended an extended service"),
    "record_service": gettext_lazy("recorded a service at a point"),
    "correct_record": gettext_lazy("corrected a record of a service"),
    "record_licence_use": gettext_lazy("recorded the use of an e-licence"),
    "open_point_slots": gettext_lazy("opened times to book at a service point"),
    "book_appointment": gettext_lazy("booked an appointment at a service point"),
    "cancel_appointment": gettext_lazy("cancelled an appointment at a service point"),
    "miss_appointment": gettext_lazy("said that somebody did not come to an appointment"),
    "take_number": gettext_lazy("gave a number at a service point"),
    "call_next_number": gettext_lazy("called a number at a service point"),
    "skip_number": gettext_lazy("passed over a number that was not there"),
    "serve_number": gettext_lazy("served a number at a service point"),
    "give_mandate": gettext_lazy("kept a power of attorney"),
    "end_mandate": gettext_lazy("ended a power of attorney"),
}
WEEKDAYS = (
    (1, gettext_lazy("Monday")),
    (2, gettext_lazy("Tuesday")),
    (3, gettext_lazy("Wednesday")),
    (4, gettext_lazy("Thursday")),
    (5, gettext_lazy("Friday")),
    (6, gettext_lazy("Saturday")),
    (7, gettext_lazy("Sunday")),
)


def register() -> None:
    name_verbs(VERBS)
    label_details(
        {
            "point": gettext_lazy("service point"),
            "tier": gettext_lazy("tier"),
            "address": gettext_lazy("address"),
            "hours": gettext_lazy("opening hours"),
            "east": gettext_lazy("degrees east"),
            "north": gettext_lazy("degrees north"),
        }
    )
    call_by(
        {
            "appointment": "number",
            "queue_ticket": "number",
            "service_record": "name",
            "agency_mandate": "agent_name",
            "licence_use": "name",
            "point_slot": "day",
            "point_service": "point__name",
        }
    )
    lead_to(
        {
            "service_point": "service_point",
            "service_record": "service_record",
            "agency_mandate": "mandate",
        }
    )
    # What is only ever added to stays with the entry it was written for; counts look through it.
    allow_merge_relation(ServiceRecord, "party", moves=False)
    allow_merge_relation(LicenceUse, "party", moves=False)
    allow_merge_relation(Appointment, "party")
    allow_merge_relation(AgencyMandate, "party")
    allow_merge_relation(AgencyMandate, "agent_party")


def hours_words(point: ServicePoint) -> str:
    """周一至周五 09:00–12:00 13:30–17:00."""
    days = sorted(point.hours.get("days", ()))
    names = dict(WEEKDAYS)
    if days == [1, 2, 3, 4, 5]:
        said = _("Monday to Friday")
    elif days == [1, 2, 3, 4, 5, 6, 7]:
        said = _("every day")
    else:
        said = "、".join(str(names[day]) for day in days if day in names)
    stretches = " ".join(f"{begin}–{end}" for begin, end in point.hours.get("stretches", ()))
    return f"{said} {stretches}".strip() or MISSING


def minutes_words(wait: timedelta | float | None) -> str:
    """A wait in whole minutes, rounded up: nobody waits nought minutes."""
    if wait is None:
        return MISSING
    seconds = wait.total_seconds() if isinstance(wait, timedelta) else wait
    return _("%(count)d min") % {"count": -(-int(seconds) // 60)}
