"""What a shipped thing is made of, and the short words the others of this folder are written in."""

from dataclasses import dataclass

from xiaoer.permits.definition import (
    Answer,
    Definition,
    Option,
    Period,
    Question,
    Single,
    Step,
    StepKind,
)

FIRM, PERSON, BOTH = "firm", "person", "both"
ONE_THING, SINGLE = "one_thing", "single"

LICENSING = "行政许可法第四十二条"
DECIDE = Step(StepKind.DECIDE, "审查决定", "Review and decide")
REVIEW = Step(StepKind.REVIEW, "材料审查", "Review the papers")
VISIT = Step(StepKind.SITE_VISIT, "现场核查（两人以上）", "Site visit by two officers")


@dataclass(frozen=True, slots=True)
class Shipped:
    """A thing a new zone begins with. ``office`` leads it; offices are matched to the zone's by
    name. ``source`` and ``mark`` say how well what it says was read; ``note`` what is unverified."""

    code: str
    name: str
    name_en: str
    definition: Definition
    office: str = "行政审批局"
    kind: str = ONE_THING
    target: str = FIRM
    summary: str = ""
    summary_en: str = ""
    batch: str = ""
    is_value_added: bool = False
    basis: str = ""
    source: str = ""
    mark: str = "U"
    note: str = ""


def days(count: int, mark: str = "U", source: str = "", *, more: int = 0) -> Period:
    """So many working days; 0: on the spot."""
    return Period(count, extend_by=more, source=source, mark=mark)


def within(count: int, mark: str = "U", source: str = "") -> Period:
    """So many calendar days."""
    return Period(count, "calendar_day", source=source, mark=mark)


def alone(days: int = 0, papers: int = 0, trips: int = 0, steps: int = 0) -> Single:
    """What an item costs an applicant when handled alone."""
    return Single(days, papers, trips, steps)


def yes_no(code: str, name: str, name_en: str, hint: str = "", applies_if: str = "") -> Question:
    return Question(code, name, Answer.YES_NO, name_en, hint, applies_if=applies_if)


def one_of(
    code: str, name: str, name_en: str, *options: Option, hint: str = "", applies_if: str = ""
) -> Question:
    return Question(code, name, Answer.ONE, name_en, hint, options, applies_if)


def some_of(
    code: str, name: str, name_en: str, *options: Option, hint: str = "", applies_if: str = ""
) -> Question:
    return Question(code, name, Answer.MANY, name_en, hint, options, applies_if)
