"""Verbs about what is known of firms that is no figure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.dates import parse_date
from xiaoer.base.models import StoredFile
from xiaoer.base.reading import Unreadable, plain_text, tidy
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.base.words import Kind, Word
from xiaoer.facts import access
from xiaoer.facts.actions.values import moment_known
from xiaoer.facts.actions.writing import BATCH, lock_figures
from xiaoer.facts.models import Attribute, SourceKind
from xiaoer.facts.vocabulary import attribute_words
from xiaoer.registry.models import Party

YES = frozenset(["yes", "y", "true", "1", "是", "是的", "有", "对", "已", "√"])
NO = frozenset(["no", "n", "false", "0", "否", "不是", "没有", "无", "未", "×"])
LONGEST = 200


@transaction.atomic
def record_attribute(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    word: str,
    value: object,
    source_kind: str,
    source: str,
    evidence: StoredFile | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    known_on: date | None = None,
    note: str = "",
) -> Attribute:
    """Write down one thing as people say it: 是, 2024-05-06, 查账征收.

    Something else said by the same kind of source is a correction: a new row known later; the old
    one stays. The same again writes no second row. "Checked, and it is not so" is 否, not nothing.
    """
    asked = must_be_word(word)
    access.must_record(by, party, asked, source_kind, timezone.localdate(now))
    if not source.strip():
        raise Refused(_("Say where it comes from."), field="source")
    if valid_from and valid_to and valid_to < valid_from:
        raise Refused(_("It ends before it begins; mend one of the two days."), field="valid_to")
    row = Attribute(
        zone_id=by.zone_id,
        party_id=party.pk,
        word=asked.name,
        **read_attribute(asked, value),
        valid_from=valid_from,
        valid_to=valid_to,
        source_kind=source_kind,
        source=source.strip()[:LONGEST],
        evidence=evidence,
        known_at=moment_known(known_on, now),
        recorded_at=now,
        post_id=by.post_id,
        note=note.strip()[:300],
    )
    with on_behalf(by):
        lock_figures(by)
        before = _before(row)
        if before is not None and _says_the_same(before, row):
            return before
        if before is not None and before.known_at == row.known_at:
            raise Refused(
                _(
                    "Something else is known of this since the same moment. A correction is known"
                    " later: give the day on which it became known."
                ),
                field="known_on",
            )
        row.save(force_insert=True)
        journal.record(
            by=by,
            now=now,
            verb="record_attribute",
            subject=row,
            party_ref=party.pk,
            word=asked.zh,
            correction=before is not None,
        )
    return row


@transaction.atomic
def record_attributes(
    *,
    by: Actor,
    now: datetime,
    source_kind: str,
    source: str,
    said: Iterable[tuple[int, str, object]],
    valid_from: date | None = None,
    valid_to: date | None = None,
    known_at: datetime | None = None,
) -> int:
    """Write what one source says of many firms (party id, word, value); how many are new."""
    access.must_keep_figures(by)
    lock_figures(by)
    if not source.strip():
        raise Refused(_("Say where it comes from."), field="source")
    rows = [
        Attribute(
            zone_id=by.zone_id,
            party_id=party_id,
            word=word,
            **read_attribute(must_be_word(word), value),
            valid_from=valid_from,
            valid_to=valid_to,
            source_kind=SourceKind(source_kind),
            source=source.strip()[:LONGEST],
            known_at=known_at or now,
            recorded_at=now,
            post_id=by.post_id,
        )
        for party_id, word, value in said
    ]
    fresh = _fresh(by, rows)
    Attribute.objects.bulk_create(fresh, batch_size=BATCH)
    if fresh:
        journal.record(by=by, now=now, verb="record_attributes", subject=fresh[0], count=len(fresh))
    return len(fresh)


@transaction.atomic
def withdraw_attribute(*, by: Actor, now: datetime, attribute: Attribute, reason: str) -> Attribute:
    """Take back what was entered by mistake; it stays readable, and counts no more from now on."""
    access.must_keep_figures(by)
    lock_figures(by)
    if not reason.strip():
        raise Refused(_("Say why it is taken back."), field="reason")
    row = Attribute.objects.filter(
        zone_id=by.zone_id, pk=attribute.pk, withdrawn_at__isnull=True
    ).first()
    if row is None:
        raise Refused(_("This was taken back already."))
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    journal.record(
        by=by,
        now=now,
        verb="withdraw_attribute",
        subject=row,
        party_ref=row.party_id,
        word=attribute_words()[row.word].zh,
        reason=reason.strip()[:300],
    )
    return row


def must_be_word(name: str) -> Word:
    """A word of the list, or a refusal beside its field."""
    word = attribute_words().get(name)
    if word is None:
        raise Refused(_("There is no word %(word)s of this kind.") % {"word": name}, field="word")
    return word


def read_attribute(word: Word, value: object) -> dict[str, object]:
    """Which column holds what is said, and what it holds; a refusal where it says nothing."""
    try:
        if word.kind is Kind.FLAG:
            return {"flag": _flag(value)}
        if word.kind is Kind.DAY:
            return {"day": _day(value)}
    except Unreadable as no:
        raise Refused(str(no), field="value") from no
    return {"text": _text(word, value)}


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    typed = tidy(str(value)).casefold().rstrip("。.！!")
    if typed in YES or typed in NO:
        return typed in YES
    raise Refused(
        _("“%(said)s” is neither yes nor no; choose one.") % {"said": str(value)[:40]},
        field="value",
    )


def _day(value: object) -> date:
    day = parse_date(value)
    if day is None:
        raise Refused(_("Type a day, such as 2026-11-20."), field="value")
    return day


def _text(word: Word, value: object) -> str:
    typed = plain_text(value)
    if not typed:
        raise Refused(_("What nobody knows is left out, not written down."), field="value")
    if not word.choices:
        return typed[:LONGEST]
    for choice in word.choices:
        if typed in (choice.code, choice.zh, choice.en):
            return choice.code
    raise Refused(
        _("“%(said)s” is none of the answers offered: %(choices)s.")
        % {"said": typed[:40], "choices": "、".join(choice.zh for choice in word.choices)},
        field="value",
    )


def _before(row: Attribute) -> Attribute | None:
    """What the same kind of source said of it last, up to the moment the new one became known."""
    return (
        Attribute.objects.filter(
            zone_id=row.zone_id,
            party_id=row.party_id,
            word=row.word,
            source_kind=row.source_kind,
            withdrawn_at__isnull=True,
            known_at__lte=row.known_at,
        )
        .order_by("-known_at", "-id")
        .first()
    )


def _says_the_same(one: Attribute, other: Attribute) -> bool:
    keys = ("flag", "day", "text", "valid_from", "valid_to", "evidence_id")
    return all(getattr(one, key) == getattr(other, key) for key in keys)


def _fresh(by: Actor, rows: Sequence[Attribute]) -> list[Attribute]:
    """Those that say something new; of one firm and word the last line of a sheet counts."""
    wanted = {(row.party_id, row.word): row for row in rows}
    known: dict[tuple[int, str], Attribute] = {}
    there = Attribute.objects.filter(
        zone_id=by.zone_id,
        party_id__in={party for party, _word in wanted},
        word__in={word for _party, word in wanted},
        source_kind__in={row.source_kind for row in rows},
        withdrawn_at__isnull=True,
    )
    for row in there.order_by("known_at", "id"):
        key = (row.party_id, row.word)
        if key in wanted and row.known_at <= wanted[key].known_at:
            known[key] = row
    fresh = [
        row
        for key, row in wanted.items()
        if key not in known or not _says_the_same(known[key], row)
    ]
    clashing = [
        row
        for row in fresh
        if (before := known.get((row.party_id, row.word))) and before.known_at == row.known_at
    ]
    if clashing:
        raise Refused(
            _("%(count)s facts are known differently since the same moment; correct them later.")
            % {"count": len(clashing)}
        )
    return fresh
