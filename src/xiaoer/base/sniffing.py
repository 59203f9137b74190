"""What a file really is: looked at, not believed. What is not on the list is not kept.

Pictures are drawn anew, so that where they were taken, and whatever hides behind them, stays
outside. Everything else is checked to be one thing from its first byte to its last.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pillow_heif
import puremagic
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from xiaoer.base.refusals import Refused

MOST_PIXELS = 50_000_000
MOST_UNPACKED = 300 * 2**20
MOST_PARTS = 5_000
_TAIL = 66_000


@dataclass(frozen=True, slots=True)
class Sort:
    """A kind of file that is kept. ``opens_inside``: the browser may show it instead of saving it."""

    media_type: str
    ending: str
    opens_inside: bool = False


PDF = Sort("application/pdf", "pdf", opens_inside=True)
JPEG = Sort("image/jpeg", "jpg", opens_inside=True)
PNG = Sort("image/png", "png", opens_inside=True)
WEBP = Sort("image/webp", "webp", opens_inside=True)
DOCX = Sort("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")
XLSX = Sort("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
CSV = Sort("text/csv", "csv")
TEXT = Sort("text/plain", "txt")
# Kept as sheets to bring in only; never pinned as papers.
XLS = Sort("application/vnd.ms-excel", "xls")
JSON = Sort("application/json", "json")
SORTS = {sort.media_type: sort for sort in (PDF, JPEG, PNG, WEBP, DOCX, XLSX, CSV, TEXT, XLS, JSON)}
# What telephones take and office computers cannot show: kept as JPG.
HEIC = Sort("image/heic", "heic")
PICTURES = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", HEIC: "HEIF"}
KEPT_AS = {HEIC: JPEG}
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# Where it was taken, and nothing else of what a camera notes: latitude, longitude, height.
_PLACE = range(1, 7)

pillow_heif.register_heif_opener()


def sniff(path: Path, name: str) -> Sort:
    """The sort of a file by its content, its name only where content cannot tell (csv or text)."""
    with path.open("rb") as stream:
        head = stream.read(8192)
    if not head:
        raise Refused(_("The file is empty; choose another."), field="paper")
    if head.startswith(b"%PDF-"):
        return _pdf(path)
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    return _text(path, head, name)


def sniff_picture(path: Path, name: str) -> Sort:
    """The sort of a photo by its content; what is no picture is refused."""
    sort = sniff(path, name)
    if sort not in PICTURES:
        raise Refused(
            _("This is no photo (%(kind)s); send papers with the papers.")
            % {"kind": sort.ending.upper()},
            field="paper",
        )
    return sort


def _stranger(head: bytes) -> Refused:
    """Names what it looks like, so that the sender knows what to do."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        found = []
    looks = found[0].name if found and found[0].name else _("an unknown kind of file")
    return Refused(
        _(
            "This is not accepted (%(kind)s). Send a PDF, a picture (JPG, PNG, WebP, HEIC), Word or "
            "Excel without macros, CSV or plain text."
        )
        % {"kind": looks[:80]},
        field="paper",
    )


def _two_things(what: str) -> Refused:
    return Refused(
        _("Something else is hidden in this %(kind)s. Save it again and send the new file.")
        % {"kind": what},
        field="paper",
    )


def _tail(path: Path) -> bytes:
    with path.open("rb") as stream:
        stream.seek(0, io.SEEK_END)
        stream.seek(max(0, stream.tell() - _TAIL))
        return stream.read()


def _pdf(path: Path) -> Sort:
    """A PDF ends where it says it ends; an archive appended behind it is another file."""
    tail = _tail(path)
    _before, end, after = tail.rpartition(b"%%EOF")
    if not end:
        raise Refused(_("The PDF is cut off; save it again and send it whole."), field="paper")
    if after.strip(b"\r\n\t \0") or b"PK\x05\x06" in tail:
        raise _two_things("PDF")
    return PDF


