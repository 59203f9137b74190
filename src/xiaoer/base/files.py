"""材料 Papers: files kept once under their SHA-256, and pinned to records of any room.

Bytes reach the disk, sealed, whole and synced, before the row that names them; a row that rolls back
leaves a nameless file that the next sender of the same paper finds. Until they are sealed they are in
memory alone. Whoever wants them back asks ``opened``, ``bytes_of`` or ``kept_path``, nobody the disk.
"""

import hashlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.http import FileResponse
from django.utils.translation import gettext as _

from xiaoer.base import apart, journal, scanning, vault
from xiaoer.base.arrival import signs_of
from xiaoer.base.harmless import Doubtful, harmless_pdf
from xiaoer.base.models import Attachment, StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, may_read, on_behalf
from xiaoer.base.sniffing import (
    KEPT_AS,
    PDF,
    PICTURES,
    SORTS,
    Sort,
    draw_anew,
    sniff,
    sniff_picture,
)
from xiaoer.base.subjects import Pinning, model_of, pinning

LIMIT = 20 * 2**20
COMING = ".coming-"
MOST_PAPERS = 50
MOST_AT_ONCE = 10
# What a browser may do with a kept file when it shows it: nothing but show it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"
# The browser's own PDF reader does not start in a sandbox; it runs no script of the page either way.
PDF_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
)


class Upload(Protocol):
    """A file on its way in: Django's uploads and open files alike."""

    def read(self, size: int = -1, /) -> bytes: ...


