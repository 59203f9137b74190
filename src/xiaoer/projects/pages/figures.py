"""How money of projects is typed and shown on pages; shares drawn on the ruler."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup

from xiaoer.base.pages.forms import day_of
from xiaoer.base.refusals import Refused
from xiaoer.base.units import (
    WAN_DOLLARS,
    WAN_YUAN,
    YI_YUAN,
    MoneyUnit,
    Unreadable,
    money_in,
    parse_money,
    show_money,
)
from xiaoer.projects.models import Series
from xiaoer.web.marks import Colour, ruler

UNITS = {"wan": WAN_YUAN, "yi": YI_YUAN}


def language() -> str:
    return get_language() or "zh-hans"


def unit_of(series: str) -> MoneyUnit:
    return WAN_DOLLARS if series == Series.FOREIGN else WAN_YUAN


def unit_words(series: str) -> str:
    return _("10,000 US dollars") if series == Series.FOREIGN else _("10,000 yuan")


def shown(series: str, amount: int | None) -> str:
    """With its unit: 3.78 亿元."""
    currency = "USD" if series == Series.FOREIGN else "CNY"
    return show_money(amount, language(), currency=currency)


def in_unit(series: str, amount: int | None) -> str:
    """The figure alone, in the unit the column's head states."""
    return money_in(amount, unit_of(series))


def yuan(fen: int | None) -> str:
    return show_money(fen, language())


def percent(value: Fraction | None, *, whole: bool = True) -> str:
    """95.22 %, with ≥ where figures are missing; – where nothing is known."""
    if value is None:
        return "–"
    text = f"{Decimal(value.numerator) / Decimal(value.denominator):,.2f}".rstrip("0").rstrip(".")
    return f"{text} %" if whole else f"≥ {text} %"


def typed_amount(request: HttpRequest, name: str, series: str) -> int | None:
    """An amount as typed: a bare figure in 万元 (万美元), or with its own unit; None when empty."""
    unit = unit_of(series)
    try:
        money = parse_money(request.POST.get(name, ""), unit)
    except Unreadable as no:
        raise Refused(str(no), field=name) from no
    if money is None:
        return None
    if money.currency != unit.currency:
        raise Refused(
            _("This series is counted in %(unit)s; type the figure in it.")
            % {"unit": unit_words(series)},
            field=name,
        )
    return money.fen


def must_amount(request: HttpRequest, name: str, series: str) -> int:
    amount = typed_amount(request, name, series)
    if amount is None:
        raise Refused(_("Type the amount; zero is one."), field=name)
    return amount


def month_of(given: str | None) -> date | None:
    """A month of an address or a form: 2026-10."""
    return day_of(f"{given}-01") if given and len(given) == 7 else None


def must_month(request: HttpRequest, name: str = "month") -> date:
    found = month_of(request.POST.get(name))
    if found is None:
        raise Refused(_("Choose the month, such as 2026-10."), field=name)
    return found


def drawn(value: Fraction | None, elapsed: Fraction, *, labelled: bool = True) -> Markup:
    """Completion on a track of 100 %, with the line where the year stands (序时进度)."""
    done = None if value is None else float(value)
    tick = _("time %(share)s") % {"share": percent(elapsed)} if labelled else ""
    words = _("%(done)s of the year's plan; the year stands at %(elapsed)s") % {
        "done": percent(value),
        "elapsed": percent(elapsed),
    }
    return ruler(
        done,
        100.0,
        words,
        scale=max(100.0, done or 0.0),
        light=colour_of(value, elapsed),
        ticks=[(float(elapsed), tick, "tick")],
    )


def colour_of(value: Fraction | None, elapsed: Fraction) -> Colour | None:
    """No light is judged here: grey without figures, else the plain bar; lights have their rules."""
    return "grey" if value is None else None
