"""Reading the forms of plans: what is not in a form stays as it is."""

from dataclasses import replace
from datetime import date

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from xiaoer.base.dates import parse_date
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.work.actions import Progress, StepFacts, facts_of
from xiaoer.work.models import Step

WORDS = ("name", "name_en", "phase", "doer", "doer_name", "unit", "needs", "milestone")
DAYS = ("not_before", "not_after")
NUMBERS = ("low", "likely", "high")


def day_in(given: QueryDict, name: str) -> date | None:
    """A day as people type it, or None where the field is empty."""
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_date(text)
    except Unreadable as unread:
        raise Refused(str(unread), field=name) from unread


def must_day(request: HttpRequest, name: str) -> date:
    day = day_in(request.POST, name)
    if day is None:
        raise Refused(_("Choose a day, such as 2026-11-23."), field=name)
    return day


def number_in(given: QueryDict, name: str) -> int | None:
    """A whole number, also a negative one or with full-width digits; None where it is empty."""
    text = given.get(name, "").strip().replace("－", "-").replace("−", "-")
    if not text:
        return None
    digits = text.removeprefix("-")
    if not digits.isdecimal() or len(digits) > 9:
        raise Refused(_("Type a whole number, such as 3."), field=name)
    return -int(digits) if text.startswith("-") else int(digits)


def must_number(request: HttpRequest, name: str) -> int:
    number = number_in(request.POST, name)
    if number is None:
        raise Refused(_("Type a whole number, such as 3."), field=name)
    return number


def progress_in(request: HttpRequest) -> Progress:
    given = request.POST
    return Progress(
        started_on=day_in(given, "started_on"),
        finished_on=day_in(given, "finished_on"),
        share=number_in(given, "share"),
        remaining=number_in(given, "remaining"),
        note=given.get("note", ""),
    )


def facts_in(given: QueryDict, step: Step | None) -> StepFacts:
    """What a form says of a step over what it says now."""
    facts = facts_of(step) if step else StepFacts(name="", doer="owner", likely=1)
    new: dict[str, object] = {name: given.get(name, "").strip() for name in WORDS if name in given}
    new |= {name: day_in(given, name) for name in DAYS if name in given}
    for name in NUMBERS:
        if name in given:
            number = number_in(given, name)
            if name == "likely" and number is None:
                raise Refused(_("Type a whole number, such as 3."), field="likely")
            new[name] = number
    for field in ("office", "resource"):
        if field in given:
            new[f"{field}_id"] = number_in(given, field)
    if "resource_units" in given:
        new["resource_units"] = number_in(given, "resource_units") or 0
    if "kind" in given:
        new["is_government"] = given.get("is_government") == "yes"
    return replace(facts, **new)  # type: ignore[arg-type]  # each value is of its field's own type
