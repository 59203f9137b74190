"""Pages of definitions: the list, a thing with its picture and its parts, two versions compared."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from xiaoer.base.doors import found, page
from xiaoer.base.models import STAFF_ROLES, Office, Role
from xiaoer.base.pages.forms import number
from xiaoer.base.scope import Actor
from xiaoer.permits import picture, queries, scenario
from xiaoer.permits import thing_access as access
from xiaoer.permits.definition import Definition, Item, Period
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.permits.thing_words import (
    ANSWERS,
    DECIDES,
    MARK_LIGHTS,
    MARK_NAMES,
    PARTS,
    SORTS,
    SOURCES,
    STEPS,
    UNITS,
    hint_of,
    hints_of,
    measure_words,
    office_words,
)
from xiaoer.permits.wording import Unreadable, read_definition
from xiaoer.permits.words import condition_words, known_words
from xiaoer.web import press
from xiaoer.web.sending import attachment, sheet_response
from xiaoer.web.sheets import Column, Kind
from xiaoer.web.words import in_chinese

readers = page(*STAFF_ROLES, Role.CITY)
GUIDE = Path(__file__).resolve().parent.parent / "templates" / "permits" / "thing_guide.typ"
State = ThingVersion.State


@readers
def thing_list(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The things of the zone, with what speaks today; exported exactly as filtered."""
    asked = queries.ThingFilter(
        kind=_one_of(request, "kind", ("one_thing", "single", "added")),
        target=_one_of(request, "target", Thing.Target.values),
        office_id=number(request.GET.get("office")),
        mark=_one_of(request, "mark", MARK_NAMES),
        words=request.GET.get("q", "").strip()[:60],
    )
    rows = queries.thing_rows(zone_id=by.zone_id, asked=asked, on=timezone.localdate())
    if request.GET.get("export"):
        return sheet_response(request.GET["export"], _("One things"), _columns(), _cells(rows))
    context = {
        "rows": rows,
        "asked": asked,
        "counts": queries.thing_counts(zone_id=by.zone_id),
        "kinds": list(_kinds().items()),
        "targets": Thing.Target.choices,
        "offices": list(
            Office.objects.filter(zone_id=by.zone_id, pk__in=Thing.objects.values("office_id"))
            .order_by("order", "id")
            .values_list("id", "name")
        ),
        "marks": [(mark, f"{mark} {words}") for mark, words in MARK_NAMES.items()],
        "writes": access.keeps_things(by),
        "name_of": thing_name,
        "lights": MARK_LIGHTS,
        "mark_names": MARK_NAMES,
    }
    return render(request, "permits/things.html", context)


def _kinds() -> dict[str, str]:
    return {
        "one_thing": _("One thing"),
        "added": _("Value-added service"),
        "single": _("Single item"),
    }


def _one_of(request: HttpRequest, name: str, values: Iterable[str]) -> str:
    given = request.GET.get(name, "")
    return given if given in set(values) else ""


def thing_name(thing: Thing) -> str:
    return thing.name if in_chinese() else thing.name_en or thing.name


def _columns() -> tuple[Column, ...]:
    return (
        Column("code", _("Code of the thing"), 18),
        Column("name", _("Thing"), 32),
        Column("kind", _("Kind"), 14),
        Column("target", _("For whom"), 14),
        Column("office", _("Lead office"), 18),
        Column("batch", _("Published list"), 24),
        Column("version", _("Version"), 10, Kind.NUMBER),
        Column("from", _("From"), 12, Kind.DATE),
        Column("mark", _("Mark"), 8),
        Column("items", _("Items"), 8, Kind.NUMBER),
        Column("papers", _("Papers"), 8, Kind.NUMBER),
        Column("cases", _("Cases"), 8, Kind.NUMBER),
    )


