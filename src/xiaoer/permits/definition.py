"""一件事定义: what a version of a one-thing definition says, as pure data that reads and writes JSON.

A version in force is never changed; a case runs on the version it began with, to its end. Every
condition (``applies_if``) is an expression of the rule language over the codes of questions and
fields: met, not met, or not known yet because a question is not answered. Empty: always.
Documents of processes: ``domain/processes.md`` 1.2.
"""

from dataclasses import dataclass, field
from enum import StrEnum

# From so many licences on they are handled jointly, and article 42 (2) limits the whole.
JOINTLY = 2


class Answer(StrEnum):
    """How a question is answered. ``many``: the value is a list of codes; a condition asks for one
    of them as ``question_option`` (yes or no), such as ``changes_name``."""

    YES_NO = "yes_no"
    ONE = "one"
    MANY = "many"


class Decides(StrEnum):
    """What an authority does with an item, by law."""

    GRANT = "grant"  # 许可
    FILE = "file"  # 备案
    CONFIRM = "confirm"  # 确认
    SERVICE = "service"  # 公共服务


class StepKind(StrEnum):
    """环节: what a branch of a case can be asked to do, one after another."""

    REVIEW = "review"  # 审查, one officer
    COUNTERSIGN = "countersign"  # 会签, all named must agree
    ANY_SIGN = "any_sign"  # 或签, one of those named suffices
    SITE_VISIT = "site_visit"  # 现场核查, by two officers, inside the limit
    EXPERT_REVIEW = "expert_review"  # 专家评审, stops the clock by article 45
    PUSH = "push"  # 推送, data handed on, confirmed by the office
    DECIDE = "decide"  # 决定, by a person who answers for it


class Source(StrEnum):
    """Where a field's value comes from before anybody types it."""

    TYPED = "typed"
    REGISTRY = "registry"  # a column of the party, by ``source_key``
    PAPER = "paper"  # read off a paper, ``source_key`` = kind.field
    ANSWER = "answer"  # from a question, ``source_key`` = its code
    RECORD = "record"  # an earlier case's same field


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    name: str
    name_en: str = ""
    hint: str = ""
    hint_en: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """情形引导: asked in order before anything is typed, each only if it matters."""

    code: str
    name: str
    answer: Answer
    name_en: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    applies_if: str = ""
    hint_en: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """表单项: a datum asked once, feeding every item that names it."""

    code: str
    name: str
    sort: str = (
        "text"  # text, long_text, number, money, date, credit_code, phone, address, choice, yes_no
    )
    name_en: str = ""
    hint: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    source: Source = Source.TYPED
    source_key: str = ""
    is_needed: bool = True
    items: tuple[str, ...] = ()  # codes of items it feeds; empty: all
    applies_if: str = ""
    hint_en: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """材料: asked for once; ``paper`` is the code of a ``papers`` kind.

    ``may_follow``: accepted without it on a promise (容缺) of ``follow_days`` working days.
    ``exempt_if_held``: the newest paper of the kind that still holds is used again, with consent.
    """

    paper: str
    name: str
    name_en: str = ""
    hint: str = ""
    is_needed: bool = True
    may_follow: bool = False
    follow_days: int = 0
    exempt_if_held: bool = True
    items: tuple[str, ...] = ()
    reason: str = ""  # which law asks for it
    applies_if: str = ""
    hint_en: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A limit of an item. ``unit`` as ``work.clocks.LimitUnit``; count 0: on the spot."""

    count: int
    unit: str = "working_day"
    extend_by: int = 0  # once, with approval
    source: str = ""
    mark: str = ""  # A, V, S, B, C, U or D


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an item's branch. ``offices``: names of offices; empty: the item's own."""

    kind: StepKind
    name: str
    name_en: str = ""
    offices: tuple[str, ...] = ()
    applies_if: str = ""


@dataclass(frozen=True, slots=True)
class Single:
    """What the item costs an applicant when handled alone: what one thing saves is counted by it."""

    days: int = 0
    papers: int = 0
    trips: int = 0
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """事项: one authority's own act with its own clock and its own result."""

    code: str
    name: str
    office: str  # name of the zone's office that handles it
    decides: Decides
    name_en: str = ""
    authority: str = ""  # 法定实施主体, in words
    acting: str = ""  # by delegation of whom, in words
    statutory: Period = Period(20, source="行政许可法第四十二条", mark="V")
    promised: Period = Period(10, mark="D")
    after: tuple[str, ...] = ()  # codes of items it waits for
    promise_route: bool = False  # 告知承诺 is allowed
    licence: str = ""  # code of the licence kind it results in
    result: str = ""  # in words, where it is no licence
    fee: str = ""
    basis: str = ""
    mark: str = ""
    steps: tuple[Step, ...] = (Step(StepKind.DECIDE, "审查决定", "Review and decide"),)
    single: Single = Single()
    applies_if: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """不适用情形: answers with which it cannot be applied for here; told before anything is typed.

    ``instead``: what to do then; a bar without it would only be a closed door. ``since``: code of a
    field that holds a day; the bar falls ``days`` calendar days after it (such as a notice that
    must have stood so long), so it is asked of the form before it is submitted.
    """

    code: str
    name: str
    instead: str
    name_en: str = ""
    instead_en: str = ""
    applies_if: str = ""
    since: str = ""
    days: int = 0
    source: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """The whole of one version."""

    questions: tuple[Question, ...] = ()
    items: tuple[Item, ...] = ()
    fields: tuple[Field, ...] = ()
    materials: tuple[Material, ...] = ()
    joint_limit: Period = Period(45, extend_by=15, source="行政许可法第四十二条第二款", mark="V")
    supplement_limit: Period = Period(5, source="行政许可法第三十二条第四项", mark="V")
    answer_limit: Period = Period(30, "calendar_day", mark="U")  # for the applicant to supplement
    hints: tuple[str, ...] = field(default=())
    bars: tuple[Bar, ...] = ()
    hints_en: tuple[
        str, ...
    ] = ()  # the hints in English, one for each; else they are shown as they are
