"""Questions of the editor: rows of the list, versions of a thing, exports, what two versions differ in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from xiaoer.permits.definition import Definition, Period
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.permits.queries.things import versions_on
from xiaoer.permits.wording import write_definition

FORMAT = "xiaoer.thing/1"


@dataclass(frozen=True, slots=True)
class ThingFilter:
    """Which things a list shows."""

    kind: str = ""  # one_thing, single, or added (增值服务)
    target: str = ""
    office_id: int | None = None
    mark: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ThingRow:
    """A thing with the version that speaks today and the draft beside it, if there are."""

    thing: Thing
    live: ThingVersion | None
    draft: ThingVersion | None
    items: int
    papers: int
    cases: int


def thing_rows(*, zone_id: int, asked: ThingFilter, on: date) -> list[ThingRow]:
    """The things of a zone in its order, with counts; the questions asked do not grow with them."""
    things = list(_asked(zone_id, asked).select_related("office").order_by("order", "id"))
    live = versions_on(things, on)
    drafts = {
        one.thing_id: one
        for one in ThingVersion.objects.filter(thing__in=things, state=ThingVersion.State.DRAFT)
    }
    counted = dict(
        Thing.objects.filter(pk__in=[one.pk for one in things])
        .annotate(count=Count("versions__cases"))
        .values_list("pk", "count")
    )
    rows = [_row(one, live.get(one.pk), drafts.get(one.pk), counted[one.pk]) for one in things]
    if not asked.mark:
        return rows
    return [row for row in rows if asked.mark in {v.mark for v in (row.live, row.draft) if v}]


def _row(
    thing: Thing, live: ThingVersion | None, draft: ThingVersion | None, cases: int
) -> ThingRow:
    shown = live or draft
    body: Mapping[str, Any] = shown.body if shown else {}
    return ThingRow(
        thing, live, draft, len(body.get("items", ())), len(body.get("materials", ())), cases
    )


def _asked(zone_id: int, asked: ThingFilter) -> QuerySet[Thing]:
    rows = Thing.objects.filter(zone_id=zone_id)
    if asked.kind == "added":
        rows = rows.filter(is_value_added=True)
    elif asked.kind:
        rows = rows.filter(kind=asked.kind, is_value_added=False)
    if asked.target:
        rows = rows.filter(target=asked.target)
    if asked.office_id is not None:
        rows = rows.filter(office_id=asked.office_id)
    if asked.words:
        rows = rows.filter(
            Q(name__icontains=asked.words)
            | Q(name_en__icontains=asked.words)
            | Q(code__icontains=asked.words)
        )
    return rows


def thing_counts(*, zone_id: int) -> dict[str, int]:
    """How many one things, value-added services and single items a zone has."""
    found = Thing.objects.filter(zone_id=zone_id, ended_on__isnull=True).aggregate(
        one_thing=Count("id", filter=Q(kind="one_thing", is_value_added=False)),
        added=Count("id", filter=Q(is_value_added=True)),
        single=Count("id", filter=Q(kind="single", is_value_added=False)),
    )
    return {name: int(count) for name, count in found.items()}


def versions_of(thing: Thing) -> list[ThingVersion]:
    """All versions of a thing, newest first."""
    return list(
        thing.versions.select_related("written_by__person", "released_by__person").order_by(
            "-number"
        )
    )


def export_of(version: ThingVersion, definition: Definition) -> dict[str, Any]:
    """A version as another zone can take it in."""
    thing = version.thing
    return {
        "format": FORMAT,
        "thing": {
            "code": thing.code,
            "name": thing.name,
            "name_en": thing.name_en,
            "kind": thing.kind,
            "target": thing.target,
            "office": thing.office.name if thing.office else "",
            "summary": thing.summary,
            "summary_en": thing.summary_en,
            "batch": thing.batch,
            "is_value_added": thing.is_value_added,
        },
        "version": {
            "number": version.number,
            "basis": version.basis,
            "source": version.source,
            "mark": version.mark,
            "note": version.note,
        },
        "definition": write_definition(definition),
    }


# Comparing ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which two versions differ. ``kind``: added, dropped or changed."""

    part: str
    code: str
    name: str
    kind: str
    what: str = ""
    before: str = ""
    after: str = ""


def differences(before: Definition, after: Definition) -> list[Difference]:
    """What the later version adds, drops and changes, part by part in its order."""
    found: list[Difference] = []
    for part, key in (("questions", "code"), ("items", "code"), ("fields", "code"), ("materials", "paper"), ("bars", "code")):  # fmt: skip
        found += _rows(part, key, getattr(before, part), getattr(after, part))
    for name in ("joint_limit", "supplement_limit", "answer_limit", "hints", "hints_en"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found.append(Difference("general", name, name, "changed", name, _said(old), _said(new)))
    return found


def _rows(part: str, key: str, before: Sequence[Any], after: Sequence[Any]) -> list[Difference]:
    old = {getattr(one, key): one for one in before}
    new = {getattr(one, key): one for one in after}
    dropped = [Difference(part, c, one.name, "dropped") for c, one in old.items() if c not in new]
    rest: list[Difference] = []
    for code, one in new.items():
        if code not in old:
            rest.append(Difference(part, code, one.name, "added"))
        else:
            rest += _changed(part, code, old[code], one)
    if [c for c in old if c in new] != [c for c in new if c in old]:
        rest.append(Difference(part, "", "", "changed", "order"))
    return dropped + rest


def _changed(part: str, code: str, before: Any, after: Any) -> list[Difference]:
    return [
        Difference(
            part,
            code,
            after.name,
            "changed",
            one.name,
            _said(getattr(before, one.name)),
            _said(getattr(after, one.name)),
        )
        for one in fields(after)
        if getattr(before, one.name) != getattr(after, one.name)
    ]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Period):
        more = f"+{value.extend_by}" if value.extend_by else ""
        return f"{value.count}{more} {value.unit} {value.mark} {value.source}".strip()
    if isinstance(value, tuple):
        return "、".join(str(getattr(one, "name", one)) for one in value) or "–"
    return str(value) or "–"
