"""Definitions in writing: read from JSON and written to it, and everything that is wrong in one.

Reading is strict: what is not known here is a problem, never silently left out, because what a
definition does not say is not asked of anybody. Pure: no database.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.permits.definition import Answer, Definition, Field, Item, Material, Period, Source
from xiaoer.permits.words import condition_problems, is_word, known_words, working_days
from xiaoer.work.clocks import LimitUnit

MARKS = ("A", "V", "S", "B", "C", "U", "D")
SORTS = (
    "text", "long_text", "number", "money", "date", "credit_code", "phone", "address", "choice",
    "yes_no",
)  # fmt: skip
MOST = {
    "questions": 60,
    "items": 60,
    "fields": 200,
    "materials": 120,
    "hints": 40,
    "hints_en": 40,
    "bars": 40,
}
LONGEST_NAME, LONGEST_TEXT = 80, 1000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
_OPTION = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
# Named like a column of the registry or ``kind.field`` of a paper; of an answer, its question.
_KEYED = (Source.REGISTRY, Source.PAPER, Source.ANSWER)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do. ``where``: a path such as ``items.A3.after``."""

    where: str
    message: str

    @property
    def part(self) -> str:
        return self.where.split(".")[0]

    @property
    def code(self) -> str:
        """The code of the question, item, field or material it is about."""
        return ([*self.where.split("."), ""])[1]

    @property
    def field(self) -> str:
        return ([*self.where.split("."), "", ""])[2]


