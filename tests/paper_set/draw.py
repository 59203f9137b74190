"""Papers drawn as pictures and PDFs, in the ways they really arrive. The same seed, the same bytes."""

import io
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from tests.paper_set.layouts import Block, Sheet, lay_out
from xiaoer.web.press import compile_pdf

WAYS = (
    "printed", "scanned", "photographed", "rotated", "stamped", "glare", "low", "pdf",
    "scanned_pdf",
)  # fmt: skip
TURNS = (3, 90, 180, 270)
# Else a file drawn a second later is another one.
_MADE = datetime.fromtimestamp(0, UTC)
_INK = (28, 28, 30)
_RED = (196, 40, 38)
_FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
Picture = np.ndarray[Any, np.dtype[Any]]


def draw(
    kind_code: str, values: Mapping[str, str], *, way: str = "printed", seed: int = 1
) -> bytes:
    """A paper of a kind with these values: JPEG, or PDF where ``way`` says so.

    ``rotated`` turns by what ``seed`` picks; ``rotated-90`` by what it says.
    """
    sheet = lay_out(kind_code, values)
    if way == "pdf":
        return _pdf(sheet)
    rng = np.random.default_rng(seed)
    if way == "stamped":
        return _jpeg(_scan(_stamp(_page(sheet), sheet, rng), rng), 88)
    if way.startswith("rotated"):
        _name, _dash, said = way.partition("-")
        degrees = int(said) if said else TURNS[seed % len(TURNS)]
        return _jpeg(_turn(_scan(_page(sheet), rng), degrees), 88)
    picture = _page(sheet)
    if way == "printed":
        return _jpeg(picture, 92)
    if way == "scanned":
        return _jpeg(_scan(picture, rng), 85)
    if way == "scanned_pdf":
        kept = io.BytesIO()
        scan = Image.fromarray(_scan(picture, rng))
        made = _MADE.utctimetuple()
        scan.save(kept, "PDF", resolution=150, creationDate=made, modDate=made)
        return kept.getvalue()
    if way == "photographed":
        return _jpeg(_photograph(picture, rng), 85)
    if way == "glare":
        return _jpeg(_glare(_photograph(picture, rng), rng), 85)
    if way == "low":
        small = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        return _jpeg(small, 30)
    raise ValueError(f"papers do not come {way}")


def _jpeg(picture: Picture, quality: int) -> bytes:
    kept = io.BytesIO()
    Image.fromarray(picture).save(kept, "JPEG", quality=quality)
    return kept.getvalue()


# The sheet -----------------------------------------------------------------------------------


@cache
def _font(size: int, serif: bool) -> ImageFont.FreeTypeFont:
    name = "NotoSerifSC-Regular.otf" if serif else "NotoSansSC-Regular.otf"
    return ImageFont.truetype(str(_FONTS / name), size)


def _page(sheet: Sheet) -> Picture:
    width, height = sheet.size
    page = Image.new("RGB", sheet.size, (253, 252, 249))
    pen = ImageDraw.Draw(page)
    margin, y = 120, 90 if height < 900 else 130
    for block in sheet.blocks:
        y = _set(pen, block, sheet.serif, margin, y, width)
    assert y < height, f"the sheet is {y} high, of {height}"
    return np.asarray(page)


def _set(pen: ImageDraw.ImageDraw, block: Block, serif: bool, left: int, y: int, width: int) -> int:
    """Set a block and give back where the next begins."""
    if block.kind in ("title", "centre"):
        font = _font(58 if block.kind == "title" else 34, serif)
        pen.text(((width - font.getlength(block.text)) / 2, y), block.text, _INK, font)
        return y + (115 if block.kind == "title" else 70)
    if block.kind == "right":
        font = _font(32, serif)
        pen.text((width - left - font.getlength(block.text), y), block.text, _INK, font)
        return y + 56
    if block.kind == "para":
        return _paragraph(pen, "　　" + block.text, serif, left, y, width - 2 * left) + 12
    if block.kind == "table":
        return _table(pen, block, serif, left, y, width - 2 * left)
    if block.kind == "drawing":
        return _drawing(pen, left, y, width - 2 * left)
    return _label_rows(pen, block, serif, left, y, width)


def _label_rows(
    pen: ImageDraw.ImageDraw, block: Block, serif: bool, left: int, y: int, width: int
) -> int:
    font = _font(33, serif)
    column = max(font.getlength(label) for label, _value in block.rows) + 50
    for label, value in block.rows:
        pen.text((left, y), f"{label}：" if serif else label, _INK, font)
        y = _paragraph(pen, value, serif, int(left + column), y, int(width - 2 * left - column))
        y += 16
    return y + 10


