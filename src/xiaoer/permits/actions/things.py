"""Verbs of things: opened, described, copied, taken in from another zone, ended; see ``versions``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import thing_access as access
from xiaoer.permits.actions.versions import Head, change_draft, draft_version
from xiaoer.permits.models import Thing, ThingVersion
from xiaoer.permits.queries.editing import FORMAT
from xiaoer.permits.wording import read_definition, write_definition
from xiaoer.web.words import local_date

_CODE = re.compile(r"[a-z][a-z0-9_-]{1,59}")
LONGEST = {"name": 80, "name_en": 120, "summary": 300, "summary_en": 300, "batch": 60}


@dataclass(frozen=True, slots=True)
class ThingFacts:
    """What a thing says of itself, apart from its versions."""

    name: str
    name_en: str = ""
    kind: str = Thing.Kind.ONE_THING
    target: str = Thing.Target.FIRM
    office: Office | None = None
    summary: str = ""
    summary_en: str = ""
    batch: str = ""
    is_value_added: bool = False


@transaction.atomic
def open_thing(*, by: Actor, now: datetime, code: str, facts: ThingFacts) -> Thing:
    """Take a thing up; nobody can begin it until a version of it is in force."""
    access.must_keep_things(by)
    _check_code(by, code)
    _check(by, facts)
    last = Thing.objects.filter(zone_id=by.zone_id).aggregate(last=Max("order"))["last"] or 0
    thing = Thing.objects.create(
        zone_id=by.zone_id,
        code=code,
        created_on=local_date(now),
        order=last + 1,
        **_columns(facts),
    )
    journal.record(by=by, now=now, verb="open_thing", subject=thing, code=code, name=thing.name)
    return thing


@transaction.atomic
def change_thing(
    *, by: Actor, now: datetime, thing: Thing, version: int, facts: ThingFacts
) -> Thing:
    """Describe a thing anew; what its versions say stays as it is."""
    row = locked_thing(by, thing)
    journal.must_be_fresh(row, version)
    _check(by, facts)
    changed = journal.changes(row, _columns(facts))
    if not changed:
        return row
    row.version += 1
    row.save()
    journal.record(by=by, now=now, verb="change_thing", subject=row, **changed)
    return row


@transaction.atomic
def copy_thing(*, by: Actor, now: datetime, thing: Thing, code: str, name: str) -> Thing:
    """A thing of its own with what the other one's latest version says, as a draft."""
    row = locked_thing(by, thing)
    facts = ThingFacts(
        name=name, kind=row.kind, target=row.target, office=row.office, summary=row.summary,
        summary_en=row.summary_en, batch=row.batch, is_value_added=row.is_value_added,
    )  # fmt: skip
    made = open_thing(by=by, now=now, code=code, facts=facts)
    draft_version(by=by, now=now, thing=made, source=row.versions.order_by("-number").first())
    return made


@transaction.atomic
def end_thing(
    *, by: Actor, now: datetime, thing: Thing, version: int, on: date, reason: str
) -> Thing:
    """The last day on which it can be begun. Cases that run go on to their end."""
    row = locked_thing(by, thing)
    journal.must_be_fresh(row, version)
    if not reason.strip():
        raise Refused(_("Say why “%(name)s” ends.") % {"name": row.name}, field="reason")
    if on < row.created_on:
        raise Refused(
            _("“%(name)s” was taken up on %(day)s; it cannot end before.")
            % {"name": row.name, "day": row.created_on},
            field="on",
        )
    row.ended_on = on
    row.version += 1
    row.save()
    journal.record(
        by=by, now=now, verb="end_thing", subject=row, until=on.isoformat(), reason=reason.strip()
    )
    return row


