"""情形引导: what answers and a form make of a definition, before anything is typed. Pure.

Conditions are three-valued: what is not answered is not known, never no. Only a question that does
not arise (its own condition is not met) is answered by that itself: no, and none of its options.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused
from xiaoer.permits.definition import (
    JOINTLY,
    Answer,
    Bar,
    Decides,
    Definition,
    Field,
    Item,
    Material,
    Question,
    Single,
    Source,
)
from xiaoer.permits.typed import yuan_of
from xiaoer.permits.words import Says, compiled, known_words, option_word, working_days
from xiaoer.rules.language.spec import State


@dataclass(frozen=True, slots=True)
class Unknown:
    """What cannot be said yet: ``part`` (bars, items, fields, materials, steps), its code and name, and
    the codes of the questions and fields it waits for."""

    part: str
    code: str
    name: str
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a case needs, as far as it is known.

    ``items`` in the order of the definition; their ``after`` names only items that apply, and
    their ``steps`` those that apply or may. ``questions_open``: those that arise, are not answered
    and still matter; empty: nothing more is asked. Days are working days along the longest chain;
    ``critical`` are the codes of that chain by what is promised. ``single`` is what the same items
    cost when handled one by one. ``bars``: why it cannot be applied for with these answers.
    """

    items: tuple[Item, ...]
    fields: tuple[Field, ...]
    materials: tuple[Material, ...]
    questions_open: tuple[Question, ...]
    unknown: tuple[Unknown, ...]
    statutory_days: int
    promised_days: int
    single: Single
    critical: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()  # that arise, answered or not
    bars: tuple[Bar, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether the items and papers stand: nothing waits for an answer or a value."""
        return not self.unknown


def lay_out(
    definition: Definition,
    answers: Mapping[str, object],
    form: Mapping[str, object] | None = None,
    *,
    on: date | None = None,
) -> Outline:
    """What a case of this definition needs, by the answers so far and the form so far.

    An answer no question offers is refused by name; one to a question that does not arise any more
    is left out of account. ``on``: the day bars that fall by themselves are asked about.
    """
    sheet = _Sheet(definition, answers, form or {})
    bars = tuple(_bars(sheet, form or {}, on))
    items = _items(sheet)
    codes = {one.code for one in items}
    fields = tuple(
        one
        for one in definition.fields
        if (_feeds(one, codes) or one.code in sheet.waiting)
        and sheet.applies("fields", one.code, one.name, one.applies_if)
    )
    materials = tuple(
        one
        for one in definition.materials
        if _feeds(one, codes) and sheet.applies("materials", one.paper, one.name, one.applies_if)
    )
    promised, critical = longest(items, lambda one: working_days(one.promised))
    statutory, _chain = longest(items, lambda one: working_days(one.statutory))
    if sum(one.decides is Decides.GRANT for one in items) >= JOINTLY:
        statutory = min(statutory, working_days(definition.joint_limit))
    return Outline(
        items=items,
        fields=fields,
        materials=materials,
        questions_open=tuple(_still_asked(sheet, fields)),
        unknown=tuple(sheet.unknown),
        statutory_days=statutory,
        promised_days=min(promised, statutory),
        single=_single(items),
        critical=critical,
        questions=tuple(sheet.arising),
        bars=bars,
    )


def answered(question: Question, value: object) -> object | None:
    """An answer as it is kept: a code, a list of codes in the order of the options, or yes or no.

    None: not answered. An empty list is an answer: none of them.
    """
    if value is None or value == "":
        return None
    codes = [one.code for one in question.options]
    match question.answer:
        case Answer.YES_NO if isinstance(value, bool):
            return value
        case Answer.ONE if isinstance(value, str) and value in codes:
            return value
        case Answer.MANY if isinstance(value, list | tuple) and set(value) <= set(codes):
            return [code for code in codes if code in value]
    raise Refused(
        _("“%(name)s” is answered by one of its own options; choose it again.")
        % {"name": question.name},
        field=question.code,
    )


class _Sheet:
    """The words of one case with their values, and what each condition says of them."""

    def __init__(
        self, definition: Definition, answers: Mapping[str, object], form: Mapping[str, object]
    ) -> None:
        self.definition = definition
        self.says = _conditions(definition)
        self.facts: dict[str, object] = {}
        self.answers: dict[str, object | None] = {}
        self.unknown: list[Unknown] = []
        self.waiting: set[str] = set()
        self.arising: list[Question] = []
        self._undecided: dict[str, tuple[str, ...]] = {}
        for question in definition.questions:
            self._ask(question, answers.get(question.code))
        for one in definition.fields:
            self._type(one, form.get(one.code))

    def _ask(self, question: Question, value: object) -> None:
        state, missing = self._state(question.applies_if)
        if state is State.MET:
            self.arising.append(question)
            self.answers[question.code] = answered(question, value)
        elif state is not State.NOT_MET:
            self._undecided[question.code] = missing
            self.answers[question.code] = None
        self.facts |= _facts_of(
            question, self.answers.get(question.code), arises=state is not State.NOT_MET
        )

    def _type(self, one: Field, value: object) -> None:
        state, _missing = self._state(one.applies_if)
        if state is State.NOT_MET:
            # As with questions; a figure or a day that is not asked for stays missing.
            empty = {"yes_no": False, "number": None, "money": None, "date": None}
            self.facts[one.code] = empty.get(one.sort, "")
            return
        if value in (None, "") and one.source is Source.ANSWER:
            value = self.answers.get(one.source_key)
        self.facts[one.code] = _typed(one, value)

    def _state(self, text: str) -> tuple[State, tuple[str, ...]]:
        if not text.strip():
            return State.MET, ()
        outcome = self.says[text](self.facts)
        return outcome.state, outcome.missing

    def applies(self, part: str, code: str, name: str, text: str, *, if_open: bool = False) -> bool:
        """Whether it applies; what cannot be said is noted, and counts as ``if_open`` says."""
        state, missing = self._state(text)
        if state in {State.MET, State.NOT_MET}:
            return state is State.MET
        self.unknown.append(Unknown(part, code, name, self._asked_for(missing)))
        self.waiting |= set(missing)
        return if_open

    def _asked_for(self, words: Iterable[str]) -> tuple[str, ...]:
        """The codes of questions and fields behind words of conditions."""
        return tuple(dict.fromkeys(_owners(self.definition).get(word, word) for word in words))

    def still_waiting(self) -> set[str]:
        """Codes of questions something waits for, with those that decide whether these arise."""
        found: set[str] = set()
        waiting = list(self._asked_for(sorted(self.waiting)))
        while waiting:
            code = waiting.pop()
            if code not in found:
                found.add(code)
                waiting.extend(self._asked_for(self._undecided.get(code, ())))
        return found


def _facts_of(question: Question, value: object | None, *, arises: bool) -> dict[str, object]:
    if question.answer is Answer.MANY:
        chosen = value if isinstance(value, list) else None
        return {
            option_word(question, one.code): (
                (one.code in chosen if chosen is not None else None) if arises else False
            )
            for one in question.options
        }
    none = False if question.answer is Answer.YES_NO else ""
    return {question.code: value if arises else none}


def _typed(one: Field, value: object) -> object | None:
    """A value of the form as a condition takes it; one that is no figure says which field it is."""
    if value is None or value == "":
        return None
    if one.sort == "yes_no":
        return value if isinstance(value, bool) else str(value).lower() in {"true", "yes", "1"}
    if one.sort == "money":
        value = yuan_of(value)
    if one.sort in {"number", "money"}:
        try:
            return value if isinstance(value, int | float) else float(str(value))
        except ValueError:
            raise Refused(
                _("“%(name)s” should be a figure; “%(value)s” is not. Correct it.")
                % {"name": one.name, "value": str(value)[:40]},
                field=one.code,
            ) from None
    return str(value)


@lru_cache(maxsize=256)
def _conditions(definition: Definition) -> Mapping[str, Says]:
    """Every condition of a definition, compiled once; ``problems`` tells beforehand of a wrong one."""
    words = known_words(definition.questions, definition.fields)
    return {text: compiled(text, words) for text in _texts(definition) if text.strip()}


def _texts(definition: Definition) -> Iterator[str]:
    yield from (one.applies_if for one in definition.questions)
    yield from (one.applies_if for one in definition.fields)
    yield from (one.applies_if for one in definition.materials)
    yield from (one.applies_if for one in definition.bars)
    for item in definition.items:
        yield item.applies_if
        yield from (step.applies_if for step in item.steps)


@lru_cache(maxsize=256)
def _owners(definition: Definition) -> Mapping[str, str]:
    """For each word, the code of the question it comes from."""
    return {word: one.code for one in definition.questions for word in known_words((one,), ())}


def _bars(sheet: _Sheet, form: Mapping[str, object], on: date | None) -> Iterator[Bar]:
    """What stands in the way. One that waits for a day is silent until the day is typed."""
    for one in sheet.definition.bars:
        if one.since and not _stands(one, form, on):
            continue
        if sheet.applies("bars", one.code, one.name, one.applies_if):
            yield one


def _stands(bar: Bar, form: Mapping[str, object], on: date | None) -> bool:
    try:
        since = date.fromisoformat(str(form.get(bar.since) or ""))
    except ValueError:
        return False
    return on is not None and on < since + timedelta(days=bar.days)


def _items(sheet: _Sheet) -> tuple[Item, ...]:
    """The items that apply, with the steps that apply or may and what they truly wait for."""
    every = {one.code: one for one in sheet.definition.items}
    applying = [
        one
        for one in sheet.definition.items
        if sheet.applies("items", one.code, one.name, one.applies_if)
    ]
    codes = {one.code for one in applying}
    return tuple(
        replace(
            one,
            after=tuple(_behind(one, every, codes)),
            steps=tuple(
                step
                for step in one.steps
                # A step nobody can rule out yet is planned for.
                if sheet.applies("steps", one.code, step.name, step.applies_if, if_open=True)
            ),
        )
        for one in applying
    )


def _behind(item: Item, every: Mapping[str, Item], codes: set[str]) -> list[str]:
    """What it waits for; behind an item that does not apply, what that one would have waited for."""
    found: dict[str, None] = {}
    waiting, seen = list(item.after), set[str]()
    while waiting:
        code = waiting.pop(0)
        if code in seen or code not in every:
            continue
        seen.add(code)
        if code in codes:
            found[code] = None
        else:
            waiting.extend(every[code].after)
    return list(found)


def _feeds(one: Field | Material, codes: set[str]) -> bool:
    return not one.items or bool(codes & set(one.items))


def _still_asked(sheet: _Sheet, fields: Sequence[Field]) -> Iterator[Question]:
    """Questions not answered yet that something waits for, or that fill a field of the form."""
    waiting = sheet.still_waiting() | {
        one.source_key for one in fields if one.source is Source.ANSWER
    }
    for question in sheet.arising:
        if sheet.answers[question.code] is None and question.code in waiting:
            yield question


def _single(items: Sequence[Item]) -> Single:
    return Single(
        days=sum(one.single.days for one in items),
        papers=sum(one.single.papers for one in items),
        trips=sum(one.single.trips for one in items),
        steps=sum(one.single.steps for one in items),
    )


def in_order(items: Sequence[Item]) -> list[Item]:
    """Every item behind those it waits for, else as written; what waits in a circle comes last."""
    placed: dict[str, Item] = {}
    known = {one.code for one in items}
    left = list(items)
    while left:
        free = [one for one in left if all(c in placed or c not in known for c in one.after)]
        for one in free or left:
            placed[one.code] = one
        left = [one for one in left if one.code not in placed]
    return list(placed.values())


def layers(items: Sequence[Item]) -> list[list[Item]]:
    """Items by how many stand before them in their longest row: those of one layer can run at once."""
    depths: dict[str, int] = {}
    for one in in_order(items):
        depths[one.code] = 1 + max(
            (depths[code] for code in one.after if code in depths), default=-1
        )
    return [
        [one for one in items if depths[one.code] == depth]
        for depth in sorted(set(depths.values()))
    ]


def longest(items: Sequence[Item], days: Callable[[Item], int]) -> tuple[int, tuple[str, ...]]:
    """Days of the longest chain of items that wait for one another, and its codes in order."""
    ends: dict[str, int] = {}
    before: dict[str, str] = {}
    for one in in_order(items):
        behind = [code for code in one.after if code in ends]
        if behind:
            before[one.code] = max(behind, key=lambda code: ends[code])
        ends[one.code] = days(one) + (ends[before[one.code]] if behind else 0)
    if not ends:
        return 0, ()
    chain = [max(ends, key=lambda code: ends[code])]
    while chain[-1] in before:
        chain.append(before[chain[-1]])
    return ends[chain[0]], tuple(reversed(chain))