class Named(Upload, Protocol):
    """A file that came with a form under a name."""

    @property
    def name(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Doors:
    """Addresses by name through which papers are added, opened, taken off and put back.

    ``add`` and ``one`` are what stands before a paper's own number in the address.
    """

    names: tuple[str, str, str, str] = ("papers", "open_file", "paper_remove", "paper_return")
    add: tuple[str | int, ...] = ()
    one: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of one record, as a page shows them. ``removed`` is the one just taken off.

    ``may_show``: the asker decides whether the party sees a paper, and reads of each who sees it.
    ``removable``: papers the asker may take off.
    """

    table: str
    number: int
    rows: tuple[Attachment, ...]
    may_pin: bool
    removed: Attachment | None
    doors: Doors
    removable: frozenset[int]
    may_show: bool


# Keeping ---------------------------------------------------------------------------------------


def forget_unfinished(*, now: datetime) -> int:
    """Throw away papers whose coming was cut off a day ago, by a killed server; how many."""
    day_ago = (now - timedelta(days=1)).timestamp()
    old = [
        path
        for folder in ("", "??/")
        for path in Path(settings.FILES_FOLDER).glob(f"{folder}{COMING}*")
        if path.stat().st_mtime < day_ago
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


@transaction.atomic
def keep_file(
    *,
    by: Actor,
    now: datetime,
    stream: Upload,
    name: str,
    limit: int = LIMIT,
    look: Callable[[Path, str], Sort] = sniff,
    keep_place: bool = False,
) -> StoredFile:
    """Keep the bytes of ``stream``, once for the zone; refuses what is too large or not allowed.

    ``look`` tells the sort of a file by its content, or refuses it: papers and sheets differ.
    ``keep_place``: a photo keeps where it was taken; else that never reaches the disk's store.
    """
    with vault.in_memory() as waiting:
        _receive(stream, waiting, limit)
        sort = look(waiting, name)
        signs = signs_of(waiting, sort)
        known = _let_in_before(by, waiting)
        if known is not None:
            return known
        try:
            scanning.scan(waiting)
            content = _made_harmless(waiting, sort, keep_place=keep_place)
        except Doubtful as doubt:
            apart.put(
                by=by, now=now, path=waiting, name=name, media_type=sort.media_type, doubt=doubt
            )
            raise Refused(doubt.words(name), field="paper") from doubt
        if content is not None:
            waiting.write_bytes(content)
            sort = KEPT_AS.get(sort, sort)
        digest, size = _digest(waiting)
        _settle(waiting, digest)
    return _row(by, now, digest, sort, size, signs)


@transaction.atomic
def let_in(*, by: Actor, now: datetime, content: bytes, media_type: str) -> StoredFile:
    """Keep bytes as they came, which a person looked at and lets in."""
    digest = hashlib.sha256(content).hexdigest()
    with vault.in_memory() as waiting:
        waiting.write_bytes(content)
        _settle(waiting, digest)
    return _row(by, now, digest, SORTS[media_type], len(content), ["released"])


def _let_in_before(by: Actor, waiting: Path) -> StoredFile | None:
    """The very bytes that a person looked at and let in are not kept apart again."""
    digest, _size = _digest(waiting)
    if not apart.was_released(digest):
        return None
    return StoredFile.objects.filter(zone_id=by.zone_id, sha256=digest).first()


def _made_harmless(waiting: Path, sort: Sort, *, keep_place: bool) -> bytes | None:
    """What is kept instead of what came: pictures drawn anew, PDFs without what runs; None: as it is."""
    if sort in PICTURES:
        return draw_anew(waiting, sort, keep_place=keep_place)
    return harmless_pdf(waiting) if sort is PDF else None


def _receive(stream: Upload, waiting: Path, limit: int) -> None:
    size = 0
    with waiting.open("wb") as target:
        while chunk := stream.read(1 << 16):
            size += len(chunk)
            if size > limit:
                raise Refused(
                    _("The file is larger than %(limit)s MB; make it smaller or split it.")
                    % {"limit": limit // 2**20},
                    field="paper",
                )
            target.write(chunk)


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return digest, path.stat().st_size


def place_of(digest: str) -> Path:
    """Where the sealed bytes of a digest lie."""
    return _plain_place(digest).with_name(digest + vault.SEALED)


def _plain_place(digest: str) -> Path:
    """Where they lie that came before bytes were sealed."""
    return Path(settings.FILES_FOLDER) / digest[:2] / digest[2:4] / digest


def _key() -> bytes:
    return vault.ensure_key(Path(settings.FILES_KEY), Path(settings.FILES_FOLDER))


def _settle(waiting: Path, digest: str) -> None:
    """Seal the whole file at its place; a file that is there already is the same file."""
    place, key = place_of(digest), _key()
    if place.exists():
        return
    with waiting.open("rb") as stream:
        vault.seal(stream, place, key=key, digest=digest)


def seal_plain(*, limit: int = 1000) -> int:
    """Seal files kept before there was a key; how many were. Killed half-way, the plain one stays."""
    key, done = _key(), 0
    for plain in Path(settings.FILES_FOLDER).glob("??/??/*"):
        if plain.suffix or len(plain.name) != 64 or done >= limit:
            continue
        with plain.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != plain.name:
                continue  # damaged: sealing it would hide that
            stream.seek(0)
            vault.seal(stream, place_of(plain.name), key=key, digest=plain.name)
        plain.unlink()
        done += 1
    return done


# Opening ----------------------------------------------------------------------------------------


def is_kept(digest: str) -> bool:
    """Whether the bytes of a digest are in the store."""
    return place_of(digest).exists() or _plain_place(digest).exists()


def opened(digest: str, name: str = "") -> BinaryIO:
    """The plain bytes of a digest, as a stream that may be skipped through."""
    place = place_of(digest)
    if place.exists():
        sealed = vault.Unsealed(place, key=_key(), digest=digest)
        return io.BufferedReader(sealed, vault.CHUNK)
    try:
        return _plain_place(digest).open("rb")
    except FileNotFoundError as error:
        raise Refused(
            _("The file of %(name)s is missing from the store; bring it back from a backup.")
            % {"name": name or digest[:12]}
        ) from error


def bytes_of(file: StoredFile) -> bytes:
    """All of a kept file."""
    with opened(file.sha256) as stream:
        return stream.read()


@contextmanager
def kept_path(file: StoredFile) -> Iterator[Path]:
    """A kept file as a path, for readers that want one; its bytes stay in memory."""
    with vault.in_memory() as path:
        with opened(file.sha256) as stream, path.open("wb") as plain:
            while chunk := stream.read(vault.CHUNK):
                plain.write(chunk)
        yield path


def _row(
    by: Actor, now: datetime, digest: str, sort: Sort, size: int, signs: list[str]
) -> StoredFile:
    with on_behalf(by):
        file, made = StoredFile.objects.get_or_create(
            zone_id=by.zone_id,
            sha256=digest,
            defaults={
                "media_type": sort.media_type,
                "size": size,
                "kept_at": now,
                "signs": signs,
            },
        )
        if made:
            journal.record(by=by, now=now, verb="keep_file", subject=file, sha256=digest, size=size)
    return file


# Pinning ---------------------------------------------------------------------------------------


def pinnable(*, by: Actor, table: str, number: int) -> Model | None:
    """The record papers may be pinned to, as far as the asker sees it; None: not there."""
    model = model_of(table)
    if model is None or pinning(table) is None or not may_read(table):
        return None
    rows: Any = model._default_manager
    found: Model | None = rows.filter(zone_id=by.zone_id, pk=number).first()
    return found


def may_pin(*, by: Actor, table: str) -> bool:
    """Staff to every record open to papers; outside roles where the room lets them."""
    rule = pinning(table)
    if rule is None or not by.zone_id:
        return False
    return by.is_staff or (rule.by_outside and (by.party_ref is not None or bool(by.key)))


def must_pin(by: Actor, subject: Model) -> None:
    """Whoever stands outside adds to what is theirs while it is open."""
    if not may_pin(by=by, table=subject._meta.db_table):
        raise Refused(_("You may read the papers of this record, not add to them."), field="paper")
    if not by.is_staff and getattr(subject, "closed_at", None) is not None:
        raise Refused(
            _("This is closed, so nothing more is added; reopen it if it is not settled."),
            field="paper",
        )


def party_of(record: Model) -> int | None:
    """The party a record is about, so that the party sees its papers."""
    rule = pinning(record._meta.db_table)
    for name in (rule.about if rule else "", "party_ref", "party_id"):
        found: int | None = getattr(record, name, None) if name else None
        if found is not None:
            return found
    return None


@transaction.atomic
def pin_file(
    *,
    by: Actor,
    now: datetime,
    file: StoredFile,
    subject: Model,
    name: str,
    is_shown: bool = False,
) -> Attachment:
    """Pin a kept file to a record under the name it came with. The same twice is one pin.

    ``is_shown``: the party the record is about sees it too. What the party itself brings it
    always sees.
    """
    table, number = subject._meta.db_table, int(subject.pk)
    must_pin(by, subject)
    rule = pinning(table)
    seen = not by.is_staff or (is_shown and rule is not None and rule.is_shown)
    with on_behalf(by):
        pinned = Attachment.objects.filter(
            zone_id=by.zone_id, subject_type=table, subject_id=number, removed_at=None
        )
        known = pinned.filter(file=file).first()
        if known is not None:
            return known
        if pinned.count() >= MOST_PAPERS:
            raise Refused(
                _("At most %(limit)s papers hang on one record; take one off first.")
                % {"limit": MOST_PAPERS},
                field="paper",
            )
        attachment = Attachment.objects.create(
            zone_id=by.zone_id,
            file=file,
            subject_type=table,
            subject_id=number,
            party_ref=party_of(subject) if seen else None,
            name=tidy_name(name, SORTS[file.media_type]),
            pinned_by_id=by.post_id,
            pinned_at=now,
        )
        journal.record(
            by=by,
            now=now,
            verb="pin_file",
            subject=subject,
            party_ref=attachment.party_ref,
            name=attachment.name,
            sha256=file.sha256[:16],
        )
    return attachment


@transaction.atomic
def pin_uploads(
    *,
    by: Actor,
    now: datetime,
    uploads: Sequence[Named],
    subject: Model,
    is_shown: bool = False,
    only_photos: bool = False,
    keep_place: bool = False,
) -> list[Attachment]:
    """Keep and pin what came with a form: all of it, or nothing with the file's name and reason."""
    if not uploads:
        return []
    must_pin(by, subject)
    if len(uploads) > MOST_AT_ONCE:
        raise Refused(
            _("At most %(limit)s papers at once; send the others after these.")
            % {"limit": MOST_AT_ONCE},
            field="paper",
        )
    pinned = []
    for upload in uploads:
        name = upload.name or ""
        try:
            kept = keep_file(
                by=by,
                now=now,
                stream=upload,
                name=name,
                look=sniff_picture if only_photos else sniff,
                keep_place=keep_place,
            )
        except Refused as refusal:
            raise Refused(
                _("%(name)s: %(why)s") % {"name": name, "why": refusal},
                field="photo" if only_photos else refusal.field,
            ) from refusal
        pinned.append(
            pin_file(by=by, now=now, file=kept, subject=subject, name=name, is_shown=is_shown)
        )
    return pinned


@transaction.atomic
def unpin_file(*, by: Actor, now: datetime, attachment: Attachment) -> Attachment:
    """Take a paper off its record. The bytes stay, and so does the line that says who did it."""
    return _hang(by, now, attachment, removed_at=now, verb="unpin_file")


@transaction.atomic
def pin_again(*, by: Actor, now: datetime, attachment: Attachment) -> Attachment:
    """Take the taking-off back."""
    return _hang(by, now, attachment, removed_at=None, verb="pin_again")


def _may_take_off(by: Actor, attachment: Attachment) -> bool:
    return by.is_staff or attachment.pinned_by_id == by.post_id


def _hang(
    by: Actor, now: datetime, attachment: Attachment, *, removed_at: datetime | None, verb: str
) -> Attachment:
    if not _may_take_off(by, attachment):
        raise Refused(_("Only whoever added this paper, or staff of the zone, takes it off."))
    hung_on = pinnable(by=by, table=attachment.subject_type, number=attachment.subject_id)
    if hung_on is not None:
        must_pin(by, hung_on)
    with on_behalf(by):
        attachment = Attachment.objects.select_for_update().get(pk=attachment.pk)
        if (attachment.removed_at is None) == (removed_at is None):
            return attachment
        attachment.removed_at = removed_at
        attachment.save(update_fields=["removed_at"])
        journal.record(
            by=by,
            now=now,
            verb=verb,
            subject=hung_on or attachment,
            party_ref=attachment.party_ref,
            name=attachment.name,
        )
    return attachment


def tidy_name(name: str, sort: Sort) -> str:
    """The name a paper came under, without paths, signs that steer a screen, or a false ending."""
    bare = re.split(r"[\\/]", name)[-1]
    bare = "".join(c for c in bare if unicodedata.category(c)[0] != "C").strip(" .")
    stem, _dot, ending = bare.rpartition(".")
    if ending.lower() not in (sort.ending, "jpeg" if sort.ending == "jpg" else sort.ending):
        stem, ending = bare, sort.ending
    return f"{stem[: 190 - len(ending)] or 'paper'}.{ending.lower()}"


# Reading ---------------------------------------------------------------------------------------


def papers_of(
    *,
    by: Actor,
    table: str,
    number: int,
    removed: Attachment | None = None,
    doors: Doors | None = None,
    is_closed: bool = False,
) -> Papers:
    """The papers of a record, oldest first, for ``base/_attachments.html``."""
    rule = pinning(table) or Pinning()
    rows = (
        Attachment.objects.filter(
            zone_id=by.zone_id,
            subject_type=table,
            subject_id__in=[number, *rule.kin(number)],
            removed_at=None,
        )
        .select_related("file", "pinned_by__person")
        .order_by("id")
    )
    pins = may_pin(by=by, table=table) and (by.is_staff or not is_closed)
    found = tuple(rows)
    return Papers(
        table=table,
        number=number,
        rows=found,
        may_pin=pins,
        removed=removed,
        doors=doors or Doors(add=(table, number)),
        removable=frozenset(one.pk for one in found if pins and _may_take_off(by, one)),
        may_show=by.is_staff and rule.is_shown,
    )


def paper_of(*, by: Actor, number: int) -> Attachment | None:
    """One paper the asker sees, taken off or not."""
    return Attachment.objects.filter(zone_id=by.zone_id, pk=number).select_related("file").first()


def kept_paper(file: StoredFile, name: str) -> FileResponse:
    """A paper the system made and kept, as a download."""
    return FileResponse(
        opened(file.sha256, name), as_attachment=True, filename=name, content_type=file.media_type
    )


def file_response(attachment: Attachment) -> FileResponse:
    """The bytes, with headers under which they can do nothing but be read."""
    return shown_inside(attachment.file, attachment.name)


def shown_inside(file: StoredFile, name: str) -> FileResponse:
    """A kept file under a name, opened in the browser where its sort may be."""
    sort = SORTS[file.media_type]
    response = FileResponse(
        opened(file.sha256, name),
        as_attachment=not sort.opens_inside,
        filename=name,
        content_type=file.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = PDF_POLICY if sort.ending == "pdf" else POLICY
    response["Cache-Control"] = "private, max-age=300"
    return response
