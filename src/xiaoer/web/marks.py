"""Marks drawn on the server: icons, lights, verdicts, rulers.

Lights judge time and promises and are filled shapes; verdicts judge conditions and are line
marks. Both always come with words. Widths are SVG attributes, because the content policy allows
no style attributes.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from django.templatetags.static import static
from django.utils.translation import gettext
from markupsafe import Markup, escape

Colour = Literal["green", "amber", "red", "grey"]
Kind = Literal["met", "gap", "data", "person"]
Tick = tuple[float, str] | tuple[float, str, str]

LIGHT_SHAPES: dict[Colour, Markup] = {
    "green": Markup('<circle cx="8" cy="8" r="5.5" class="mark"/>'),
    "amber": Markup(
        '<path d="M8 1.6 15.2 14.2H.8z" class="mark"/><path d="M8 6v4.2M8 11.6v1.4" class="cut"/>'
    ),
    "red": Markup(
        '<rect x="1.5" y="1.5" width="13" height="13" rx="1.5" class="mark"/>'
        '<path d="M8 4v5M8 10.8v1.5" class="cut"/>'
    ),
    "grey": Markup('<circle cx="8" cy="8" r="5.7" class="ring"/>'),
}
VERDICT_SHAPES: dict[Kind, Markup] = {
    "met": Markup('<path d="m2.8 8.4 3.4 3.4 7-7.4"/>'),
    "gap": Markup('<path d="m3.6 3.6 8.8 8.8M12.4 3.6l-8.8 8.8"/>'),
    "data": Markup('<circle cx="8" cy="8" r="5.7" class="ring"/>'),
    "person": Markup(
        '<circle cx="8" cy="5" r="2.8"/>'
        '<path d="M2.8 14v-.8a3.8 3.8 0 0 1 3.8-3.8h2.8a3.8 3.8 0 0 1 3.8 3.8v.8"/>'
    ),
}


def icon(name: str, label: str | None = None) -> Markup:
    """An outline icon of the sprite; silent to readers unless it stands without a word."""
    if not label:
        return _silent(name)
    return Markup('<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>').format(
        label, static("web/vendor/icons.svg"), name
    )


@lru_cache(maxsize=512)
def _silent(name: str) -> Markup:
    """A page shows some ninety of these, of thirty kinds."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        static("web/vendor/icons.svg"), name
    )


def light_name(colour: Colour) -> str:
    """What a light is called where only its shape would be seen."""
    names: dict[Colour, str] = {
        "green": gettext("Green light"),
        "amber": gettext("Amber light"),
        "red": gettext("Red light"),
        "grey": gettext("No data"),
    }
    return names[colour]


def light(colour: Colour, words: str | None = None) -> Markup:
    """A light: filled shape and words. Without words (beside a title) its name is read aloud."""
    if words is None:
        return Markup(
            '<svg class="light {}" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>'
        ).format(colour, light_name(colour), LIGHT_SHAPES[colour])
    return Markup(
        '<span class="lit {}"><svg class="light {}" viewBox="0 0 16 16" aria-hidden="true">{}</svg>'
        '<span class="visually-hidden">{} </span>{}</span>'
    ).format(colour, colour, LIGHT_SHAPES[colour], light_name(colour), words)


def verdict_name(kind: Kind) -> str:
    names: dict[Kind, str] = {
        "met": gettext("Met"),
        "gap": gettext("Gap"),
        "data": gettext("Needs data"),
        "person": gettext("Needs a person"),
    }
    return names[kind]


def verdict(kind: Kind, words: str | None = None) -> Markup:
    """A verdict: line mark and words, by default the verdict's own name."""
    return Markup(
        '<span class="verdict {}"><svg viewBox="0 0 16 16" aria-hidden="true">{}</svg>{}</span>'
    ).format(kind, VERDICT_SHAPES[kind], verdict_name(kind) if words is None else words)


def share(value: float, scale: float) -> str:
    """A place on a track as a percentage, kept on the track."""
    return f"{min(max(value / scale, 0.0), 1.0) * 100:.2f}%" if scale > 0 else "0%"


def tick_label(at: str, text: str, minor: bool) -> Markup:
    """The word under a tick; near the right end it runs to the left; minor ones leave phones."""
    anchor = "end" if float(at[:-1]) >= 86 else "start" if float(at[:-1]) <= 1 else "middle"
    return Markup('<text x="{}" y="26" text-anchor="{}"{}>{}</text>').format(
        at, anchor, Markup(' class="minor"') if minor else "", text
    )


def tick_mark(tick: Tick, scale: float, minor: bool) -> Markup:
    """A tick of a ruler: (place, word) or (place, word, class)."""
    at = share(tick[0], scale)
    style = tick[2] if len(tick) == 3 else "tick"
    return Markup('<line x1="{0}" x2="{0}" y1="0" y2="14" class="{1}"/>{2}').format(
        at, style, tick_label(at, tick[1], minor) if tick[1] else ""
    )


def ruler(
    value: float | None,
    limit: float,
    words: str,
    *,
    scale: float | None = None,
    light: Colour | None = None,
    ticks: Sequence[Tick] = (),
) -> Markup:
    """One distance on the one ruler: how far `value` has come against `limit`.

    `scale` is the length of the whole line; give rulers side by side the same scale. `words` is
    what someone who cannot see it hears. A tick is (place, word[, class]) with class "tick",
    "due" (accent) or "end"; without ticks the limit is ticked when it lies inside the scale.
    A missing value draws an empty, dashed track.
    """
    whole = scale or max(limit, value or 0.0)
    marks = list(ticks) or ([(limit, "", "end")] if limit < whole else [])
    labelled = any(mark[1] for mark in marks)
    return Markup(
        '<svg class="ruler {}" width="100%" height="{}" role="img" aria-label="{}">'
        '<rect x="0" y="4" height="6" width="{}" class="{}"/>'
        '<rect x="0" y="4" height="6" width="{}" class="fill"/>{}</svg>'
    ).format(
        light or "plain",
        32 if labelled else 14,
        words,
        share(limit if ticks or not scale else whole, whole),
        "track" if value is not None else "track unknown",
        share(value or 0.0, whole),
        Markup("").join(tick_mark(mark, whole, mark is not marks[-1]) for mark in marks),
    )


def verdict_bar(met: int, gap: int, data: int, person: int) -> Markup:
    """The four counts of a condition as one bar; the counts themselves stand beside it."""
    parts: list[tuple[Kind, int]] = [("met", met), ("gap", gap), ("data", data), ("person", person)]
    total = sum(count for _kind, count in parts)
    start, drawn = 0, []
    for kind, count in parts:
        if count:
            drawn.append(
                Markup('<rect x="{}" y="0" width="{}" height="10" class="{}"/>').format(
                    share(start, total), share(count, total), kind
                )
            )
        start += count
    label = ", ".join(f"{verdict_name(kind)} {count}" for kind, count in parts)
    return Markup(
        '<svg class="verdict-bar" width="100%" height="10" role="img" aria-label="{}">{}</svg>'
    ).format(escape(label), Markup("").join(drawn))
