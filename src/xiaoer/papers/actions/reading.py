"""Reading a paper: once for a file, a kind and an engine, by the reading process."""

import hashlib
import json
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from xiaoer.base import files, journal
from xiaoer.base.models import Attachment, StoredFile
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.papers import queries
from xiaoer.papers.models import FieldRead, HeldPaper, PaperField, PaperKind, Reading
from xiaoer.papers.ocr.fields import Wanted
from xiaoer.papers.ocr.identity import engine_name
from xiaoer.papers.ocr.process import SHARED

READABLE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
MOST_LINES = 400


@transaction.atomic
def read_paper(
    *, by: Actor, now: datetime, file: StoredFile, kind: PaperKind, again: bool = False
) -> Reading:
    """Read a kept file as a paper of a kind. What was read before by the same engine is given back.

    Whatever becomes of the reading process, an answer comes: what could not be read is a reading
    that says why. ``again``: such a one is tried once more, as a new row.
    """
    fields = list(PaperField.objects.filter(kind=kind))
    fields_hash = hash_of(fields)
    # Two jobs that come to one paper read it once: the second waits, and is given what was read.
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext('read_paper'), hashtext(%s))", [str(file.pk)]
        )
    known = Reading.objects.filter(
        zone_id=by.zone_id, file=file, kind=kind, engine=engine_name(), fields_hash=fields_hash
    ).first()
    if known is not None and not (again and known.state == Reading.State.UNREADABLE):
        return known
    began = time.monotonic()
    told = _read(file, fields)
    took = int((time.monotonic() - began) * 1000)
    with on_behalf(by):
        return _kept(by, now, file, kind, fields_hash, told, took)


def hash_of(fields: Sequence[PaperField]) -> str:
    """Of the fields as they stand, so that a changed label reads the paper anew."""
    told = [
        [one.code, one.sort, one.labels, one.pattern, one.unit]
        for one in sorted(fields, key=lambda field: field.code)
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def wanted_of(fields: Sequence[PaperField]) -> list[Wanted]:
    """The fields as the reading process is asked for them."""
    return [Wanted(one.code, one.sort, tuple(one.labels), one.pattern, one.unit) for one in fields]


def _read(file: StoredFile, fields: Sequence[PaperField]) -> dict[str, Any]:
    if file.media_type not in READABLE:
        return {"why": "no_picture"}
    content = files.bytes_of(file)
    return SHARED.read(content, file.media_type, wanted_of(fields))


def _kept(
    by: Actor,
    now: datetime,
    file: StoredFile,
    kind: PaperKind,
    fields_hash: str,
    told: dict[str, Any],
    took: int,
) -> Reading:
    why = told.get("why", "")
    if not why and not told["lines"]:
        why = "blank"
    reading = Reading.objects.create(
        zone_id=by.zone_id,
        file=file,
        kind=kind,
        state=Reading.State.UNREADABLE if why else Reading.State.DONE,
        why=why,
        way=told.get("way", ""),
        engine=engine_name(),
        fields_hash=fields_hash,
        pages=told.get("pages", 0),
        turned=told.get("turned", 0),
        took_ms=took,
        lines=told.get("lines", [])[:MOST_LINES],
        signs=_signs(file, told),
        at=now,
    )
    FieldRead.objects.bulk_create(
        FieldRead(zone_id=by.zone_id, reading=reading, **one)
        for one in told.get("fields", [])
        if one["text"] or one["value"]
    )
    journal.record(by=by, now=now, verb="read_paper", subject=reading, kind=kind.code, why=why)
    return reading


def _parties(file: StoredFile) -> set[int | None]:
    """For whom the same bytes were handed in."""
    pinned = Attachment.objects.filter(zone_id=file.zone_id, file=file, party_ref__isnull=False)
    held = HeldPaper.objects.filter(zone_id=file.zone_id, file=file)
    return {*pinned.values_list("party_ref", flat=True), *held.values_list("party_id", flat=True)}


def _signs(file: StoredFile, told: dict[str, Any]) -> list[dict[str, str]]:
    """What a person should be told: noticed on arrival, and seen while reading."""
    codes = [*file.signs, *told.get("signs", [])]
    if len(_parties(file)) > 1:
        codes.append("other_party")
    return [{"code": code, "words": queries.sign_words(code)} for code in dict.fromkeys(codes)]
