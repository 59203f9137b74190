"""Parts of a definition as forms post them, and back: one question, item, field or paper at a time.

What a form cannot say (a field that is not on it) stays as it was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from xiaoer.base.pages.forms import choice, number, text
from xiaoer.base.refusals import Refused
from xiaoer.permits.definition import (
    Answer,
    Bar,
    Decides,
    Definition,
    Field,
    Item,
    Material,
    Option,
    Period,
    Question,
    Single,
    Source,
    Step,
    StepKind,
)
from xiaoer.permits.wording import MARKS, SORTS
from xiaoer.work.clocks import LimitUnit

NEW = "new"
KEYS = {
    "questions": "code", "items": "code", "fields": "code", "materials": "paper", "bars": "code",
}  # fmt: skip
MOST_ROWS = 40
BLANKS: Mapping[str, Any] = {
    "questions": Question("", "", Answer.YES_NO),
    "items": Item("", "", "", Decides.GRANT),
    "fields": Field("", ""),
    "materials": Material("", ""),
    "bars": Bar("", "", ""),
}


def one_part(definition: Definition, part: str, code: str) -> Any | None:
    """The question, item, field or paper of a code; a blank one to add."""
    if code == NEW:
        return BLANKS[part]
    rows = getattr(definition, part)
    return next((one for one in rows if getattr(one, KEYS[part]) == code), None)


def with_part(definition: Definition, part: str, code: str, made: Any) -> Definition:
    """The definition with the part changed or added; who refers to its old code follows."""
    rows: list[Any] = list(getattr(definition, part))
    key = KEYS[part]
    if code == NEW:
        rows.append(made)
    else:
        rows = [made if getattr(one, key) == code else one for one in rows]
    changed = _with_rows(definition, part, rows)
    renamed = getattr(made, key)
    if part == "items" and code not in {NEW, renamed}:
        changed = _item_renamed(changed, code, renamed)
    return changed


def _with_rows(definition: Definition, part: str, rows: Sequence[Any]) -> Definition:
    changed: dict[str, Any] = {part: tuple(rows)}
    return replace(definition, **changed)


def _item_renamed(definition: Definition, old: str, new: str) -> Definition:
    def follow(codes: Sequence[str]) -> tuple[str, ...]:
        return tuple(new if code == old else code for code in codes)

    return replace(
        definition,
        items=tuple(replace(one, after=follow(one.after)) for one in definition.items),
        fields=tuple(replace(one, items=follow(one.items)) for one in definition.fields),
        materials=tuple(replace(one, items=follow(one.items)) for one in definition.materials),
    )


def without_part(definition: Definition, part: str, code: str) -> Definition:
    rows = tuple(one for one in getattr(definition, part) if getattr(one, KEYS[part]) != code)
    return _with_rows(definition, part, rows)


def moved_part(definition: Definition, part: str, code: str, by: int) -> Definition:
    """The part one place up or down; at the end it stays."""
    rows: list[Any] = list(getattr(definition, part))
    at = next((n for n, one in enumerate(rows) if getattr(one, KEYS[part]) == code), None)
    if at is None or not 0 <= at + by < len(rows):
        return definition
    rows[at], rows[at + by] = rows[at + by], rows[at]
    return _with_rows(definition, part, rows)


# Typed --------------------------------------------------------------------------------------------


def typed(request: HttpRequest, part: str, before: Any) -> Any:
    """What was posted for a part; a refusal names the field."""
    return _TYPED[part](request, before)


def typed_general(request: HttpRequest, definition: Definition) -> Definition:
    """The limits of the whole and the hints."""
    hints, hints_en = (
        tuple(line.strip() for line in request.POST.get(name, "").splitlines() if line.strip())
        for name in ("hints", "hints_en")
    )
    return replace(
        definition,
        joint_limit=_period(request, "joint_limit"),
        supplement_limit=_period(request, "supplement_limit"),
        answer_limit=_period(request, "answer_limit"),
        hints=hints,
        hints_en=hints_en,
    )


def _common(request: HttpRequest) -> dict[str, str]:
    return {
        "name": text(request, "name", longest=80, required=_("Type what people call it.")),
        "name_en": text(request, "name_en", longest=120),
        "applies_if": request.POST.get("applies_if", "").strip()[:4000],
    }


def _question(request: HttpRequest, before: Question) -> Question:
    return Question(
        code=text(request, "code", longest=60, required=_("Type a code.")),
        answer=Answer(choice(request, "answer", list(Answer))),
        hint=text(request, "hint", longest=300),
        hint_en=text(request, "hint_en", longest=300),
        options=_options(request, before),
        **_common(request),
    )


def _item(request: HttpRequest, before: Item) -> Item:
    return replace(
        before,
        code=text(request, "code", longest=60, required=_("Type a code.")),
        office=text(request, "office", longest=60, required=_("Choose the office.")),
        decides=Decides(choice(request, "decides", list(Decides))),
        authority=text(request, "authority", longest=120),
        acting=text(request, "acting", longest=200),
        statutory=_period(request, "statutory"),
        promised=_period(request, "promised"),
        after=tuple(request.POST.getlist("after")),
        promise_route="promise_route" in request.POST,
        licence=text(request, "licence", longest=60),
        result=text(request, "result", longest=120),
        fee=text(request, "fee", longest=120),
        basis=text(request, "basis", longest=300),
        mark=choice(request, "mark", ["", *MARKS]),
        steps=_steps(request),
        single=Single(
            **{
                name: _whole(request, f"single_{name}")
                for name in ("days", "papers", "trips", "steps")
            }
        ),
        **_common(request),
    )


def _field(request: HttpRequest, before: Field) -> Field:
    return Field(
        code=text(request, "code", longest=60, required=_("Type a code.")),
        sort=choice(request, "sort", list(SORTS)),
        hint=text(request, "hint", longest=300),
        hint_en=text(request, "hint_en", longest=300),
        unit=text(request, "unit", longest=20),
        options=_options(request, before),
        source=Source(choice(request, "source", list(Source))),
        source_key=text(request, "source_key", longest=120),
        is_needed="is_needed" in request.POST,
        items=tuple(request.POST.getlist("items")),
        **_common(request),
    )


def _material(request: HttpRequest, before: Material) -> Material:
    return Material(
        paper=text(request, "paper", longest=60, required=_("Choose the kind of paper.")),
        hint=text(request, "hint", longest=300),
        hint_en=text(request, "hint_en", longest=300),
        is_needed="is_needed" in request.POST,
        may_follow="may_follow" in request.POST,
        follow_days=_whole(request, "follow_days"),
        exempt_if_held="exempt_if_held" in request.POST,
        items=tuple(request.POST.getlist("items")),
        reason=text(request, "reason", longest=200),
        **_common(request),
    )


def _bar(request: HttpRequest, before: Bar) -> Bar:
    return Bar(
        code=text(request, "code", longest=60, required=_("Type a code.")),
        instead=text(request, "instead", longest=300, required=_("Say what people do instead.")),
        instead_en=text(request, "instead_en", longest=300),
        since=text(request, "since", longest=60),
        days=_whole(request, "days"),
        source=text(request, "source", longest=200),
        mark=choice(request, "mark", ["", *MARKS]),
        **_common(request),
    )


_TYPED: Mapping[str, Callable[[HttpRequest, Any], Any]] = {
    "questions": _question,
    "items": _item,
    "fields": _field,
    "materials": _material,
    "bars": _bar,
}


def _rows(request: HttpRequest, name: str) -> list[int]:
    """Numbers of the rows of a small table that say something."""
    return [at for at in range(MOST_ROWS) if request.POST.get(f"{name}-{at}", "").strip()]


def _options(request: HttpRequest, before: Question | Field) -> tuple[Option, ...]:
    # Hints of options in English have no column of their own in the small table; they stay.
    kept = {one.code: one.hint_en for one in before.options}
    return tuple(
        Option(
            request.POST[f"option_code-{at}"].strip()[:40],
            text(request, f"option_name-{at}", longest=80),
            text(request, f"option_name_en-{at}", longest=120),
            text(request, f"option_hint-{at}", longest=200),
            kept.get(request.POST[f"option_code-{at}"].strip(), ""),
        )
        for at in _rows(request, "option_code")
    )


def _steps(request: HttpRequest) -> tuple[Step, ...]:
    return tuple(
        Step(
            StepKind(choice(request, f"step_kind-{at}", list(StepKind))),
            text(request, f"step_name-{at}", longest=80),
            text(request, f"step_name_en-{at}", longest=120),
            tuple(
                name.strip()
                for name in request.POST.get(f"step_offices-{at}", "")
                .replace("，", "、")
                .split("、")
                if name.strip()
            ),
            request.POST.get(f"step_applies_if-{at}", "").strip()[:4000],
        )
        for at in _rows(request, "step_name")
    )


def _period(request: HttpRequest, name: str) -> Period:
    return Period(
        _whole(request, f"{name}_count"),
        choice(request, f"{name}_unit", list(LimitUnit.values)),
        _whole(request, f"{name}_extend_by"),
        text(request, f"{name}_source", longest=200),
        choice(request, f"{name}_mark", ["", *MARKS]),
    )


def _whole(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "").strip()
    if not given:
        return 0
    value = number(given)
    if value is None or value > 750:
        raise Refused(_("A limit is a whole number from 0 to 750."), field=name)
    return value
