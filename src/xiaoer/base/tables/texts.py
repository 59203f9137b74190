"""CSV and JSON as they come out of other systems: encodings, delimiters, shapes."""

import codecs
import csv
import io
import json
from collections import Counter
from collections.abc import Mapping

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.base.tables.cells import Cell
from xiaoer.base.tables.limits import Limits, too_large_words

DELIMITERS = (",", "\t", ";", "|", "，")
_FIELD = 100_000


class Nested(str):
    """A list or object where a value was expected: shown to the person, never taken as a value."""


def decode(content: bytes) -> tuple[str, str]:
    """The text and the encoding it was written in; raises Refused when none fits."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _decode_as(content, name), name
    nulls = content[:2000].count(0)
    if nulls:
        return _decode_unmarked(content)
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_as(content, "gb18030"), "gb18030"


def _decode_unmarked(content: bytes) -> tuple[str, str]:
    """UTF-16 without its mark: nulls are one half of a delimiter, a digit or a line's end."""
    top = content[:2000]
    name = "utf-16-be" if top[::2].count(0) > top[1::2].count(0) else "utf-16-le"
    text = content.decode(name, "replace")
    if "\0" in text or "\ufffd" in text or not any(sign in text for sign in ("\n", *DELIMITERS)):
        raise Refused(_binary_words())
    return text, name


def _decode_as(content: bytes, name: str) -> str:
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(
            _(
                "The text near line %(line)s is in no known encoding (UTF-8, GB18030, UTF-16). "
                "Open the file in Excel, save it as .xlsx and upload that."
            )
            % {"line": line}
        ) from error
    if "\0" in text:
        raise Refused(_binary_words())
    return text


def _binary_words() -> str:
    return _("This is not a text file. Upload an Excel workbook, a CSV or a JSON file.")


def read_csv(content: bytes, limits: Limits) -> tuple[list[list[Cell]], str]:
    """Rows as Excel would number them, and a note on how they were read."""
    text, encoding = decode(content)
    delimiter = sniff_delimiter(text)
    csv.field_size_limit(_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[Cell]] = []
    width = 0
    try:
        for row in reader:
            rows.append(row)  # type: ignore[arg-type]  # cells of a text are text
            width = max(width, len(row))
            if not limits.allow(len(rows), width):
                raise Refused(too_large_words(len(rows), width, limits))
    except csv.Error as error:
        raise Refused(
            _(
                "A quotation mark near line %(line)s opens or closes in the wrong place, so the "
                "columns cannot be told apart. Correct that line, or save the table as .xlsx."
            )
            % {"line": len(rows) + 1}
        ) from error
    even_out(rows)
    shown = {"\t": "TAB"}.get(delimiter, delimiter)
    note = _("Read as %(encoding)s, columns parted by %(delimiter)s")
    return rows, note % {"encoding": encoding.upper(), "delimiter": shown}


def even_out(rows: list[list[Cell]]) -> None:
    """Make all rows equally wide."""
    width = max(map(len, rows), default=0)
    for row in rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))


def sniff_delimiter(text: str) -> str:
    """The delimiter that cuts most of the first lines into the same number of columns."""
    lines = text[:20_000].splitlines()[:40]
    best, most = ",", (0, 0)
    for delimiter in DELIMITERS:
        widths = Counter(_count_outside_quotes(line, delimiter) for line in lines)
        del widths[0]
        if widths:
            width, often = widths.most_common(1)[0]
            if (often, width) > most:
                best, most = delimiter, (often, width)
    return best


def _count_outside_quotes(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split('"')[::2])


def read_json(content: bytes, limits: Limits) -> list[list[Cell]]:
    """Row 0 holds the names, row n the n-th object: a list, {"rows": [...]}, or one per line."""
    text, _encoding = decode(content)
    # Counted first: a file of nothing but brackets would fill the memory many times over.
    if max(text.count("{"), text.count("[")) > 2 * limits.rows or text.count(",") > limits.cells:
        raise Refused(too_large_words(text.count("{"), 1, limits))
    objects = _json_objects(text)
    names: dict[str, int] = {}
    for number, item in enumerate(objects, start=1):
        if not isinstance(item, dict):
            raise Refused(
                _("Entry %(number)s of the JSON file is not an object. Each row is an object.")
                % {"number": number}
            )
        for name in item:
            names.setdefault(name, len(names))
        if not limits.allow(number, len(names)):
            raise Refused(too_large_words(number, len(names), limits))
    if not names:
        raise Refused(_("The JSON file holds no rows. It should be a list of objects."))
    rows: list[list[Cell]] = [list(names)]
    rows += [[_json_cell(item.get(name)) for name in names] for item in objects]
    return rows


def _json_objects(text: str) -> list[dict[str, object]]:
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise Refused(
            _("The JSON file is nested too deeply. Each row is a flat object.")
        ) from error
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            if len(lines) > 1:
                return [json.loads(line) for line in lines]
        except (ValueError, RecursionError):
            pass
        raise Refused(
            _("The file begins like JSON but is not: %(error)s. Export it again.")
            % {"error": str(error)}
        ) from error
    if isinstance(found, Mapping) and isinstance(found.get("rows"), list):
        found = found["rows"]
    return found if isinstance(found, list) else [found]


def _json_cell(value: object) -> Cell:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    return Nested(json.dumps(value, ensure_ascii=False))
