"""Kinds of paper and their fields: furnishing a zone with them, changing them."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import access
from xiaoer.papers.models import PaperField, PaperKind
from xiaoer.papers.shipped import KINDS, SeededKind

CODE = re.compile(r"[a-z][a-z0-9_-]{1,59}")
MARKS = frozenset("AVSBCUD")
LONGEST_NAME, LONGEST_UNIT = 80, 20


@transaction.atomic
def seed_paper_kinds(*, by: Actor, now: datetime) -> int:
    """Kinds of paper a zone begins with; what the zone has under a code already stays its own."""
    access.must_set_kinds(by)
    known = set(PaperKind.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    fresh = [kind for kind in KINDS if kind.code not in known]
    if not fresh:
        return 0
    made = PaperKind.objects.bulk_create(_kind(by, kind) for kind in fresh)
    PaperField.objects.bulk_create(
        field for row, kind in zip(made, fresh, strict=True) for field in _fields(row, kind)
    )
    journal.record(by=by, now=now, verb="seed_paper_kinds", subject=made[0], count=len(made))
    return len(made)


def _kind(by: Actor, kind: SeededKind) -> PaperKind:
    return PaperKind(
        zone_id=by.zone_id,
        code=kind.code,
        name=kind.name,
        name_en=kind.name_en,
        marks=list(kind.marks),
        valid_months=kind.valid_months,
        is_reusable=kind.is_reusable,
        source=kind.source,
        mark=kind.mark,
    )


def _fields(row: PaperKind, kind: SeededKind) -> list[PaperField]:
    return [
        PaperField(
            zone_id=row.zone_id,
            kind=row,
            code=field.code,
            name=field.name,
            name_en=field.name_en,
            sort=field.sort,
            unit=field.unit,
            labels=list(field.labels),
            pattern=field.pattern,
            least_confidence=field.least,
            is_needed=field.is_needed,
            order=order,
        )
        for order, field in enumerate(kind.fields, start=1)
    ]


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What is said about a kind of paper."""

    name: str
    name_en: str = ""
    marks: tuple[str, ...] = ()
    valid_months: int | None = None
    is_reusable: bool = True
    source: str = ""
    mark: str = "D"


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """What is said about a field of a kind."""

    name: str
    name_en: str = ""
    sort: str = PaperField.Sort.TEXT
    unit: str = ""
    labels: tuple[str, ...] = ()
    pattern: str = ""
    least_confidence: int = 90
    is_needed: bool = True


@transaction.atomic
def keep_paper_kind(
    *, by: Actor, now: datetime, code: str, facts: KindFacts, version: int = 0
) -> PaperKind:
    """Add a kind of paper, or change the one of this code, as it was when ``version`` was shown."""
    access.must_set_kinds(by)
    if not CODE.fullmatch(code):
        raise Refused(
            _("Type the code in small letters, figures and underscores, such as site_permit."),
            field="code",
        )
    if not facts.name:
        raise Refused(_("Give the kind of paper a name."), field="name")
    if len(facts.name) > LONGEST_NAME:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": LONGEST_NAME},
            field="name",
        )
    if facts.mark not in MARKS:
        raise Refused(_("The mark is one of A, V, S, B, C, U or D."), field="mark")
    kind = PaperKind.objects.select_for_update().filter(zone_id=by.zone_id, code=code).first()
    _must_be_same(kind, version)
    if kind is None:
        kind = PaperKind(zone_id=by.zone_id, code=code, version=0)
    kind.name, kind.name_en, kind.marks = facts.name, facts.name_en, list(facts.marks)
    kind.valid_months, kind.is_reusable = facts.valid_months, facts.is_reusable
    kind.source, kind.mark = facts.source, facts.mark
    kind.version += 1
    kind.save()
    journal.record(by=by, now=now, verb="keep_paper_kind", subject=kind, code=code)
    return kind


@transaction.atomic
def keep_paper_field(
    *, by: Actor, now: datetime, kind: PaperKind, code: str, facts: FieldFacts, version: int
) -> PaperField:
    """Add a field to a kind, or change it; papers are read anew by it from then on."""
    access.must_set_kinds(by)
    kind = PaperKind.objects.select_for_update().get(zone_id=by.zone_id, pk=kind.pk)
    _must_be_same(kind, version)
    _must_make_sense(code, facts)
    field = PaperField.objects.filter(kind=kind, code=code).first() or PaperField(
        zone_id=by.zone_id, kind=kind, code=code, order=kind.fields.count() + 1
    )
    field.name, field.name_en, field.sort = facts.name, facts.name_en, facts.sort
    field.unit, field.labels, field.pattern = facts.unit, list(facts.labels), facts.pattern
    field.least_confidence, field.is_needed = facts.least_confidence, facts.is_needed
    field.save()
    _raise_version(kind)
    journal.record(by=by, now=now, verb="keep_paper_field", subject=kind, code=code)
    return field


@transaction.atomic
def drop_paper_field(*, by: Actor, now: datetime, field: PaperField, version: int) -> PaperKind:
    """Read a field no more: it stands after no words. What was read of it before stays."""
    access.must_set_kinds(by)
    kind = PaperKind.objects.select_for_update().get(zone_id=by.zone_id, pk=field.kind_id)
    _must_be_same(kind, version)
    field.labels, field.pattern, field.is_needed = [], "", False
    field.save(update_fields=["labels", "pattern", "is_needed"])
    _raise_version(kind)
    journal.record(by=by, now=now, verb="drop_paper_field", subject=kind, code=field.code)
    return kind


def _raise_version(kind: PaperKind) -> None:
    kind.version += 1
    kind.save(update_fields=["version"])


def _must_be_same(kind: PaperKind | None, version: int) -> None:
    if (kind.version if kind else 0) != version:
        raise Refused(
            _("Somebody changed this kind of paper meanwhile; look at it again, then save.")
        )


def _must_make_sense(code: str, facts: FieldFacts) -> None:
    if not CODE.fullmatch(code):
        raise Refused(
            _("Type the code in small letters, figures and underscores, such as site_permit."),
            field="code",
        )
    if not facts.name or len(facts.name) > LONGEST_NAME or len(facts.unit) > LONGEST_UNIT:
        raise Refused(
            _("Give the field a name of at most %(longest)d characters, and a short unit.")
            % {"longest": LONGEST_NAME},
            field="name",
        )
    if facts.sort not in PaperField.Sort.values:
        raise Refused(_("Choose what sort of value it is."), field="sort")
    if not facts.labels and not facts.pattern:
        raise Refused(_("Say after which words it stands, or give a pattern."), field="labels")
    if not 50 <= facts.least_confidence <= 100:
        raise Refused(
            _("How sure it must be is between 50 and 100 percent."), field="least_confidence"
        )
    try:
        groups = re.compile(facts.pattern).groups
    except re.error as error:
        raise Refused(_("This pattern cannot be read."), field="pattern") from error
    if facts.pattern and groups != 1:
        raise Refused(_("The pattern needs exactly one group in brackets."), field="pattern")
