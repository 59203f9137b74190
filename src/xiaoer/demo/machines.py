"""Pictures of invented machines, drawn, not taken anywhere; and the plain papers that come with them."""

import random
from functools import cache
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from xiaoer.web.press import compile_pdf

SIZE = (960, 640)
WALL, FLOOR, SHADOW, LINE = (226, 230, 233), (196, 200, 202), (150, 154, 156), (64, 70, 74)
PAINTS = ((58, 104, 140), (70, 120, 96), (176, 120, 52), (112, 112, 128), (150, 74, 64))

SHEET = """
#let d = json(bytes(sys.inputs.data))
#set page(width: 420pt, height: 594pt, margin: 50pt)
#set text(font: "Noto Serif SC", size: 12pt, lang: "zh")
#align(center, text(size: 20pt)[#d.title])
#v(18pt)
#d.words
"""


def drawn(sort: str, number: int) -> SimpleUploadedFile:
    """A picture of a thing of some sort; the same number gives the same picture, and one paint is
    on all pictures of a thing."""
    paint = random.Random(sort).choice(PAINTS)
    dice = random.Random(f"{sort} {number}")
    picture = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 430, *SIZE), fill=FLOOR)
    for x in range(0, SIZE[0], 160):
        draw.line((x, 0, x, 430), fill=(214, 218, 221), width=3)
    left, right, top = dice.randrange(150, 230), dice.randrange(700, 800), dice.randrange(180, 240)
    draw.ellipse((left - 30, 500, right + 40, 570), fill=SHADOW)
    draw.rounded_rectangle((left, top, right, 535), 18, fill=paint, outline=LINE, width=4)
    cabin = left + (right - left) * dice.randrange(35, 60) // 100
    draw.rounded_rectangle(
        (left + 30, top + 40, cabin, 430), 10, fill=(205, 222, 230), outline=LINE, width=3
    )
    for y in range(top + 60, 420, 34):
        draw.line((left + 44, y, cabin - 14, y), fill=(170, 190, 200), width=4)
    draw.rectangle((cabin + 40, top + 50, right - 40, top + 130), fill=(40, 46, 50))
    for n in range(dice.randrange(3, 6)):
        x = cabin + 56 + n * 38
        draw.ellipse(
            (x, top + 160, x + 22, top + 182),
            fill=dice.choice(((210, 64, 54), (74, 160, 92), (230, 180, 60))),
        )
    for x in range(left + 20, right - 30, 120):
        draw.rectangle((x, 535, x + 36, 560), fill=LINE)
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=82)
    return SimpleUploadedFile(f"{sort}.jpg", stream.getvalue(), "image/jpeg")


def sheet(title: str, words: str) -> SimpleUploadedFile:
    """A paper with a title and a sentence, such as an invoice or a power of attorney."""
    return SimpleUploadedFile(f"{title}.pdf", _pdf(title, words), "application/pdf")


@cache
def _pdf(title: str, words: str) -> bytes:
    return compile_pdf(SHEET, {"title": title, "words": words})
