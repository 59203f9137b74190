"""A firm's facts word by word: what is known, by whose word, what is missing; and saying it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import files
from xiaoer.base.doors import found, go, page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.pages.forms import day_of
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.units import show_money
from xiaoer.base.words import Kind, Word
from xiaoer.facts import access, queries
from xiaoer.facts import actions as facts
from xiaoer.facts.measuring import UNITS, show_figure
from xiaoer.facts.models import Attribute, Column, SourceKind, Value
from xiaoer.facts.pages.words import language, text_of
from xiaoer.facts.periods import Period, parse_period
from xiaoer.facts.queries import Known
from xiaoer.facts.vocabulary import GROUPS, attribute_words, figure_words
from xiaoer.registry import access as registry
from xiaoer.registry.models import Party
from xiaoer.web.words import full_day, number, percent

readers = page(*STAFF_ROLES, Role.CITY, Role.ENTERPRISE)
NUMBER = Kind.NUMBER


@dataclass(frozen=True, slots=True)
class Line:
    """A word of the firm in the reader's words; ``shown`` is empty where it is missing."""

    word: Word
    label: str
    shown: str
    period: str
    source: str
    known: Known
    to: str
    stated: str


@readers
def firm_dictionary(request: HttpRequest, by: Actor, party_id: int) -> HttpResponse:
    """Every word of the dictionary by its group; with ``?missing=yes`` those nobody knows."""
    party = _party(by, party_id)
    only_missing = request.GET.get("missing") == "yes"
    known = _known(party, queries.all_words().keys())
    lines = [_line(party, one) for one in known.values()]
    groups = [
        (
            GROUPS[group][0 if language().startswith("zh") else 1],
            [
                line
                for line in lines
                if line.word.group == group and not (only_missing and line.shown)
            ],
        )
        for group in GROUPS
    ]
    context = {
        "party": party,
        "groups": [(name, rows) for name, rows in groups if rows],
        "count": len(lines),
        "missing": len(queries.missing(known.values())),
        "only_missing": only_missing,
        "is_own": by.role == Role.ENTERPRISE,
    }
    return render(request, "facts/dictionary.html", context)


@readers
def firm_word(request: HttpRequest, by: Actor, party_id: int, word: str) -> HttpResponse:
    """One word of a firm: what it means, what was said of it and when, and saying it anew."""
    party = _party(by, party_id)
    asked = found(queries.all_words().get(word))
    if request.method == "POST":
        _record(request, by, party, asked)
        messages.success(request, _("Written down: %(name)s.") % {"name": asked.label(language())})
        return go(request, reverse("firm_word", args=[party.pk, word]))
    kept = figure_words().get(word)
    context = {
        "party": party,
        "line": _line(party, _known(party, [word])[word]),
        "word": asked,
        "name": asked.label(language()),
        "meaning": asked.meaning(language()) or asked.meaning_zh,
        "figures": [_figure_line(row) for row in queries.figures_of(party=party, kept=kept)]
        if kept
        else [],
        "said": [_said_line(asked, row) for row in queries.history(party=party, word=asked)]
        if asked.name in attribute_words()
        else [],
        "is_figure": kept is not None,
        "kinds": _kinds(by, asked),
        "choices": [(one.code, one.zh if language().startswith("zh") else one.en)
                    for one in asked.choices],
        "period": queries.period_of(kept, timezone.localdate()).show(language()) if kept else "",
        "may_say": _may_say(by, party, asked),
        "is_own": by.role == Role.ENTERPRISE,
    }  # fmt: skip
    return render(request, "facts/dictionary_word.html", context)


def _party(by: Actor, party_id: int) -> Party:
    party = found(Party.objects.filter(pk=party_id, zone_id=by.zone_id).first())
    if by.role == Role.ENTERPRISE and by.party_ref != party.pk:
        raise Http404
    return party


def _known(party: Party, names: Collection[str]) -> dict[str, Known]:
    now = timezone.now()
    return queries.provenance(
        zone_id=party.zone_id,
        party_id=party.pk,
        names=names,
        as_of=timezone.localdate(now),
        known_at=now,
    )


def _line(party: Party, one: Known) -> Line:
    return Line(
        one.word,
        one.word.label(language()),
        shown(one.word, one.value) or _bound(one),
        one.period.show(language()) if one.period else "",
        _source(one),
        one,
        reverse("firm_word", args=[party.pk, one.word.name]),
        _stated(one),
    )