def _paragraph(
    pen: ImageDraw.ImageDraw, text: str, serif: bool, left: int, y: int, width: int
) -> int:
    font = _font(33, serif)
    line = ""
    for sign in text:
        if font.getlength(line + sign) > width:
            pen.text((left, y), line, _INK, font)
            line, y = "", y + 54
        line += sign
    pen.text((left, y), line, _INK, font)
    return y + 54


def _table(
    pen: ImageDraw.ImageDraw, block: Block, serif: bool, left: int, y: int, width: int
) -> int:
    font = _font(31, serif)
    column = width // len(block.rows[0])
    for row in block.rows:
        for place, cell in enumerate(row):
            box = (left + place * column, y, left + (place + 1) * column, y + 66)
            pen.rectangle(box, outline=(90, 90, 90), width=2)
            pen.text((box[0] + 18, y + 10), cell, _INK, font)
        y += 66
    return y + 34


def _drawing(pen: ImageDraw.ImageDraw, left: int, y: int, width: int) -> int:
    """Rooms with doors; no words."""
    bottom = y + 520
    pen.rectangle((left, y, left + width, bottom), outline=_INK, width=6)
    for part in (0.3, 0.62):
        x = left + int(width * part)
        pen.line((x, y, x, bottom - 160), fill=_INK, width=4)
        pen.arc((x - 60, bottom - 220, x + 60, bottom - 100), 0, 90, fill=_INK, width=2)
    pen.line((left, y + 260, left + int(width * 0.3), y + 260), fill=_INK, width=4)
    return bottom + 40


def _pdf(sheet: Sheet) -> bytes:
    """The same blocks set by the press: a PDF with its text in it."""
    width, height = (f"{side * 72 / 150:.1f}pt" for side in sheet.size)
    source = f"""
#let data = json(bytes(sys.inputs.data))
#set page(width: {width}, height: {height}, margin: 56pt)
#set text(font: "{"Noto Serif SC" if sheet.serif else "Noto Sans SC"}", size: 15pt, lang: "zh")
#for block in data.blocks {{
  if block.kind == "title" {{ align(center, text(size: 26pt, block.text)) }}
  else if block.kind == "centre" {{ align(center, block.text) }}
  else if block.kind == "right" {{ align(right, block.text) }}
  else if block.kind == "para" {{ par(first-line-indent: (amount: 2em, all: true), block.text) }}
  else if block.kind == "rows" {{
    grid(columns: (auto, 1fr), gutter: 12pt, ..block.rows.flatten().map(cell => [#cell]))
  }}
  else if block.kind == "table" {{
    table(columns: block.rows.at(0).len() * (1fr,), ..block.rows.flatten().map(cell => [#cell]))
  }}
  else {{ rect(width: 100%, height: 120pt) }}
}}
"""
    blocks = [
        {"kind": block.kind, "text": block.text, "rows": [list(row) for row in block.rows]}
        for block in sheet.blocks
    ]
    return compile_pdf(source, {"blocks": blocks}, made_at=_MADE)


# The ways ------------------------------------------------------------------------------------


def _noise(picture: Picture, rng: np.random.Generator, sigma: float) -> Picture:
    grain = rng.standard_normal(picture.shape, dtype=np.float32)
    rough = picture.astype(np.float32) + sigma * grain
    kept: Picture = np.clip(rough, 0, 255).astype(np.uint8)
    return kept


def _scan(picture: Picture, rng: np.random.Generator) -> Picture:
    """A flatbed: a little soft, grainy, a hair askew."""
    askew = _turn(picture, float(rng.uniform(-0.6, 0.6)))
    return _noise(cv2.GaussianBlur(askew, (3, 3), 0.7), rng, 5)