def _cells(rows: Iterable[queries.ThingRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        thing, live = row.thing, row.live
        yield (
            thing.code, thing_name(thing),
            _kinds()["added" if thing.is_value_added else thing.kind],
            Thing.Target(thing.target).label, thing.office.name if thing.office else "",
            thing.batch, live.number if live else None, live.valid_from if live else None,
            live.mark if live else "", row.items, row.papers, row.cases,
        )  # fmt: skip


# One thing ----------------------------------------------------------------------------------------


@readers
def thing(request: HttpRequest, by: Actor, thing_id: int) -> HttpResponse:
    """A version of a thing: the one asked for, else the draft, else what speaks today."""
    kept = thing_of(by, thing_id)
    versions = queries.versions_of(kept)
    version = _chosen(request, versions)
    context: dict[str, Any] = {
        "thing": kept,
        "name": thing_name(kept),
        "versions": versions,
        "version": version,
        "writes": access.keeps_things(by),
        "draft": next((one for one in versions if one.state == State.DRAFT), None),
        "today": timezone.localdate(),
        "lights": MARK_LIGHTS,
        "mark_names": MARK_NAMES,
        "kind_name": _kinds()["added" if kept.is_value_added else kept.kind],
    }
    if version is not None:
        context |= _said(request, by, version)
    return render(request, "permits/thing.html", context)


def thing_of(by: Actor, thing_id: int) -> Thing:
    rows = Thing.objects.filter(zone_id=by.zone_id, pk=thing_id).select_related("office")
    return found(rows.first())


def version_of(by: Actor, version_id: int) -> ThingVersion:
    rows = ThingVersion.objects.filter(zone_id=by.zone_id, pk=version_id)
    return found(rows.select_related("thing__office").first())


def _chosen(request: HttpRequest, versions: list[ThingVersion]) -> ThingVersion | None:
    wanted = number(request.GET.get("version"))
    if wanted is not None:
        return found(next((one for one in versions if one.number == wanted), None))
    today = timezone.localdate()
    draft = next((one for one in versions if one.state == State.DRAFT), None)
    speaking = (
        one
        for one in versions
        if one.state == State.LIVE
        and one.valid_from is not None
        and one.valid_from <= today
        and (one.valid_until is None or one.valid_until >= today)
    )
    return draft or next(speaking, None) or next(iter(versions), None)


def _said(request: HttpRequest, by: Actor, version: ThingVersion) -> dict[str, Any]:
    """All a version says, with the picture and what the answers tried make of it."""
    try:
        definition = read_definition(version.body)
    except Unreadable as unreadable:
        return {"definition": None, "problems": unreadable.problems}
    problems = queries.problems_of(version, definition, timezone.localdate())
    is_whole = not [
        one for one in problems if one.field in ("applies_if", "after", "options", "code")
    ]
    tried = _tried(request, definition) if is_whole else None
    items = tried.items if tried and request.GET.get("try") else definition.items
    words = known_words(definition.questions, definition.fields)
    return {
        "definition": definition,
        "problems": problems,
        "edits": version.state == State.DRAFT and access.keeps_things(by),
        "tried": tried,
        "answers": _answers(request, definition),
        "wide": picture.draw(items, item_name) if is_whole else None,
        "narrow": picture.draw_narrow(items, item_name) if is_whole else None,
        "item_names": {one.code: item_name(one) for one in definition.items},
        "field_names": {one.code: said_name(one) for one in definition.fields},
        "in_words": lambda text: condition_words(text, words, get_language() or "zh"),
        "limit": limit_words,
        "brief": brief_limit,
        "said": lambda one: said_name(one),
        "hint_of": hint_of,
        "hints": hints_of(definition),
        "office_words": office_words,
        "measure_words": measure_words,
        "parts": PARTS,
        "decides": DECIDES,
        "steps": STEPS,
        "sorts": SORTS,
        "sources": SOURCES,
        "kinds_of_answer": ANSWERS,
        "here": f"?{urlencode({'version': version.number})}",
    }


def item_name(item: Item) -> str:
    return said_name(item)


def said_name(one: Any) -> str:
    return str(one.name if in_chinese() else one.name_en or one.name)


def brief_limit(period: Period) -> str:
    """A limit without what it may be lengthened by, for the picture."""
    return limit_words(replace(period, extend_by=0))


def limit_words(period: Period) -> str:
    if period.count == 0:
        return _("on the spot")
    unit = UNITS.get(period.unit, period.unit)
    words = f"{period.count} {unit}"
    return f"{words}（+{period.extend_by}）" if period.extend_by else words


def _answers(request: HttpRequest, definition: Definition) -> dict[str, Any]:
    """Answers typed into the preview; what no question offers is left out."""
    found_: dict[str, Any] = {}
    if not request.GET.get("try"):
        return found_
    for one in definition.questions:
        codes = {option.code for option in one.options}
        given = request.GET.getlist(f"q-{one.code}")
        if one.answer == "many":
            if f"a-{one.code}" in request.GET:
                found_[one.code] = [code for code in given if code in codes]
        elif one.answer == "yes_no" and given and given[0] in ("yes", "no"):
            found_[one.code] = given[0] == "yes"
        elif one.answer == "one" and given and given[0] in codes:
            found_[one.code] = given[0]
    return found_


def _tried(request: HttpRequest, definition: Definition) -> scenario.Outline:
    return scenario.lay_out(definition, _answers(request, definition))


# Compared, exported, printed ----------------------------------------------------------------------


@readers
def thing_compare(request: HttpRequest, by: Actor, thing_id: int) -> HttpResponse:
    """What one version says otherwise than another, part by part."""
    kept = thing_of(by, thing_id)
    versions = queries.versions_of(kept)
    new = _numbered(versions, request.GET.get("new")) or next(iter(versions), None)
    older = [one for one in versions if new is None or one.number < new.number]
    old = _numbered(versions, request.GET.get("old")) or next(iter(older), None)
    differences = (
        queries.differences(queries.definition_of(old), queries.definition_of(new))
        if old and new
        else []
    )
    context = {
        "thing": kept,
        "name": thing_name(kept),
        "versions": versions,
        "old": old,
        "new": new,
        "differences": differences,
        "parts": PARTS,
    }
    return render(request, "permits/thing_compare.html", context)


def _numbered(versions: list[ThingVersion], given: str | None) -> ThingVersion | None:
    wanted = number(given)
    return next((one for one in versions if one.number == wanted), None)


@readers
def thing_export(request: HttpRequest, by: Actor, thing_version_id: int) -> HttpResponse:
    """A version as a file another zone can take in."""
    version = version_of(by, thing_version_id)
    document = queries.export_of(version, queries.definition_of(version))
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"{version.thing.code}-{version.number}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@readers
def thing_guide(request: HttpRequest, by: Actor, thing_version_id: int) -> HttpResponse:
    """办事指南 of a version on paper; always Chinese, saying how well each limit was read."""
    version = version_of(by, thing_version_id)
    definition = queries.definition_of(version)
    now = timezone.now()
    with override("zh-hans"):
        data = _guide_data(version, definition)
    body = press.compile_pdf(GUIDE, data, made_at=now)
    return attachment(body, f"{version.thing.name} 办事指南.pdf", "application/pdf")


def _guide_data(version: ThingVersion, definition: Definition) -> dict[str, Any]:
    words = known_words(definition.questions, definition.fields)

    def when(text: str) -> str:
        return "" if not text else condition_words(text, words, "zh")

    return {
        "heading": f"{version.thing.name}　办事指南",
        "summary": version.thing.summary,
        "facts": [
            ("牵头部门", version.thing.office.name if version.thing.office else "–"),
            ("服务对象", str(Thing.Target(version.thing.target).label)),
            ("版本", f"第 {version.number} 版　{press.paper_date(version.valid_from)}起"),
            ("依据", version.basis or "–"),
            ("核对情况", f"{version.mark or '–'}　{version.source}"),
        ],
        "note": version.note,
        "questions": [
            {"name": one.name, "options": "、".join(o.name for o in one.options) or "是、否",
             "when": when(one.applies_if)}
            for one in definition.questions
        ],
        "items": [
            {"code": one.code, "name": one.name, "office": one.office,
             "statutory": f"{limit_words(one.statutory)}　{one.statutory.mark}",
             "promised": f"{limit_words(one.promised)}　{one.promised.mark}",
             "after": "、".join(one.after), "when": when(one.applies_if),
             "result": one.result or one.name, "fee": one.fee or "不收费或未列"}
            for one in definition.items
        ],
        "materials": [
            {"name": one.name, "reason": one.reason, "hint": one.hint,
             "follow": f"可容缺，{one.follow_days} 个工作日内补" if one.may_follow else "",
             "when": when(one.applies_if)}
            for one in definition.materials
        ],
        "bars": [
            {"name": one.name, "instead": one.instead, "when": when(one.applies_if)}
            for one in definition.bars
            if not one.since
        ],
        "hints": list(definition.hints),
    }  # fmt: skip