class Unreadable(Refused):
    """A text is no definition: all that could be found wrong, the first of it as the message."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message, field=problems[0].where)
        self.problems = tuple(problems)


# Reading and writing ------------------------------------------------------------------------------


def read_definition(body: object) -> Definition:
    """What a body says; ``Unreadable`` names every key and value that is not one of a definition."""
    found: list[Problem] = []
    read: Definition = _part(Definition, body, "", found)
    if found:
        raise Unreadable(found)
    return read


def read_limit(raw: object, usual: Period) -> Period:
    """One limit of a body, read alone; what stands at its default was left out."""
    if raw is None:
        return usual
    found: list[Problem] = []
    read: Period = _part(Period, raw, "", found)
    if found:
        raise Unreadable(found)
    return read


def write_definition(definition: Definition) -> dict[str, Any]:
    """The body of a definition, as JSON keeps it; what stands at its default is left out."""
    written: dict[str, Any] = _written(definition)
    return written


def _written(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: _written(getattr(value, one.name))
            for one in fields(value)
            if getattr(value, one.name) != one.default
        }
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    return value


@lru_cache(maxsize=32)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _part(kind: Any, raw: object, where: str, found: list[Problem]) -> Any:
    """One dataclass out of one JSON object."""
    if not isinstance(raw, Mapping):
        return _wrong(found, where, _("An object with names and values is wanted here."))
    hints = _hints(kind)
    known = {one.name: one for one in fields(kind)}
    for name in raw:
        if name not in known:
            words = {"name": name, "known": "、".join(known)}
            _wrong(
                found,
                _at(where, str(name)),
                _("“%(name)s” is not known here; there are %(known)s. Drop it or correct its name.")
                % words,
            )
    values: dict[str, Any] = {}
    for name, one in known.items():
        if name in raw:
            values[name] = _value(hints[name], raw[name], _at(where, name), found)
        elif one.default is MISSING and one.default_factory is MISSING:
            _wrong(found, _at(where, name), _("“%(name)s” is missing; type it.") % {"name": name})
            values[name] = ""
    return kind(**values)


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _wrong(found: list[Problem], where: str, message: str) -> None:
    found.append(Problem(where, message))


def _value(kind: Any, raw: object, where: str, found: list[Problem]) -> Any:
    if get_origin(kind) is tuple:
        return _row(get_args(kind)[0], raw, where, found)
    if is_dataclass(kind):
        return _part(kind, raw, where, found)
    if issubclass(kind, StrEnum):
        return _choice(kind, raw, where, found)
    if type(raw) is not kind:
        wanted = {str: _("a text"), int: _("a whole number"), bool: _("true or false")}[kind]
        _wrong(
            found,
            where,
            _("%(wanted)s is wanted here; “%(value)s” is not.")
            % {"wanted": wanted, "value": str(raw)[:40]},
        )
        return kind()
    if kind is str and any(sign < " " and sign not in "\n\t" for sign in str(raw)):
        _wrong(found, where, _("This holds signs that are no text; type it anew."))
    return raw


def _row(kind: Any, raw: object, where: str, found: list[Problem]) -> tuple[Any, ...]:
    if not isinstance(raw, list | tuple):
        _wrong(found, where, _("A list is wanted here."))
        return ()
    return tuple(
        _value(kind, one, f"{where}.{_called(one, at)}", found) for at, one in enumerate(raw)
    )


def _called(raw: object, at: int) -> str:
    """How a row of a list is named in a path: by its own code, else by its place."""
    if isinstance(raw, Mapping):
        for name in ("code", "paper"):
            if isinstance(raw.get(name), str) and raw[name]:
                return str(raw[name])
    return str(at + 1)


def _choice(kind: type[StrEnum], raw: object, where: str, found: list[Problem]) -> StrEnum:
    if isinstance(raw, str) and raw in {str(one) for one in kind}:
        return kind(raw)
    known = "、".join(str(one) for one in kind)
    _wrong(
        found,
        where,
        _("“%(value)s” is none of these: %(known)s.") % {"value": str(raw)[:40], "known": known},
    )
    return next(iter(kind))


# What is wrong ------------------------------------------------------------------------------------


def problems(
    definition: Definition,
    *,
    offices: Iterable[str] | None = None,
    papers: Iterable[str] | None = None,
    licences: Iterable[str] | None = None,
) -> list[Problem]:
    """Everything that keeps a definition from speaking, in the order it is written.

    ``offices``, ``papers`` and ``licences``: the names and codes the zone has; without them, what
    refers to them is not asked about.
    """
    return [
        *_sizes(definition),
        *_words_twice(definition),
        *_questions(definition),
        *_items(definition, _set(offices), _set(licences)),
        *_fields(definition, _set(papers)),
        *_materials(definition, _set(papers)),
        *_bars(definition),
        *_periods(definition),
    ]


def _set(names: Iterable[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _sizes(definition: Definition) -> Iterable[Problem]:
    for part, most in MOST.items():
        count = len(getattr(definition, part))
        if count > most:
            yield Problem(
                part,
                _("%(count)d are too many here; the most is %(most)d. Make two things of it.")
                % {"count": count, "most": most},
            )
    if definition.hints_en and len(definition.hints_en) != len(definition.hints):
        yield Problem("hints_en", _("Write one hint in English for each hint, or none."))
    if not definition.items:
        yield Problem("items", _("Nothing is done yet: add the first item."))


def _twice(part: str, codes: Sequence[str]) -> Iterable[Problem]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield Problem(
                f"{part}.{code}.code",
                _("The code %(code)s stands here twice; give one of them another.")
                % {"code": code},
            )
        seen.add(code)


def _words_twice(definition: Definition) -> Iterable[Problem]:
    """Two things that lend conditions the same word, such as ``changes_name``."""
    seen: set[str] = set()
    for part in ("questions", "fields"):
        for one in getattr(definition, part):
            words = known_words((one,), ()) if part == "questions" else (one.code,)
            for word in words:
                if word in seen:
                    yield Problem(
                        f"{part}.{one.code}.code",
                        _("The word %(word)s would mean two things; give one another code.")
                        % {"word": word},
                    )
            seen.update(words)


def _coded(part: str, code: str, *, as_word: bool = False) -> Iterable[Problem]:
    where = f"{part}.{code}.code"
    if as_word and not is_word(code):
        yield Problem(
            where,
            _(
                "“%(code)s” cannot stand in a condition: a code is small letters, digits and"
                " underscores, such as has_kitchen."
            )
            % {"code": code},
        )
    elif not _CODE.fullmatch(code):
        yield Problem(
            where,
            _("“%(code)s” is no code: letters, digits, hyphens and underscores.") % {"code": code},
        )


def _named(part: str, code: str, name: str) -> Iterable[Problem]:
    if not name.strip():
        yield Problem(f"{part}.{code}.name", _("Type what people call it."))
    elif len(name) > LONGEST_NAME:
        yield Problem(
            f"{part}.{code}.name",
            _("A name has at most %(most)d characters; these are %(count)d.")
            % {"most": LONGEST_NAME, "count": len(name)},
        )


def _conditions(part: str, code: str, text: str, words: Mapping[str, Any]) -> Iterable[Problem]:
    for message in condition_problems(text, words):
        yield Problem(f"{part}.{code}.applies_if", message)


def _questions(definition: Definition) -> Iterable[Problem]:
    names = [one.code for one in definition.questions]
    yield from _twice("questions", names)
    for at, one in enumerate(definition.questions):
        yield from _coded("questions", one.code, as_word=True)
        yield from _named("questions", one.code, one.name)
        yield from _options("questions", one.code, one, needs=one.answer is not Answer.YES_NO)
        # Asked in order: a question can only wait for those before it.
        before = known_words(definition.questions[:at], ())
        yield from _conditions("questions", one.code, one.applies_if, before)


def _options(part: str, code: str, one: Any, *, needs: bool) -> Iterable[Problem]:
    codes = [option.code for option in one.options]
    if needs and len(codes) < 2:
        yield Problem(
            f"{part}.{code}.options", _("There is nothing to choose from: write two options.")
        )
    if not needs and codes:
        yield Problem(
            f"{part}.{code}.options",
            _("It is answered without options; drop them, or let it be chosen."),
        )
    if len(set(codes)) < len(codes):
        yield Problem(f"{part}.{code}.options", _("An option stands here twice; drop one."))
    for option in one.options:
        if not _OPTION.fullmatch(option.code) or not option.name.strip():
            yield Problem(
                f"{part}.{code}.options",
                _(
                    "The option “%(code)s” lacks its name, or its code is not of small letters,"
                    " digits and underscores."
                )
                % {"code": option.code},
            )


def _items(
    definition: Definition, offices: frozenset[str] | None, licences: frozenset[str] | None
) -> Iterable[Problem]:
    codes = [one.code for one in definition.items]
    yield from _twice("items", codes)
    words = known_words(definition.questions, definition.fields)
    for one in definition.items:
        yield from _coded("items", one.code)
        yield from _named("items", one.code, one.name)
        yield from _conditions("items", one.code, one.applies_if, words)
        yield from _after(one, codes)
        yield from _handled(one, offices)
        yield from _resulting(one, licences)
        for step in one.steps:
            yield from _conditions("items", one.code, step.applies_if, words)
    if cycle := _cycle(definition.items):
        yield Problem(
            f"items.{cycle[0]}.after",
            _("These items wait for one another in a circle: %(codes)s. Cut it at one of them.")
            % {"codes": " → ".join(cycle)},
        )


def _after(item: Item, codes: Sequence[str]) -> Iterable[Problem]:
    for other in item.after:
        if other not in codes:
            yield Problem(
                f"items.{item.code}.after",
                _("%(name)s waits for %(other)s, which is no item here; there are %(known)s.")
                % {"name": item.name, "other": other, "known": "、".join(codes)},
            )


def _handled(item: Item, offices: frozenset[str] | None) -> Iterable[Problem]:
    if not item.steps:
        yield Problem(
            f"items.{item.code}.steps", _("Nobody does anything yet: add the first step.")
        )
    if not item.office.strip():
        yield Problem(f"items.{item.code}.office", _("Type the office that handles it."))
    named = dict.fromkeys([item.office, *(name for step in item.steps for name in step.offices)])
    for name in named:
        if offices is not None and name and name not in offices:
            yield Problem(
                f"items.{item.code}.office",
                _(
                    "The zone has no office called %(office)s: until it is opened, the lead office"
                    " handles %(name)s. Open the office or name another."
                )
                % {"office": name, "name": item.name},
            )


def _resulting(item: Item, licences: frozenset[str] | None) -> Iterable[Problem]:
    if not item.licence and not item.result.strip():
        yield Problem(
            f"items.{item.code}.result",
            _("Say what comes of %(name)s: a licence, or a result in words.") % {"name": item.name},
        )
    if licences is not None and item.licence and item.licence not in licences:
        yield Problem(
            f"items.{item.code}.licence",
            _("There is no licence kind %(code)s in the zone; open it first.")
            % {"code": item.licence},
        )
    if item.mark and item.mark not in MARKS:
        yield Problem(f"items.{item.code}.mark", _mark_message(item.mark))


def _mark_message(mark: str) -> str:
    return _("“%(mark)s” is no mark; there are %(known)s.") % {
        "mark": mark,
        "known": "、".join(MARKS),
    }


def _cycle(items: Sequence[Item]) -> list[str]:
    """One circle of items that wait for one another, from its first to its first; or none."""
    waits = {one.code: [code for code in one.after] for one in items}
    settled: set[str] = set()
    for start in waits:
        path: list[str] = []
        if found := _walk(start, waits, settled, path):
            return found
    return []


def _walk(
    code: str, waits: Mapping[str, Sequence[str]], settled: set[str], path: list[str]
) -> list[str]:
    if code in path:
        return [*path[path.index(code) :], code]
    if code in settled or code not in waits:
        return []
    path.append(code)
    for other in waits[code]:
        if found := _walk(other, waits, settled, path):
            return found
    path.pop()
    settled.add(code)
    return []


def _fields(definition: Definition, papers: frozenset[str] | None) -> Iterable[Problem]:
    questions = {one.code: one for one in definition.questions}
    yield from _twice("fields", [one.code for one in definition.fields])
    codes = {one.code for one in definition.items}
    for at, one in enumerate(definition.fields):
        yield from _coded("fields", one.code, as_word=True)
        yield from _named("fields", one.code, one.name)
        yield from _options("fields", one.code, one, needs=one.sort == "choice")
        yield from _conditions(
            "fields",
            one.code,
            one.applies_if,
            known_words(definition.questions, definition.fields[:at]),
        )
        yield from _feeding("fields", one.code, one.items, codes)
        yield from _sourced(one, questions, papers)
        if one.sort not in SORTS:
            yield Problem(
                f"fields.{one.code}.sort",
                _("“%(value)s” is none of these: %(known)s.")
                % {"value": one.sort, "known": "、".join(SORTS)},
            )


def _sourced(
    one: Field, questions: Mapping[str, Any], papers: frozenset[str] | None
) -> Iterable[Problem]:
    where = f"fields.{one.code}.source_key"
    if one.source in _KEYED and not one.source_key:
        yield Problem(
            where, _("Say from where %(name)s is filled, or let it be typed.") % {"name": one.name}
        )
    elif one.source is Source.ANSWER and one.source_key not in questions:
        yield Problem(
            where, _("There is no question %(code)s to fill it from.") % {"code": one.source_key}
        )
    elif one.source is Source.PAPER:
        kind, dot, field = one.source_key.partition(".")
        if not dot or not field:
            yield Problem(
                where, _("A paper's field is written kind.field, such as business_licence.name.")
            )
        elif papers is not None and kind not in papers:
            yield Problem(where, _no_paper(kind))


def _no_paper(code: str) -> str:
    return _("There is no kind of paper %(code)s in the zone; open it first.") % {"code": code}


def _feeding(part: str, code: str, items: Sequence[str], codes: Iterable[str]) -> Iterable[Problem]:
    for other in items:
        if other not in codes:
            yield Problem(
                f"{part}.{code}.items",
                _("It is asked for by %(other)s, which is no item here.") % {"other": other},
            )


def _materials(definition: Definition, papers: frozenset[str] | None) -> Iterable[Problem]:
    yield from _twice("materials", [one.paper for one in definition.materials])
    words = known_words(definition.questions, definition.fields)
    codes = {one.code for one in definition.items}
    for one in definition.materials:
        yield from _coded("materials", one.paper)
        yield from _named("materials", one.paper, one.name)
        yield from _conditions("materials", one.paper, one.applies_if, words)
        yield from _feeding("materials", one.paper, one.items, codes)
        yield from _following(one)
        if papers is not None and one.paper not in papers:
            yield Problem(f"materials.{one.paper}.paper", _no_paper(one.paper))


def _bars(definition: Definition) -> Iterable[Problem]:
    yield from _twice("bars", [one.code for one in definition.bars])
    words = known_words(definition.questions, definition.fields)
    days = {one.code for one in definition.fields if one.sort == "date"}
    for one in definition.bars:
        where = f"bars.{one.code}"
        yield from _coded("bars", one.code)
        yield from _named("bars", one.code, one.name)
        yield from _conditions("bars", one.code, one.applies_if, words)
        if not one.applies_if.strip():
            yield Problem(
                f"{where}.applies_if",
                _("Say when it stands in the way; else nobody could ever apply."),
            )
        if not one.instead.strip():
            yield Problem(f"{where}.instead", _("Say what people do instead."))
        if one.since and one.since not in days:
            yield Problem(
                f"{where}.since",
                _("There is no field %(code)s that holds a day.") % {"code": one.since},
            )
        if bool(one.since) != bool(one.days) or not 0 <= one.days <= 750:
            yield Problem(
                f"{where}.days",
                _(
                    "A bar that falls by itself names a field with a day and how many days after it."
                ),
            )
        if one.mark and one.mark not in MARKS:
            yield Problem(f"{where}.mark", _mark_message(one.mark))


def _following(one: Material) -> Iterable[Problem]:
    if one.may_follow and one.follow_days < 1:
        yield Problem(
            f"materials.{one.paper}.follow_days",
            _("Say within how many working days %(name)s follows.") % {"name": one.name},
        )
    if one.follow_days < 0 or (one.follow_days and not one.may_follow):
        yield Problem(
            f"materials.{one.paper}.follow_days",
            _("%(name)s may not follow later, so that no days belong to it.") % {"name": one.name},
        )


def _periods(definition: Definition) -> Iterable[Problem]:
    for name in ("joint_limit", "supplement_limit", "answer_limit"):
        yield from _period(name, getattr(definition, name))
    for one in definition.items:
        wrong = [
            *_period(f"items.{one.code}.statutory", one.statutory),
            *_period(f"items.{one.code}.promised", one.promised),
        ]
        yield from wrong
        if not wrong and working_days(one.promised) > working_days(one.statutory):
            yield Problem(
                f"items.{one.code}.promised",
                _("What is promised for %(name)s is longer than the law allows; shorten it.")
                % {"name": one.name},
            )


def _period(where: str, period: Period) -> Iterable[Problem]:
    if period.unit not in LimitUnit.values:
        yield Problem(
            where,
            _("“%(value)s” is none of these: %(known)s.")
            % {"value": period.unit, "known": "、".join(LimitUnit.values)},
        )
    if not 0 <= period.count <= 750 or not 0 <= period.extend_by <= 750:
        yield Problem(where, _("A limit is a whole number from 0 to 750."))
    if period.mark and period.mark not in MARKS:
        yield Problem(where, _mark_message(period.mark))
