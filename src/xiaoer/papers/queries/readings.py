"""What was read of papers: fields by code, what to tell a person, and the field's crop."""

from collections.abc import Mapping

import cv2
import numpy as np
from django.utils.translation import gettext as _

from xiaoer.base import files
from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.papers.models import FieldRead, Reading
from xiaoer.papers.ocr import pictures
from xiaoer.papers.ocr.documents import MOST_PAGES, PDF, Unreadable, pages_in, picture_of
from xiaoer.papers.queries.kinds import fields_shown

_MARGIN = 70
_BOX = (20, 120, 200)  # amber, as OpenCV orders it


def fields_of(reading: Reading) -> dict[str, FieldRead]:
    """Each field by its code, as it was read; one that was not found is not here."""
    return {one.code: one for one in FieldRead.objects.filter(reading=reading)}


def sign_words(code: str) -> str:
    """What a person is told about a file."""
    return str(_sign_words().get(code, code))


def _sign_words() -> Mapping[str, str]:
    return {
        "editor": _("The picture was saved by a program for editing pictures."),
        "recompressed": _("The picture was compressed more than once."),
        "screenshot": _("This is a picture of a screen."),
        "changed_pdf": _("The PDF was changed after it was made."),
        "edited_pdf": _("The PDF comes from a program for editing."),
        "released": _("The file was kept apart at first; a person let it in."),
        "glare": _("Light lies on the paper."),
        "seal": _("A seal lies on the paper."),
        "more_pages": _("Only the first pages were read."),
        "other_party": _("The same file was handed in for another party."),
    }


def why_words(code: str) -> str:
    """Why a paper could not be read, and what to do."""
    return {
        "damaged": _("The file is damaged; save it again and hand it in anew."),
        "no_pages": _("The file has no pages."),
        "no_picture": _("Only pictures and PDFs are read."),
        "too_large": _("The file takes more memory than reading may use; make it smaller."),
        "too_slow": _("Reading took too long and was stopped; try again."),
        "died": _("Reading broke off; try again."),
        "no_engine": _("Reading did not start; tell the administrator, then try again."),
        "blank": _("Nothing stands on it that can be read; take the picture again, closer."),
    }.get(code, code)


def pages_of_file(file: StoredFile) -> int:
    """How many pages of a kept file can be looked at; nought of what is neither picture nor PDF."""
    if file.media_type != PDF and not file.media_type.startswith("image/"):
        return 0
    return min(pages_in(files.bytes_of(file), file.media_type), MOST_PAGES)


def page_shown(file: StoredFile, number: int, reading: Reading | None = None) -> bytes:
    """PNG of a page of a kept file; where it was read, each found field in its box."""
    if reading is not None and reading.state == Reading.State.DONE and number <= reading.pages:
        boxes = [
            (one.read.box, one.is_sure)
            for one in fields_shown(reading)
            if one.read is not None and one.read.box and one.read.page == number
        ]
        return pictures.as_png(pictures.with_boxes(page_picture(reading, number), boxes))
    try:
        return pictures.as_png(picture_of(files.bytes_of(file), file.media_type, number))
    except Unreadable as error:
        raise Refused(why_words(str(error))) from error


def page_picture(reading: Reading, number: int = 1) -> pictures.Picture:
    """A page as it was read: flat and, of one page, upright. What boxes are parts of."""
    content = files.bytes_of(reading.file)
    try:
        page = picture_of(content, reading.file.media_type, number)
    except Unreadable as error:
        raise Refused(why_words(str(error))) from error
    if reading.way == "text_layer" and reading.file.media_type == PDF:
        return page
    flat = pictures.flatten(page)
    return pictures.turn(flat, reading.turned) if reading.turned else flat


def crop(reading: Reading, code: str) -> bytes:
    """PNG of a field's surroundings with its box; refused where it has no place on the paper."""
    field = FieldRead.objects.filter(reading=reading, code=code).first()
    if field is None or not field.box:
        raise Refused(_("This was not found on the paper; look at the whole page."))
    page = page_picture(reading, field.page)
    height, width = page.shape[:2]
    x, y, w, h = field.box
    left, top = int(x * width), int(y * height)
    right, bottom = int((x + w) * width), int((y + h) * height)
    shown = np.ascontiguousarray(page)
    cv2.rectangle(shown, (left - 5, top - 4), (right + 5, bottom + 4), _BOX, 3)
    part = shown[
        max(0, top - _MARGIN) : bottom + _MARGIN,
        max(0, left - 4 * _MARGIN) : right + 4 * _MARGIN,
    ]
    return pictures.as_png(np.ascontiguousarray(part))