def _stated(one: Known) -> str:
    """What was reported of a count people judge, until somebody looked."""
    if one.stated is None or one.is_known:
        return ""
    row = one.stated
    return show_figure(row.metric, row.aspect, row.low, row.high, row.is_open, with_unit=language())


def _bound(one: Known) -> str:
    if one.bound is None:
        return ""
    row = one.bound
    return show_figure(row.metric, row.aspect, row.low, row.high, row.is_open, with_unit=language())


def _source(one: Known) -> str:
    if one.value is None and one.bound is None:
        return ""
    if not one.source:
        return _("registry")
    by_column = one.column and not one.word.is_judged
    kind = Column(one.column).label if by_column else SourceKind(one.source_kind).label
    return f"{kind} · {one.source}"


def shown(word: Word, value: object) -> str:
    """A value as people read it; empty where it is missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return full_day(value)
    if isinstance(value, float):
        return _number(word, value)
    named = {one.code: one for one in word.choices}.get(str(value))
    return named.zh if named and language().startswith("zh") else named.en if named else str(value)


def _number(word: Word, value: float) -> str:
    if word.unit == "CNY":
        return show_money(round(value * 100), language())
    if word.unit == "share":
        return percent(value * 100, 2)
    if word.unit == "rank" and value >= queries.NONE_RANK:
        return _("checked, none")
    plain = number(int(value) if value.is_integer() else value)
    unit = UNITS.get(word.unit)
    return f"{plain} {unit.word(language())}" if unit else plain


def _figure_line(row: Value) -> tuple[str, str, str, str, Value]:
    return (
        Period(row.starts_on, row.ends_on).show(language()),
        show_figure(row.metric, row.aspect, row.low, row.high, row.is_open, with_unit=language()),
        str(Column(row.column).label),
        row.source.name,
        row,
    )


def _said_line(word: Word, row: Attribute) -> tuple[str, str, str, Attribute]:
    return (
        shown(word, queries.value_of(word, row)),
        str(SourceKind(row.source_kind).label),
        row.source,
        row,
    )


# Saying it -----------------------------------------------------------------------------------------


def _may_say(by: Actor, party: Party, word: Word) -> bool:
    if word.name not in figure_words() and word.name not in attribute_words():
        return False
    if registry.speaks_for(by, party):
        return SourceKind.DECLARED in word.sources
    return access.may_check(by, party, timezone.localdate())


def _kinds(by: Actor, word: Word) -> list[tuple[str, object]]:
    """From which kinds of source this person may say it, the best of the word first."""
    if by.role == Role.ENTERPRISE:
        kinds = [SourceKind.DECLARED]
    elif access.keeps_figures(by):
        kinds = [SourceKind(kind) for kind in word.sources if kind in SourceKind.values]
        kinds += [kind for kind in SourceKind if kind not in kinds]
    else:
        kinds = [SourceKind.STAFF, SourceKind.DECLARED]
    return [(kind.value, kind.label) for kind in kinds]


def _record(request: HttpRequest, by: Actor, party: Party, word: Word) -> None:
    paper = request.FILES.get("evidence")
    source_kind = text_of(request, "source_kind", 10)
    if by.role == Role.ENTERPRISE:
        source_kind = SourceKind.DECLARED.value
    facts.record_fact(
        by=by,
        now=timezone.now(),
        party=party,
        word=word.name,
        value=text_of(request, "value", 200),
        source_kind=source_kind,
        source=text_of(request, "source", 200) or (_own_source(by) if paper is None else paper.name or ""),
        period=_period(text_of(request, "period", 60)),
        evidence=files.keep_file(by=by, now=timezone.now(), stream=paper, name=paper.name or "")
        if paper is not None and word.name in attribute_words() and by.is_staff
        else None,
        valid_from=_day(request, "valid_from"),
        valid_to=_day(request, "valid_to"),
        known_on=_day(request, "known_on"),
        note=text_of(request, "note"),
    )  # fmt: skip


def _own_source(by: Actor) -> str:
    return "企业自报（企业页面）" if by.role == Role.ENTERPRISE else ""


def _day(request: HttpRequest, name: str) -> date | None:
    typed = text_of(request, name, 40)
    day = day_of(typed)
    if typed and day is None:
        raise Refused(_("“%(day)s” is not a day.") % {"day": typed}, field=name)
    return day


def _period(typed: str) -> Period | None:
    try:
        return parse_period(typed)
    except Unreadable as no:
        raise Refused(str(no), field="period") from no
