"""一单告知: which items, papers, days and fees, as applicants read them on a page and on paper."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from xiaoer.permits.definition import Bar, Decides, Definition, Item, Material, Period, Single
from xiaoer.permits.models import Case, CaseItem, CaseMaterial, Thing
from xiaoer.permits.scenario import Outline
from xiaoer.permits.thing_words import UNITS, hint_of, office_words
from xiaoer.permits.wording import read_definition
from xiaoer.web.press import compile_pdf, legible
from xiaoer.web.words import full_day, in_chinese
from xiaoer.work.clocks import LimitUnit

Name = Callable[[Any], str]
UNCERTAIN = frozenset({"U", "C", "D"})
TEMPLATE = Path(__file__).parent / "templates" / "permits" / "service_list.typ"


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item as an applicant reads it."""

    code: str
    name: str
    office: str
    authority: str
    decides: str
    statutory: str
    promised: str
    fee: str
    result: str
    basis: str
    mark: str
    is_certain: bool
    after: tuple[str, ...]
    promise_route: bool


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper as an applicant reads it: to be brought, held already, or may follow."""

    code: str
    name: str
    hint: str
    reason: str
    is_needed: bool
    is_held: bool
    may_follow: bool
    follow_days: int


@dataclass(frozen=True, slots=True)
class Lines:
    items: tuple[ItemLine, ...]
    papers: tuple[PaperLine, ...]

    @property
    def to_bring(self) -> int:
        return sum(one.is_needed and not one.is_held for one in self.papers)

    @property
    def fees(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.fee for one in self.items if one.fee))


def decides_words(decides: Decides) -> str:
    return {
        Decides.GRANT: _("licence"),
        Decides.FILE: _("filing"),
        Decides.CONFIRM: _("confirmation"),
        Decides.SERVICE: _("public service"),
    }[decides]


def period_words(period: Period) -> str:
    """A limit as people say it: 10 working days; 0: on the spot."""
    if period.count == 0:
        return _("on the spot")
    if period.count == 1:
        return f"1 {LimitUnit(period.unit).label}"
    return f"{period.count} {UNITS[period.unit]}"


@dataclass(frozen=True, slots=True)
class BarLine:
    """Why it cannot be applied for here, and what to do instead, as an applicant reads it."""

    code: str
    name: str
    instead: str
    source: str
    mark: str
    is_certain: bool


def bar_lines(bars: Iterable[Bar], *, name: Name) -> tuple[BarLine, ...]:
    return tuple(
        BarLine(
            one.code,
            name(one),
            one.instead if in_chinese() or not one.instead_en else one.instead_en,
            one.source,
            one.mark,
            one.mark not in UNCERTAIN,
        )
        for one in bars
    )


def listed(
    definition: Definition,
    items: Iterable[Item],
    materials: Iterable[Material],
    *,
    name: Name,
    held: Collection[str] = frozenset(),
) -> Lines:
    """Items and papers in the order of the definition."""
    names = {one.code: name(one) for one in definition.items}
    return Lines(
        items=tuple(
            ItemLine(
                code=one.code,
                name=name(one),
                office=office_words(one.office),
                authority=one.authority,
                decides=decides_words(one.decides),
                statutory=period_words(one.statutory),
                promised=period_words(one.promised),
                fee=one.fee,
                result=one.result,
                basis=one.basis or one.statutory.source,
                mark=one.mark or one.statutory.mark,
                is_certain=(one.mark or one.statutory.mark) not in UNCERTAIN,
                after=tuple(names[code] for code in one.after if code in names),
                promise_route=one.promise_route,
            )
            for one in items
        ),
        papers=tuple(
            PaperLine(
                code=one.paper,
                name=name(one),
                hint=hint_of(one),
                reason=one.reason,
                is_needed=one.is_needed,
                is_held=one.paper in held,
                may_follow=one.may_follow,
                follow_days=one.follow_days,
            )
            for one in materials
        ),
    )


def single_of(items: Iterable[Item]) -> Single:
    """What the items cost when each is handled alone."""
    rows = [one.single for one in items]
    return Single(
        days=sum(one.days for one in rows),
        papers=sum(one.papers for one in rows),
        trips=sum(one.trips for one in rows),
        steps=sum(one.steps for one in rows),
    )


def list_pdf(
    thing: Thing, lines: Lines, outline: Outline, *, zone_name: str, made_at: datetime
) -> bytes:
    """The list as a paper to take along; always Chinese, as every official paper."""
    with override("zh-hans"):
        data = {
            "title": f"{thing.name} 一单告知",
            "zone": zone_name,
            "on": full_day(made_at),
            "days": f"承诺 {outline.promised_days} 个工作日，法定 {outline.statutory_days} 个工作日",
            "items": [
                [one.name, one.office, one.promised, one.statutory, one.fee or "不收费"]
                for one in lines.items
            ],
            "papers": [
                [
                    one.name,
                    _paper_words(one),
                    " ".join(part for part in (one.hint, one.reason) if part),
                ]
                for one in lines.papers
            ],
        }
        return compile_pdf(TEMPLATE, _legible(data), made_at=made_at)


def _legible(value: Any) -> Any:
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, list):
        return [_legible(one) for one in value]
    if isinstance(value, dict):
        return {key: _legible(one) for key, one in value.items()}
    return value


def _paper_words(one: PaperLine) -> str:
    if one.is_held:
        return "已有，免交"
    if one.may_follow:
        return f"可容缺，{one.follow_days} 个工作日内补"
    return "需提交" if one.is_needed else "视情形提交"


# How a case stands, for its applicant ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of a running case in plain words, with its two days."""

    item: CaseItem
    name: str
    state: str
    colour: str
    promised: datetime | None
    statutory: datetime | None
    paused: str