def _turn(picture: Picture, degrees: float) -> Picture:
    """Turned counter-clockwise; quarter turns lose nothing, others fill with white."""
    if degrees in (90, 180, 270):
        return np.ascontiguousarray(np.rot90(picture, int(degrees) // 90))
    height, width = picture.shape[:2]
    around = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    cos, sin = abs(around[0, 0]), abs(around[0, 1])
    wide, high = int(height * sin + width * cos), int(height * cos + width * sin)
    around[:, 2] += np.array((wide / 2 - width / 2, high / 2 - height / 2))
    turned: Picture = cv2.warpAffine(
        picture, around, (wide, high), flags=cv2.INTER_CUBIC, borderValue=(250, 250, 248)
    )
    return turned


def _stamp(picture: Picture, sheet: Sheet, rng: np.random.Generator) -> Picture:
    """A round red seal with its name around a star, pressed across the text."""
    height, width = picture.shape[:2]
    radius = 150
    seal = Image.new("RGB", (2 * radius, 2 * radius), (255, 255, 255))
    pen = ImageDraw.Draw(seal)
    pen.ellipse((6, 6, 2 * radius - 6, 2 * radius - 6), outline=_RED, width=8)
    star = [
        (
            radius + (52 if point % 2 == 0 else 20) * math.sin(point * math.pi / 5),
            radius - (52 if point % 2 == 0 else 20) * math.cos(point * math.pi / 5),
        )
        for point in range(10)
    ]
    pen.polygon(star, fill=_RED)
    name = sheet.seal[:18] or "示范印章"
    for place, sign in enumerate(name):
        angle = 225 - 270 * (place + 0.5) / len(name)
        tile = Image.new("RGB", (44, 44), (255, 255, 255))
        ImageDraw.Draw(tile).text((5, 0), sign, _RED, _font(32, serif=True))
        tile = tile.rotate(angle - 90, fillcolor=(255, 255, 255), resample=Image.Resampling.BICUBIC)
        x = radius + (radius - 42) * math.cos(math.radians(angle)) - 22
        y = radius - (radius - 42) * math.sin(math.radians(angle)) - 22
        seal.paste(tile, (int(x), int(y)))
    turned = seal.rotate(float(rng.uniform(-12, 12)), fillcolor=(255, 255, 255))
    x = int(width * rng.uniform(0.42, 0.62)) - radius
    y = int(height * rng.uniform(0.28, 0.55)) - radius
    page = picture.astype(np.float32)
    ink = np.asarray(turned).astype(np.float32) / 255
    part = page[y : y + 2 * radius, x : x + 2 * radius]
    page[y : y + 2 * radius, x : x + 2 * radius] = part * (0.12 + 0.88 * ink)
    stamped: Picture = np.clip(page, 0, 255).astype(np.uint8)
    return stamped


def _photograph(picture: Picture, rng: np.random.Generator) -> Picture:
    """A sheet on a dark table, seen from the side, lit unevenly, with grain."""
    height, width = picture.shape[:2]
    wide, high = int(width * 1.16), int(height * 1.14)
    rough = rng.normal(0, 1, (high // 8 + 1, wide // 8 + 1)).astype(np.float32)
    grain = cv2.resize(rough, (wide, high), interpolation=cv2.INTER_CUBIC)
    table = np.array((74, 58, 46), np.float32) + 7 * grain[..., None]
    left, top = (wide - width) / 2, (high - height) / 2
    start = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    shift = rng.uniform(-0.045, 0.045, (4, 2)) * (width, height)
    goal = (start + np.array((left, top)) + shift).astype(np.float32)
    seen = cv2.getPerspectiveTransform(start, goal)
    sheet = cv2.warpPerspective(picture, seen, (wide, high), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), seen, (wide, high))
    share = (mask.astype(np.float32) / 255)[..., None]
    photo = sheet.astype(np.float32) * share + table * (1 - share)
    angle = float(rng.uniform(0, 2 * math.pi))
    down, across = np.mgrid[0:high, 0:wide].astype(np.float32)
    slope = (across / wide - 0.5) * math.cos(angle) + (down / high - 0.5) * math.sin(angle)
    photo *= (0.86 + 0.3 * slope)[..., None]
    photo *= np.array((1.02, 1.0, 0.94), np.float32)
    soft = cv2.GaussianBlur(np.clip(photo, 0, 255).astype(np.uint8), (3, 3), 0.8)
    return _noise(soft, rng, 6)


def _glare(picture: Picture, rng: np.random.Generator) -> Picture:
    """A lamp reflected on the sheet: white in its middle, fading out."""
    height, width = picture.shape[:2]
    x, y = width * rng.uniform(0.35, 0.7), height * rng.uniform(0.2, 0.6)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    away = ((across - x) / (width * 0.17)) ** 2 + ((down - y) / (height * 0.05)) ** 2
    light = np.clip(1.25 * np.exp(-away), 0, 1)[..., None]
    lit: Picture = np.clip(picture * (1 - light) + 255 * light, 0, 255).astype(np.uint8)
    return lit
