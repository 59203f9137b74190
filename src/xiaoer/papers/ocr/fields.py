"""Fields off a paper: the value after its label, beside it or below it, or by its pattern.

What was found twice and differs keeps both and is not sure; nothing is chosen in silence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from xiaoer.papers.ocr import normal
from xiaoer.papers.ocr.lines import Page, Placed, joined, place

UNSURE = 0.4
"""How sure a value is at most that two readings of it disagree about."""
MOST_LINES_ON = 2
_WIDE = "\u4e00-\u9fff"
_BEFORE = re.compile(rf"(^|[^{_WIDE}\w]|第[一二三四五六七八九十]+条)$")
_SEPARATOR = re.compile(r"^[:：;]|^为(?=[\d零-龟])|^是(?=\d)")
_SENTENCE_END = re.compile(r"[,，。;；]")
_WORDS_END = re.compile(r"[,，。]")
_MARK = re.compile(r"^[(（]?[一二三四五六七八九十\d]+[)）、.．]")
_EXACT = frozenset({normal.NUMBER, normal.MONEY, normal.DATE, normal.CREDIT_CODE, normal.PLATE})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field to look for, as ``PaperField`` has it."""

    code: str
    sort: str
    labels: tuple[str, ...] = ()
    pattern: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Some signs of a line, in ``plain`` counting."""

    placed: Placed
    begin: int
    end: int

    @property
    def text(self) -> str:
        return self.placed.plain[self.begin : self.end]

    @property
    def sure(self) -> float:
        signs = self.placed.signs[self.begin : self.end]
        counted = [
            self.placed.line.sure[number]
            for number, plain in zip(signs, self.text, strict=True)
            if plain.isalnum() and plain not in "年月日" and not self._is_dash(number)
        ]
        return min(counted, default=0.0)

    def _is_dash(self, number: int) -> bool:
        """A dash between streets is read as the numeral one, never surely; it says nothing."""
        text = self.placed.line.text
        return text[number] == "一" and number > 0 and text[number - 1] in normal.BEFORE_DASH

    @property
    def box(self) -> tuple[float, float, float, float]:
        signs = self.placed.signs
        return self.placed.line.part(signs[self.begin], signs[self.end - 1] + 1)


@dataclass(frozen=True, slots=True)
class Found:
    """A field as it was found. ``value`` is normal, empty where it is no such value."""

    code: str
    text: str = ""
    value: str = ""
    confidence: float = 0.0
    page: int = 1
    box: tuple[float, float, float, float] | None = None
    others: tuple[str, ...] = ()
    spans: tuple[Span, ...] = field(default=(), compare=False)

    def told(self) -> dict[str, Any]:
        """As it travels between processes and is kept."""
        return {
            "code": self.code,
            "text": self.text[:500],
            "value": self.value[:500],
            "confidence": round(self.confidence, 4),
            "page": self.page,
            "box": None if self.box is None else [round(part, 4) for part in self.box],
            "others": [other[:500] for other in self.others],
        }


def find(pages: Sequence[Page], wanted: Sequence[Wanted]) -> list[Found]:
    """Every wanted field, in the order asked; what is not there has no text."""
    sheets = [place(page) for page in pages]
    labels = sorted({_key(label) for one in wanted for label in one.labels}, key=len, reverse=True)
    return [_find(sheets, one, labels) for one in wanted]


def _key(label: str) -> str:
    return normal_label(label)


def normal_label(label: str) -> str:
    """A label as lines are searched for it: without blanks, wide brackets narrow."""
    return "".join(label.split()).replace("（", "(").replace("）", ")")


def _find(sheets: list[list[Placed]], wanted: Wanted, labels: list[str]) -> Found:
    candidates: list[Found] = []
    for sheet in sheets:
        for label in wanted.labels:
            candidates += _after(sheet, wanted, normal_label(label), labels)
    read = [one for one in candidates if one.value]
    if not read and wanted.pattern:
        read = [found for sheet in sheets for found in _by_pattern(sheet, wanted)]
    if not read:
        return candidates[0] if candidates else Found(wanted.code)
    return _agreed(read, wanted)


def _agreed(read: list[Found], wanted: Wanted) -> Found:
    """The surest of what was found; other values of the same field make it unsure."""
    best = max(read, key=lambda one: one.confidence)
    others = tuple(
        dict.fromkeys(
            one.value for one in read if one.value != best.value and _differs(one, best, wanted)
        )
    )
    if others:
        best = doubted(best, others)
    if wanted.sort in (normal.TEXT, normal.NAME) and normal.is_false_identity(best.value):
        best = replace(best, confidence=min(best.confidence, UNSURE))
    return best


def _differs(one: Found, best: Found, wanted: Wanted) -> bool:
    """Words that go on where the other's line ended are the same words."""
    if wanted.sort in _EXACT:
        return True
    return not (best.value.startswith(one.value) or one.value.startswith(best.value))