COLOURS = {
    CaseItem.State.GRANTED: "green",
    CaseItem.State.FILED: "green",
    CaseItem.State.REFUSED: "red",
    CaseItem.State.RUNNING: "green",
}


def standing_of(case: Case, *, now: datetime, name: Name) -> dict[str, Any]:
    """What the page of a case says first: where it is, whose move it is, what was promised."""
    items = read_definition(case.thing_version.body).items
    names = {one.code: name(one) for one in items}
    return {
        "case": case,
        "thing_name": name(case.thing_version.thing),
        "state_words": state_words(case),
        "next_words": next_words(case),
        "branches": [
            branch_of(one, now, names.get(one.code, one.name)) for one in case.items.all()
        ],
        "papers_lost": [
            one
            for one in case.materials.all()
            if one.state == CaseMaterial.State.MISSING
            and one.is_wrong
            and case.state in {Case.State.SUBMITTED, Case.State.RUNNING}
        ],
        "papers_due": [
            one
            for one in case.materials.all()
            if one.state in {CaseMaterial.State.PROMISED, CaseMaterial.State.BROKEN}
        ],
    }


def branch_of(item: CaseItem, now: datetime, name: str) -> Branch:
    late = item.state == CaseItem.State.RUNNING and (
        item.promised_due_at is not None and item.promised_due_at < now
    )
    paused = next((one for one in item.pauses.all() if one.until is None), None)
    return Branch(
        item=item,
        name=name,
        state=str(CaseItem.State(item.state).label),
        colour="amber" if late else COLOURS.get(CaseItem.State(item.state), "grey"),
        promised=item.promised_due_at,
        statutory=item.statutory_due_at,
        paused=paused.words if paused else "",
    )


def state_words(case: Case) -> str:
    return str(Case.State(case.state).label)


def next_words(case: Case) -> str:
    """Whose move it is, in a sentence."""
    state = case.state
    if state == Case.State.DRAFT:
        return _("You fill it in and submit it; until then nobody else reads it.")
    if state == Case.State.SUBMITTED:
        return _("We look through your papers and tell you once all that is missing, or accept it.")
    if state == Case.State.SUPPLEMENT:
        return _("You bring what the notice names; all of it is named there, once.")
    if state == Case.State.RUNNING:
        return _("The offices work on it side by side; you need not do anything.")
    if state == Case.State.DECIDED:
        return _("All is decided; the results are being issued.")
    if state == Case.State.ISSUED:
        return _("The results are here. Tell us how it went.")
    return case.closed_why or _("It is closed.")
