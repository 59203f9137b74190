"""Decisions only people make: who is in the register, climbs, leads a chain or a technology."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import StoredFile, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth.models import Designation
from xiaoer.registry.models import Party

MOST = 5000


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """The decision: what it says, from when, and the document it stands in."""

    kind: str
    since: date
    document: str
    decided_by: str
    document_no: str = ""
    until: date | None = None
    file: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of a list: what was typed, whom it names, or why it names nobody for certain."""

    text: str
    party: Party | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of a list."""

    made: int
    unchanged: int
    lines: tuple[ListLine, ...]

    @property
    def rejected(self) -> tuple[ListLine, ...]:
        return tuple(line for line in self.lines if line.problem)


@transaction.atomic
def designate(*, by: Actor, now: datetime, party: Party, facts: DecisionFacts) -> Designation:
    """Record a decision about one enterprise, with the document it stands in."""
    checked = _checked(by, facts)
    _must_stand_alone(party)
    try:
        with transaction.atomic():
            row = _row(by, now, party, checked)
            row.save()
    except IntegrityError as error:
        raise Refused(
            _("%(name)s has this designation already; end that one first.") % {"name": party.name},
            field="party",
        ) from error
    journal.record(
        by=by,
        now=now,
        verb="designate",
        subject=row,
        party_ref=party.pk,
        kind=row.kind,
        since=str(row.since),
        words=row.document,
    )
    return row


def _row(by: Actor, now: datetime, party: Party, facts: DecisionFacts) -> Designation:
    return Designation(
        zone_id=by.zone_id,
        party=party,
        kind=facts.kind,
        since=facts.since,
        until=facts.until,
        document=facts.document,
        document_no=facts.document_no,
        decided_by=facts.decided_by,
        file=facts.file,
        post_id=by.post_id,
        recorded_at=now,
    )


def _checked(by: Actor, facts: DecisionFacts) -> DecisionFacts:
    if facts.kind not in Designation.Kind.values:
        raise Refused(_("Choose what is designated."), field="kind")
    access.must_designate(by, facts.kind)
    if facts.until is not None and facts.until < facts.since:
        raise Refused(_("It ends before it begins; check both days."), field="until")
    return DecisionFacts(
        kind=facts.kind,
        since=facts.since,
        until=facts.until,
        document=_needed(facts.document, "document", _("Name the document."), 200),
        document_no=facts.document_no.replace("\x00", "").strip()[:80],
        decided_by=_needed(facts.decided_by, "decided_by", _("Say which body decided."), 80),
        file=facts.file,
    )


def _needed(text: str, field: str, why: str, most: int) -> str:
    text = text.replace("\x00", "").strip()
    if not text:
        raise Refused(why, field=field)
    if len(text) > most:
        raise Refused(
            _("This is too long: at most %(longest)d characters.") % {"longest": most}, field=field
        )
    return text


def _must_stand_alone(party: Party) -> None:
    if party.merged_into is not None:
        raise Refused(
            _("%(name)s was merged into %(kept)s; work with that one.")
            % {"name": party.name, "kept": party.merged_into.name},
            field="party",
        )


@transaction.atomic
def designate_many(
    *, by: Actor, now: datetime, lines: Sequence[str], facts: DecisionFacts
) -> Listed:
    """Record one decision for a list of names or credit codes, one a line.

    A line that names nobody, or more than one, is given back with its reason; the others count.
    """
    checked = _checked(by, facts)
    if len(lines) > MOST:
        raise Refused(
            _("At most %(most)d lines at once; send it in parts.") % {"most": MOST}, field="names"
        )
    found = match_lines(by, lines)
    if not found:
        raise Refused(_("Type at least one enterprise, one a line."), field="names")
    wanted = {line.party.pk: line.party for line in found if line.party is not None}
    list(Party.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk"))
    there = set(
        Designation.objects.filter(
            zone_id=by.zone_id, kind=checked.kind, until__isnull=True, party_id__in=wanted
        ).values_list("party_id", flat=True)
    )
    rows = Designation.objects.bulk_create(
        _row(by, now, party, checked) for pk, party in wanted.items() if pk not in there
    )
    if rows:
        journal.record(
            by=by,
            now=now,
            verb="designate_many",
            subject=Zone.objects.get(pk=by.zone_id),
            kind=checked.kind,
            since=str(checked.since),
            words=checked.document,
            count=len(rows),
        )
    return Listed(len(rows), len(wanted) - len(rows), tuple(found))


def match_lines(by: Actor, lines: Iterable[str]) -> list[ListLine]:
    """Whom each line names, by credit code or full name; asked in two questions for all."""
    typed = list(dict.fromkeys(text for text in map(_clean, lines) if text))
    parties: dict[str, list[Party]] = {}
    rows = Party.objects.filter(zone_id=by.zone_id, merged_into__isnull=True)
    for party in rows.filter(credit_code__in=[text.upper() for text in typed]):
        parties.setdefault(party.credit_code, []).append(party)
    for party in rows.filter(name__in=typed):
        parties.setdefault(party.name, []).append(party)
    found = []
    for text in typed:
        named = parties.get(text) or parties.get(text.upper()) or []
        if len(named) == 1:
            found.append(ListLine(text, named[0]))
        elif named:
            found.append(
                ListLine(text, None, _("Several enterprises have this name; use the code."))
            )
        else:
            found.append(ListLine(text, None, _("No enterprise has this name or code.")))
    return found


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip().strip(",，;；、")[:120]


@transaction.atomic
def end_designation(
    *, by: Actor, now: datetime, designation: Designation, until: date, reason: str, version: int
) -> Designation:
    """End a decision with its last day and why; it stays readable."""
    row = (
        Designation.objects.select_for_update(of=("self",))
        .select_related("party")
        .get(zone_id=by.zone_id, pk=designation.pk)
    )
    access.must_designate(by, row.kind)
    journal.must_be_fresh(row, version)
    if row.until is not None:
        raise Refused(_("This has ended already."))
    if until < row.since:
        raise Refused(_("It ends before it begins; check both days."), field="until")
    row.until, row.ended_at = until, now
    row.end_reason = _needed(reason, "reason", _("Say why it ends, with the document."), 300)
    row.version += 1
    row.save()
    journal.record(
        by=by,
        now=now,
        verb="end_designation",
        subject=row,
        party_ref=row.party_id,
        kind=row.kind,
        until=str(until),
        reason=row.end_reason,
    )
    return row