def is_gainsaid(found: Found) -> bool:
    """Whether the doubt lies in what is said, not in how clearly it is seen."""
    return bool(found.others) or (
        found.confidence <= UNSURE and normal.is_false_identity(found.value)
    )


def doubted(found: Found, others: Sequence[str]) -> Found:
    """The same field, with what else was read, and no longer sure."""
    kept = tuple(dict.fromkeys((*found.others, *others)))
    return replace(found, others=kept, confidence=min(found.confidence, UNSURE))


# After a label ---------------------------------------------------------------------------------


def _after(sheet: list[Placed], wanted: Wanted, label: str, labels: list[str]) -> list[Found]:
    found = []
    for number, placed in enumerate(sheet):
        begin = placed.plain.find(label)
        while begin >= 0:
            end = begin + len(label)
            if _is_label(placed, begin, end, label, labels, wanted):
                spans = _value(sheet, number, end, wanted, labels)
                if spans:
                    found.append(_made(wanted, spans))
            begin = placed.plain.find(label, end)
    return found


def _is_label(
    placed: Placed, begin: int, end: int, label: str, labels: list[str], wanted: Wanted
) -> bool:
    """Whether these words stand there as a label and not inside a sentence or another label."""
    text = placed.plain
    before, after = text[:begin], text[end:]
    if not (_BEFORE.search(before) or begin in placed.gaps):
        return False
    if any(other != label and label in other and other in text and text.find(other) <= begin
           for other in labels):  # fmt: skip
        return False
    if not after or _SEPARATOR.match(after) or end in placed.gaps:
        return True
    if after[0] in "、和及与的(" or after.startswith(("签", "盖", "印", "代表")):
        return False
    if wanted.sort in _EXACT:
        return bool(normal.normal(wanted.sort, after[:24], wanted.unit))
    return begin == 0 and len(after) <= 30 and not re.search(r"[:：,，。;；]", after)


def _value(
    sheet: list[Placed], number: int, end: int, wanted: Wanted, labels: list[str]
) -> list[Span]:
    """Where the value stands: behind the label, to its right, or below it."""
    placed = sheet[number]
    begin = _behind_colon(placed, end)
    if begin < len(placed.plain) and placed.plain[begin] == "为":
        begin += 1
    if begin < len(placed.plain):
        return _onwards(sheet, number, begin, wanted, labels)
    beside = _to_the_right(sheet, number)
    if beside is None:
        beside = _below(sheet, number, labels)
    if beside is None:
        return []
    return _onwards(sheet, beside, _behind_colon(sheet[beside], 0), wanted, labels)


def _behind_colon(placed: Placed, begin: int) -> int:
    while begin < len(placed.plain) and placed.plain[begin] in ":：;_":
        begin += 1
    return begin


def _to_the_right(sheet: list[Placed], number: int) -> int | None:
    label = sheet[number]
    beside = [
        (one.left - label.right, place_of)
        for place_of, one in enumerate(sheet)
        if one is not label
        and _is_right_of(one, label)
        and min(one.bottom, label.bottom) - max(one.top, label.top)
        > 0.45 * min(one.height, label.height)
    ]
    return min(beside)[1] if beside else None


def _is_right_of(one: Placed, label: Placed) -> bool:
    """Wide marks that meet are set closer: a colon reaches further into the bracket before it, and
    the blank half of one that ends a label, seen as part of it, into the words behind."""
    reach = 1.0 if one.plain[0] in ":：" or label.plain[-1] in ":：" else 0.5
    return one.left >= label.right - reach * label.height


def _below(sheet: list[Placed], number: int, labels: list[str]) -> int | None:
    label = sheet[number]
    under = [
        (one.top - label.bottom, place_of)
        for place_of, one in enumerate(sheet)
        if one.top >= label.bottom - 0.3 * label.height
        and one.top - label.bottom < 1.5 * label.height
        and abs(one.left - label.left) < 2 * label.height
        and not _begins_with_label(one, labels)
    ]
    return min(under)[1] if under else None


def _begins_with_label(placed: Placed, labels: list[str]) -> bool:
    return any(
        placed.plain.startswith(label)
        and (not placed.plain[len(label) :] or placed.plain[len(label)] in ":：")
        for label in labels
    )


def _onwards(
    sheet: list[Placed], number: int, begin: int, wanted: Wanted, labels: list[str]
) -> list[Span]:
    """From a sign on, to the sentence's end, another label or the end of the words."""
    placed = sheet[number]
    spans = [_cut(Span(placed, begin, len(placed.plain)), wanted, labels)]
    edge = max(one.right for one in sheet)
    on = number
    while len(spans) <= MOST_LINES_ON and spans[-1].end == len(sheet[on].plain):
        following = _next_line(sheet, on, spans[-1], labels, edge, wanted)
        if following is None:
            break
        on = following
        spans.append(_cut(Span(sheet[on], 0, len(sheet[on].plain)), wanted, labels))
    return [span for span in spans if span.end > span.begin]