@transaction.atomic
def import_definition(*, by: Actor, now: datetime, document: object) -> ThingVersion:
    """Take in what another zone exported, always as a draft: of the thing of that code, or a new one.

    Everything wrong in it is told; its lead office is matched by name, else it has none yet.
    """
    access.must_keep_things(by)
    told, head = _document(document)
    definition = read_definition(told.get("definition"))
    known = Thing.objects.filter(zone_id=by.zone_id, code=head["code"]).first()
    thing = known or open_thing(by=by, now=now, code=head["code"], facts=_facts_in(by, told, head))
    draft = draft_version(by=by, now=now, thing=thing, source=None)
    of = told.get("version")
    said = of if isinstance(of, Mapping) else {}
    return change_draft(
        by=by,
        now=now,
        draft=draft,
        version=draft.version,
        body=write_definition(definition),
        head=Head(
            **{name: _text(said, "version", name) for name in ("basis", "source", "mark", "note")}
        ),
    )


def _document(document: object) -> tuple[Mapping[str, Any], dict[str, str]]:
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise Refused(
            _(
                "This is no definition of a thing: its “format” should be %(format)s. Export one first."
            )
            % {"format": FORMAT},
            field="file",
        )
    told = document.get("thing")
    if not isinstance(told, Mapping):
        raise Refused(_("The part “thing” is missing in this file; export it again."), field="file")
    head = {
        name: _text(told, "thing", name) for name in ("code", *LONGEST, "kind", "target", "office")
    }
    return document, head


def _text(told: Mapping[str, Any], part: str, name: str) -> str:
    """A text of a file somebody sent: signs that are no text are named, not kept."""
    text = str(told.get(name, ""))
    if any(sign < " " and sign not in "\n\t" for sign in text):
        raise Refused(
            _("%(where)s holds signs that are no text; type it anew.")
            % {"where": f"{part}.{name}"},
            field="file",
        )
    return text


def _facts_in(by: Actor, document: Mapping[str, Any], head: Mapping[str, str]) -> ThingFacts:
    office = Office.objects.filter(zone_id=by.zone_id, name=head["office"]).first()
    plain = {name: head[name] for name in LONGEST}
    added = bool(document["thing"].get("is_value_added"))
    if head["kind"] not in Thing.Kind.values or head["target"] not in Thing.Target.values:
        raise Refused(
            _("The part “thing” says neither a kind nor a target we know; correct it."),
            field="file",
        )
    return ThingFacts(
        kind=head["kind"], target=head["target"], office=office, is_value_added=added, **plain
    )


def locked_thing(by: Actor, thing: Thing) -> Thing:
    """The thing, locked, for somebody who may write definitions."""
    access.must_keep_things(by)
    row = (
        Thing.objects.select_for_update(of=("self",))
        .select_related("office")
        .filter(zone_id=by.zone_id, pk=thing.pk)
        .first()
    )
    if row is None:
        raise Refused(_("There is no such thing here; it may be of another zone."))
    return row


def _columns(facts: ThingFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in ThingFacts.__dataclass_fields__}


def _check_code(by: Actor, code: str) -> None:
    if not _CODE.fullmatch(code):
        raise Refused(
            _("A code is small letters, digits, hyphens and underscores, such as open_bakery."),
            field="code",
        )
    if Thing.objects.filter(zone_id=by.zone_id, code=code).exists():
        raise Refused(
            _("The code %(code)s is taken; choose another.") % {"code": code}, field="code"
        )


def _check(by: Actor, facts: ThingFacts) -> None:
    if not facts.name.strip():
        raise Refused(_("Type what people call it."), field="name")
    for name, most in LONGEST.items():
        count = len(getattr(facts, name))
        if count > most:
            raise Refused(
                _("At most %(most)d characters; these are %(count)d.")
                % {"most": most, "count": count},
                field=name,
            )
    if facts.kind not in Thing.Kind.values:
        raise Refused(_("Choose whether it is one thing or a single item."), field="kind")
    if facts.target not in Thing.Target.values:
        raise Refused(_("Choose whom it is for."), field="target")
    if facts.office is not None and facts.office.zone_id != by.zone_id:
        raise Refused(_("This office is of another zone; choose one of yours."), field="office")
