"""The list of rules and the words they are written in."""

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.doors import page
from xiaoer.base.models import STAFF_ROLES, Role
from xiaoer.base.scope import Actor
from xiaoer.base.words import Word
from xiaoer.rules import access, queries
from xiaoer.rules.models import Rule, RuleVersion
from xiaoer.rules.pages import words as said
from xiaoer.rules.queries import RuleFilter, RuleRow
from xiaoer.rules.vocabularies import vocabulary
from xiaoer.web.sending import sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import listed

readers = page(*STAFF_ROLES, Role.CITY)
MOST_PICKED = 40


@readers
def rule_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Rules of the zone with what they say today; exported exactly as filtered."""
    asked = RuleFilter(
        kind=_one_of(request, "kind", Rule.Kind.values),
        level=_one_of(request, "level", Rule.Level.values),
        mark=_one_of(request, "mark", RuleVersion.Mark.values),
        state=_one_of(request, "state", RuleVersion.State.values),
        words=said.text_of(request, "q", 60),
    )
    rows = queries.rule_rows(zone_id=by.zone_id, asked=asked, on=timezone.localdate())
    if request.GET.get("export"):
        return sheet_response(request.GET["export"], _("Rules"), _columns(), _cells(rows))
    context = {
        "groups": _grouped(rows),
        "asked": asked,
        "count": len(rows),
        "kinds": list(said.kinds_of_rules().items()),
        "levels": Rule.Level.choices,
        "marks": [(mark, said.mark_words(mark)) for mark in RuleVersion.Mark.values],
        "states": list(said.version_states().items()),
        "writes": access.writes_rules(by),
        "said": said,
    }
    return render(request, "rules/list.html", context)


def _one_of(request: HttpRequest, name: str, values: Iterable[str]) -> str:
    given = request.GET.get(name, "")
    return given if given in set(values) else ""


def _grouped(rows: Iterable[RuleRow]) -> list[tuple[str, list[RuleRow]]]:
    """Rules by what they are about, in the order of the kinds."""
    by_kind: dict[str, list[RuleRow]] = {}
    for row in rows:
        by_kind.setdefault(row.rule.kind, []).append(row)
    return [
        (label, by_kind[kind]) for kind, label in said.kinds_of_rules().items() if kind in by_kind
    ]


def _columns() -> tuple[Column, ...]:
    return (
        Column("code", _("Code"), 18),
        Column("name", _("Rule"), 32),
        Column("kind", _("Kind"), 14),
        Column("level", _("Level"), 12),
        Column("version", _("Version"), 16),
        Column("from", _("From"), 12, Kind.DATE),
        Column("to", _("To"), 12, Kind.DATE),
        Column("mark", _("Verified"), 22),
        Column("document", _("Document"), 40),
        Column("met", _("Met"), 8, Kind.NUMBER),
        Column("gap", _("Gap"), 8, Kind.NUMBER),
        Column("data", _("Needs data"), 8, Kind.NUMBER),
        Column("person", _("Needs a person"), 8, Kind.NUMBER),
    )


def _cells(rows: Iterable[RuleRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        shown, counts = row.shown, row.counts
        yield (
            row.rule.code,
            said.rule_name(row.rule),
            said.kinds_of_rules()[row.rule.kind],
            Rule.Level(row.rule.level).label,
            said.version_words(shown) if shown else "",
            shown.effective_from if shown else None,
            shown.effective_to if shown else None,
            said.mark_words(shown.mark) if shown else "",
            f"{shown.document} {shown.document_no}".strip() if shown else "",
            counts.met if counts else None,
            counts.not_met if counts else None,
            counts.needs_data if counts else None,
            counts.needs_person if counts else None,
        )


# Words --------------------------------------------------------------------------------------------


@readers
def rule_words(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Every word rules may use: meaning, unit, period, source, and the rules that read it."""
    typed, group = said.text_of(request, "q", 60), said.text_of(request, "group", 60)
    known = list(vocabulary(by.zone_id).words.values())
    uses = queries.word_uses(zone_id=by.zone_id, language=said.language())
    found = [word for word in known if _fits(word, typed) and (not group or word.group == group)]
    if request.GET.get("export"):
        return sheet_response(
            request.GET["export"], _("Words of rules"), _word_columns(), _word_cells(found, uses)
        )
    context = {
        "words": found,
        "groups": sorted({word.group for word in known if word.group}),
        "group": group,
        "typed": typed,
        "uses": uses,
        "said": said,
    }
    return render(request, "rules/words.html", context)


@readers
def rule_word_pick(request: HttpRequest, by: Actor) -> HttpResponse:
    """Words that fit what is typed into the picker of the editor, best first."""
    typed, group = said.text_of(request, "q", 60), said.text_of(request, "group", 60)
    known = vocabulary(by.zone_id).words.values()
    found = [word for word in known if _fits(word, typed) and (not group or word.group == group)]
    context = {
        "words": found[:MOST_PICKED],
        "more": max(0, len(found) - MOST_PICKED),
        "typed": typed,
        "said": said,
    }
    return render(request, "rules/_word_pick.html", context)


def _fits(word: Word, typed: str) -> bool:
    """Every part of what is typed stands in the word's name or meaning, in either language."""
    own = " ".join((word.name, word.zh, word.en, word.meaning_zh, word.meaning_en)).lower()
    return all(part in own for part in typed.lower().split())


def _word_columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Word"), 28),
        Column("label", _("Name"), 28),
        Column("meaning", _("Meaning"), 50),
        Column("unit", _("Unit"), 10),
        Column("period", _("Period"), 14),
        Column("sources", _("Sources"), 24),
        Column("formula", _("Formula"), 40),
        Column("rules", _("Used in"), 40),
    )


def _word_cells(
    found: Iterable[Word], uses: dict[str, queries.WordUse]
) -> Iterator[tuple[object, ...]]:
    language = said.language()
    for word in found:
        used = uses.get(word.name)
        yield (
            word.name,
            word.label(language),
            word.meaning(language),
            said.unit_name(word),
            said.period_of(word),
            said.sources_of(word),
            word.formula,
            listed(used.rules.values()) if used else "",
        )