def _next_line(
    sheet: list[Placed], number: int, span: Span, labels: list[str], edge: float, wanted: Wanted
) -> int | None:
    """The line the words go on in: below, and either under them or at the margin after a full line."""
    here = sheet[number]
    if wanted.sort in _EXACT and normal.normal(wanted.sort, span.text, wanted.unit):
        return None
    is_full = here.right > edge - 2 * here.height
    starts = here.left if span.begin == 0 else None
    under = [
        (one.top, place_of)
        for place_of, one in enumerate(sheet)
        if one.middle - here.middle > 0.6 * here.height
        and one.top - here.bottom < 1.1 * here.height
        and not _begins_with_label(one, labels)
        and not _MARK.match(one.plain)
        and not _stands_after_label(sheet, one, labels)
        and (
            (is_full and one.left < here.left + here.height and span.begin > 0)
            or (starts is not None and abs(one.left - starts) < 0.8 * here.height and is_full)
        )
    ]
    return min(under)[1] if under else None


def _stands_after_label(sheet: list[Placed], one: Placed, labels: list[str]) -> bool:
    """Whether a label stands to the left of a line: then it is that label's value."""
    return any(
        _is_right_of(one, other)
        and abs(other.middle - one.middle) < 0.5 * one.height
        and _begins_with_label(other, labels)
        for other in sheet
    )


def _cut(span: Span, wanted: Wanted, labels: list[str]) -> Span:
    """Up to where the value ends in its line."""
    text = span.text
    end = len(text)
    if wanted.sort in _EXACT:
        # The amount in words stands behind the digits and is compared with them.
        stop = re.search(r"[。]", text)
        return Span(span.placed, span.begin, span.begin + (stop.start() if stop else end))
    end_sign = _WORDS_END if wanted.sort == normal.TEXT else _SENTENCE_END
    stops = [found.start() for found in (end_sign.search(text),) if found]
    stops += [
        found.start()
        for label in labels
        for found in (re.search(re.escape(label) + r"[:：]", text),)
        if found and found.start() > 0
    ]
    return Span(span.placed, span.begin, span.begin + min(stops, default=end))


def _made(wanted: Wanted, spans: list[Span]) -> Found:
    """The field from where it stands. Only the signs that make the value count for how sure it is."""
    text = "".join(span.text for span in spans)
    told = text
    if wanted.pattern:
        by_pattern = re.search(wanted.pattern, text)
        told = by_pattern.group(1) if by_pattern else text
    value = normal.normal(wanted.sort, told, wanted.unit)
    used = _used(wanted, spans, value) if value else spans
    found = Found(
        wanted.code,
        text.strip(),
        value,
        min((span.sure for span in used), default=0.0),
        spans[0].placed.line.page,
        joined([span.box for span in used if span.placed.line.page == spans[0].placed.line.page]),
        spans=tuple(used),
    )
    return _against_capitals(found, wanted, text)


def _used(wanted: Wanted, spans: list[Span], value: str) -> list[Span]:
    """For exact values the signs of the value alone, not the words behind it."""
    if wanted.sort not in _EXACT or len(spans) != 1:
        return spans
    span = spans[0]
    for end in range(1, len(span.text) + 1):
        if normal.normal(wanted.sort, span.text[:end], "") == value or (
            normal.normal(wanted.sort, span.text[:end], wanted.unit) == value
        ):
            stop = end
            while stop < len(span.text) and span.text[stop] in "0123456789.日":
                stop += 1
            first = re.search(r"[0-9A-Z零-龟]", span.text)
            start = first.start() if first and first.start() < stop else 0
            return [Span(span.placed, span.begin + start, span.begin + stop)]
    return spans


def _against_capitals(found: Found, wanted: Wanted, text: str) -> Found:
    """Digits that the capital numerals beside them gainsay are not sure."""
    if wanted.sort not in (normal.NUMBER, normal.MONEY) or not found.value:
        return found
    said = normal.capitals_beside(text)
    if said is None or str(said) == found.value:
        return found
    return doubted(found, (str(said),))


# By pattern ------------------------------------------------------------------------------------


def _by_pattern(sheet: list[Placed], wanted: Wanted) -> list[Found]:
    """The pattern on all words of the page, a line's end being no end."""
    whole = "".join(placed.plain for placed in sheet)
    starts: list[int] = []
    so_far = 0
    for placed in sheet:
        starts.append(so_far)
        so_far += len(placed.plain)
    found = []
    for match in re.finditer(wanted.pattern, whole):
        begin, end = match.span(1)
        spans = [
            Span(placed, max(0, begin - start), min(len(placed.plain), end - start))
            for placed, start in zip(sheet, starts, strict=True)
            if start < end and start + len(placed.plain) > begin
        ]
        made = _made(replace(wanted, pattern=""), spans)
        if made.value:
            found.append(made)
    return found
