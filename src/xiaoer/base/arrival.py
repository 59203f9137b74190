"""What a file tells of itself on arrival, before it is drawn anew: told to people, never to a rule.

Codes: ``editor`` (saved by an editing program), ``recompressed`` (a JPEG made from a JPEG),
``screenshot``, ``changed_pdf`` (saved again over what it was), ``edited_pdf``.
"""

import re
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from xiaoer.base.sniffing import JPEG, PDF, PICTURES, PNG, Sort

_EDITORS = re.compile(
    rb"photoshop|lightroom|gimp|meitu|\xe7\xbe\x8e\xe5\x9b\xbe|picsart|snapseed|pixlr|canva|"
    rb"paint\.net|photoscape|xingtu|affinity|coreldraw|acdsee|pixelmator",
    re.IGNORECASE,
)
_PDF_EDITORS = re.compile(
    rb"photoshop|illustrator|gimp|inkscape|foxit.{0,12}edit|pdfelement|nitro|sejda|smallpdf|ilovepdf|"
    rb"coreldraw|pdf.?xchange",
    re.IGNORECASE,
)
_SOFTWARE, _MAKER, _COMMENT = 0x0131, 0x010F, 0x9286
_HEAD = 1 << 17
# Width and height of common telephone screens, in either direction.
_SCREENS = frozenset(
    {(1080, 1920), (1080, 2340), (1080, 2400), (1080, 2412), (1170, 2532), (1179, 2556),
     (1125, 2436), (1242, 2688), (1284, 2778), (1290, 2796), (750, 1334), (828, 1792),
     (1220, 2712), (1260, 2800), (1440, 3200), (720, 1600)}
)  # fmt: skip


def signs_of(path: Path, sort: Sort) -> list[str]:
    """Codes of what was noticed; a file that cannot be looked at tells nothing."""
    if sort is PDF:
        return _of_pdf(path.read_bytes())
    if sort not in PICTURES:
        return []
    try:
        with Image.open(path, formats=[PICTURES[sort]]) as picture:
            return _of_picture(path, picture, sort)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, zlib.error,
            Image.DecompressionBombError):  # fmt: skip
        return []


def _of_pdf(content: bytes) -> list[str]:
    signs = []
    producer = b" ".join(re.findall(rb"/(?:Producer|Creator)\s*\(([^)]{0,120})\)", content))
    if _PDF_EDITORS.search(producer):
        signs.append("edited_pdf")
    if content.count(b"startxref") > 1 and b"/Linearized" not in content[:2048]:
        signs.append("changed_pdf")
    return signs


def _of_picture(path: Path, picture: Image.Image, sort: Sort) -> list[str]:
    signs = []
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    noted = picture.getexif()
    software = str(noted.get(_SOFTWARE, "")).encode()
    packet = re.search(rb"CreatorTool[=>\"\s]{1,3}([^<\"]{0,80})", head)
    if _EDITORS.search(software) or (packet and _EDITORS.search(packet.group(1))) or (
        b"Photoshop 3.0" in head and b"8BIM\x04\x25" in head
    ):  # fmt: skip
        signs.append("editor")
    if _is_screenshot(picture, noted, sort):
        signs.append("screenshot")
    if sort is JPEG and is_recompressed(picture):
        signs.append("recompressed")
    return signs


def _is_screenshot(picture: Image.Image, noted: Image.Exif, sort: Sort) -> bool:
    if b"screenshot" in str(noted.get(_COMMENT, "")).lower().encode():
        return True
    size = (min(picture.size), max(picture.size))
    return sort is PNG and not noted.get(_MAKER) and size in _SCREENS


def is_recompressed(picture: Image.Image) -> bool:
    """Whether a JPEG was made of a coarser JPEG: its coefficients then avoid every other step."""
    tables = getattr(picture, "quantization", None)
    if not tables or picture.width * picture.height > 8_000_000:
        return False
    grey = np.asarray(picture.convert("YCbCr").getchannel(0), np.float32) - 128
    rows, columns = grey.shape[0] // 8, grey.shape[1] // 8
    if rows * columns < 1500:
        return False
    blocks = grey[: rows * 8, : columns * 8].reshape(rows, 8, columns, 8).swapaxes(1, 2)
    busy = blocks.reshape(-1, 8, 8)
    busy = busy[busy.std(axis=(1, 2)) > 6]
    if len(busy) < 800:
        return False
    wave = np.array(
        [[np.cos((2 * x + 1) * u * np.pi / 16) for x in range(8)] for u in range(8)], np.float32
    ) * np.array([np.sqrt(1 / 8)] + [0.5] * 7, np.float32)[:, None]  # fmt: skip
    found = 0
    # Zigzag places of the first coefficients: (row, column) and their step.
    for order, (row, column) in ((1, (0, 1)), (2, (1, 0)), (4, (1, 1))):
        step = tables[0][order]
        values = np.einsum("i,nij,j->n", wave[row], busy[:8000], wave[column]) / step
        found += _is_combed(np.rint(values).astype(np.int64))
    return found >= 2


def _is_combed(values: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> bool:
    """Whether the steps come in waves: many, hardly any, many again."""
    counts = np.bincount(np.abs(values)[np.abs(values) <= 30], minlength=31)[1:].astype(np.float64)
    usual = np.convolve(counts, np.ones(9) / 9, "valid")
    if float(usual.min()) < 25:
        return False
    return float((counts[4:-4] / usual - 1).std()) > 0.38