def _office(path: Path) -> Sort:
    """Word or Excel: the right parts, no macros, nothing that unpacks beyond reason."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename.lower() for part in parts}
            sort = _office_sort(names)
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Refused(_("The document unpacks to far too much."), field="paper")
            if path.stat().st_size != _end_of(path, archive):
                raise _two_things(sort.ending)
            _read_through(archive, parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise Refused(_("The document is damaged; save it again."), field="paper") from error
    except RuntimeError as error:  # zipfile's word for "encrypted, password required"
        words = _("The document is protected by a password; remove it and send it again.")
        raise Refused(words, field="paper") from error
    return sort


def _office_sort(names: set[str]) -> Sort:
    if any(name.endswith("vbaproject.bin") or "macrosheets/" in name for name in names):
        raise Refused(
            _("The document contains macros, which are not accepted; save it without them."),
            field="paper",
        )
    if "[content_types].xml" in names:
        if "word/document.xml" in names:
            return DOCX
        if "xl/workbook.xml" in names:
            return XLSX
    raise Refused(_("Packed files are not accepted; send the papers one by one."), field="paper")


def _end_of(path: Path, archive: zipfile.ZipFile) -> int:
    """Where the archive ends by its own account."""
    tail = _tail(path)
    place = tail.rfind(b"PK\x05\x06")
    size = path.stat().st_size
    return size - len(tail) + place + 22 + len(archive.comment)


def _read_through(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """The directory may lie about sizes; reading every part proves them, within the limit."""
    unpacked = 0
    for part in parts:
        with archive.open(part) as stream:
            while chunk := stream.read(1 << 20):
                unpacked += len(chunk)
                if unpacked > MOST_UNPACKED:
                    raise Refused(_("The document unpacks to far too much."), field="paper")


_MARKUP = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|meta|table|img|style|\?xml|"
    rb"\?php|xml|math|link|form|a\s)",
    re.IGNORECASE,
)


def _text(path: Path, head: bytes, name: str) -> Sort:
    """Plain text by its bytes: no zero byte, readable throughout, and no page of a browser."""
    ending = name.rpartition(".")[2].lower()
    if ending not in ("csv", "txt") or b"\0" in head:
        raise _stranger(head)
    if _MARKUP.search(head) or head.startswith((b"%!PS", b"#!", b"{\\rtf", b"MZ", b"GIF8")):
        raise Refused(
            _("This is a page or a program under the name of a text; send plain text."),
            field="paper",
        )
    content = path.read_bytes()
    if b"\0" in content or not any(_reads(content, code) for code in ("utf-8-sig", "gb18030")):
        raise _stranger(head)
    return CSV if ending == "csv" else TEXT


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def draw_anew(path: Path, sort: Sort, *, keep_place: bool = False) -> bytes:
    """The picture's pixels, upright, and nothing else: no camera, no bytes behind it.

    ``keep_place``: where it was taken stays too, for whoever asked for it.
    """
    try:
        with Image.open(path, formats=[PICTURES[sort]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(
                    _("The picture has %(size)s million pixels; at most %(limit)s are kept.")
                    % {
                        "size": picture.width * picture.height // 10**6,
                        "limit": MOST_PIXELS // 10**6,
                    },
                    field="paper",
                )
            place = _place_of(picture) if keep_place else Image.Exif()
            upright = ImageOps.exif_transpose(picture)
            flat = KEPT_AS.get(sort, sort) is JPEG or "A" not in _bands(upright)
            plain = upright.convert("RGB" if flat else "RGBA")
    except Image.DecompressionBombError as error:
        words = _("The picture unfolds to far too many pixels.")
        raise Refused(words, field="paper") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, zlib.error) as error:
        raise Refused(_("The picture is damaged; send it again."), field="paper") from error
    clean = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    kept = io.BytesIO()
    clean.save(kept, PICTURES[KEPT_AS.get(sort, sort)], quality=88, exif=place)
    return kept.getvalue()


def _place_of(picture: Image.Image) -> Image.Exif:
    kept = Image.Exif()
    noted = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    place = {tag: value for tag, value in noted.items() if tag in _PLACE}
    if place:
        kept[ExifTags.IFD.GPSInfo] = place
    return kept


def _bands(picture: Image.Image) -> tuple[str, ...]:
    return ("A",) if "transparency" in picture.info else picture.getbands()
