"""What people type into the forms of this room, as values; a refusal names the field."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused


def text(request: HttpRequest, name: str, *, longest: int, required: str = "") -> str:
    """A trimmed text; ``required`` is what to say when it is empty."""
    value = " ".join(request.POST.get(name, "").split())
    if "\x00" in value:
        raise Refused(_("This text holds signs that cannot be kept."), field=name)
    if required and not value:
        raise Refused(required, field=name)
    if len(value) > longest:
        raise Refused(
            _("At most %(limit)s characters; this has %(length)s.")
            % {"limit": longest, "length": len(value)},
            field=name,
        )
    return value


def number(given: str | None) -> int | None:
    """A whole number as addresses and hidden fields carry it, or None."""
    if not given or not given.isascii() or not given.isdigit() or len(given) > 18:
        return None
    return int(given)


def columns_matched(request: HttpRequest) -> dict[int, str | None]:
    """Which column of a sheet a person took for which field; an empty choice leaves it out."""
    chosen: dict[int, str | None] = {}
    for name, key in request.POST.items():
        index = number(name.removeprefix("column-"))
        if name.startswith("column-") and index is not None:
            chosen[index] = str(key) or None
    return chosen


def whole(request: HttpRequest, name: str, *, least: int, most: int) -> int:
    value = number(request.POST.get(name, "").strip())
    if value is None or not least <= value <= most:
        raise Refused(
            _("Type a whole number from %(least)s to %(most)s.") % {"least": least, "most": most},
            field=name,
        )
    return value


def day(request: HttpRequest, name: str) -> date | None:
    """A day, or None when the field is empty."""
    given = request.POST.get(name, "").strip()
    if not given:
        return None
    found = day_of(given)
    if found is None:
        raise Refused(_("Type a day such as 2026-11-24."), field=name)
    return found


def must_day(request: HttpRequest, name: str) -> date:
    found = day(request, name)
    if found is None:
        raise Refused(_("Type a day such as 2026-11-24."), field=name)
    return found


def day_of(given: str | None) -> date | None:
    """A day of an address; what is not one counts as not given."""
    try:
        found = date.fromisoformat(given or "")
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def choice(request: HttpRequest, name: str, allowed: list[str]) -> str:
    given = request.POST.get(name, "")
    if given not in allowed:
        raise Refused(_("Choose one of the list."), field=name)
    return given
