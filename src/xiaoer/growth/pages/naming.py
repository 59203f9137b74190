"""Words that several pages and sheets of economic operations share."""

from django.utils.translation import gettext as _

from xiaoer.growth.queries import Comparing


def comparing_words(comparing: Comparing) -> str:
    """Why a firm counts with nothing on one side, or in neither sum; empty where both are known."""
    return {
        Comparing.BOTH: "",
        Comparing.NEW: _("registered since; nothing the year before"),
        Comparing.GONE: _("has left; nothing now"),
        Comparing.LACKS_NOW: _("not counted: no figure of this period"),
        Comparing.LACKS_BEFORE: _("not counted: no figure of the year before"),
    }[comparing]


def how_words(how: str) -> str:
    """How a target's figure came about."""
    return {
        "stated": _("as stated"),
        "months": _("stated months added up"),
        "firms": _("sum of enterprises' figures"),
        "counted": _("enterprises the rule finds"),
    }.get(how, "")
