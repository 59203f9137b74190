"""The Jinja2 environment of every page: escaping on, two languages, the marks of the look.

Named in settings as the `environment` of Django's Jinja2 backend. This room knows no other, so a
higher room adds what it owns (money, areas) with `register_filter` while the app starts.
"""

import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from xiaoer.web import marks, words

Filter = Callable[..., object]

THEMES = ("light", "dark")
CELL = r'<td class="(?:[\w-]+ )*(?:who|due)(?: [\w-]+)*'
BLANK = re.compile(rf'(?P<cell>{CELL})(?P<rest>">\s*{words.MISSING}\s*</td>)')
AFTER_PHONE = re.compile(
    rf'(?P<cell>{CELL}"><span class="phone-only">(?:(?!</td>).)*</span>)\s*{words.MISSING}\s*</td>',
    re.S,
)
extra_filters: dict[str, Filter] = {}


def register_filter(name: str, function: Filter) -> None:
    """Lend a filter to every template; two different ones of a name would be a mistake."""
    known = extra_filters.get(name, function)
    if known is not function:
        raise ValueError(f"a filter named {name!r} is registered already")
    extra_filters[name] = function


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a page by its name."""
    return reverse(name, args=args, kwargs=kwargs)


def url_if(name: str) -> str | None:
    """The address of a page the shell leads to when some room serves it, else None."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def once() -> str:
    """A key that lets a verb be sent twice and done once."""
    return uuid.uuid4().hex


def theme(request: HttpRequest | None) -> str | None:
    """The theme the reader chose, or None: then the browser's own preference counts."""
    chosen = request.COOKIES.get("theme") if request else None
    return chosen if chosen in THEMES else None


def with_query(path: str, **changes: object) -> str:
    """The address `path` with some parameters of its query set, or dropped where None."""
    base, _, query = path.partition("?")
    pairs = [(key, value) for key, value in parse_qsl(query) if key not in changes]
    pairs += [(key, str(value)) for key, value in changes.items() if value is not None]
    return f"{base}?{urlencode(pairs)}" if pairs else base


def blank_marked(rows: Markup) -> Markup:
    """Rows of a table in which cells that hold nothing but the dash are marked ``blank``.

    Below its heading a dash says that something is missing; on a phone, where headings go, it says
    nothing: the cell is left out, and so is the dash after what stands there on phones only.
    """
    marked = BLANK.sub(r"\g<cell> blank\g<rest>", str(rows))
    dash = rf'\g<cell> <span class="desk-only">{words.MISSING}</span></td>'
    return Markup(AFTER_PHONE.sub(dash, marked))  # noqa: S704  # rows a template escaped


def json_block(value: object) -> Markup:
    """JSON for a <script type="application/json">: nothing in it can end the element."""
    return htmlsafe_json_dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


FILTERS: dict[str, Filter] = {
    "ago": words.ago,
    "blank_marked": blank_marked,
    "clock": words.clock,
    "day": words.day,
    "full_day": words.full_day,
    "json_block": json_block,
    "listed": words.listed,
    "missing": words.missing,
    "moment": words.moment,
    "month": words.month,
    "named": words.named,
    "number": words.number,
    "percent": words.percent,
    "with_query": with_query,
}
GLOBALS: dict[str, object] = {
    "get_language": get_language,
    "icon": marks.icon,
    "light": marks.light,
    "once": once,
    "ruler": marks.ruler,
    "static": static,
    "theme": theme,
    "url": url,
    "url_if": url_if,
    "verdict": marks.verdict,
    "verdict_bar": marks.verdict_bar,
}


def environment(**options: Any) -> Environment:
    """Build the environment; a name that a page was not given is an error, not an empty string."""
    extensions = [*options.pop("extensions", []), "jinja2.ext.i18n"]
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    options.pop("autoescape", None)
    made = Environment(autoescape=True, extensions=extensions, **options)
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the extension i18n
    made.globals.update(GLOBALS)
    made.filters.update(FILTERS)
    made.filters.update(extra_filters)
    return made
