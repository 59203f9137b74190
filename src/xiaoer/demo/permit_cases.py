"""Cases of the demo: some at the desk, some in their branches, some issued and rated.

Everything goes through the verbs of applicants and staff, dated when it was done.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO

from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import Ground, Hand
from xiaoer.demo.names import SPEAKS_FOR
from xiaoer.permits import actions as permits
from xiaoer.permits.definition import Field, StepKind
from xiaoer.permits.models import Case, CaseStep, Thing
from xiaoer.permits.scenario import lay_out
from xiaoer.permits.wording import read_definition
from xiaoer.registry.models import Party
from xiaoer.web.press import compile_pdf

CHANGE, RESTAURANT = "change_of_firm", "open_restaurant"
NEW_SHOP: Mapping[str, object] = {
    "has_licence": True, "sells": "cooked", "lacks_flue": False, "is_assembly_place": True,
    "fire_route": "promise", "is_fitted_out": False, "wants_sign": True, "drains": True,
    "sells_tobacco": False,
}  # fmt: skip
NEW_SCOPE: Mapping[str, object] = {
    "changes": ["scope", "managers"], "scope_licensed": False, "has_branches": False,
    "licence_prints": False, "new_seal": False, "exceptions": [],
}  # fmt: skip
NEW_NAME: Mapping[str, object] = {
    "changes": ["name", "representative"], "has_branches": False, "licence_prints": False,
    "insured": True, "fund": False, "bank": True, "exceptions": [],
}  # fmt: skip
TYPED = {
    "text": "按申请书所列", "long_text": "热食类食品制售、冷食类食品制售", "number": "120",
    "money": "800万元", "date": "2026-11-02", "phone": "13905370018", "address": "东区一路 18 号",
    "yes_no": "是",
}  # fmt: skip
# What reads wrong as any long text.
SAID = {
    "new_scope": "新材料技术研发；电子专用材料制造；货物进出口",
    "new_managers": "监事，许文博，证件号码见材料",
    "signers": "法定代表人、监事、联络员，已本人认证",
    "branch_names": "东区分公司",
    "sign_size": "门头上方，宽 6 米、高 1.2 米",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One application: whose, for what, so many working days ago, and how far it came.

    ``rounds`` are how many times all open steps were done since; enough of them end the case.
    """

    thing: str
    answers: Mapping[str, object]
    ago: float
    accepted: bool = True
    rounds: int = 0
    score: int = 0
    lacks: str = ""


STORIES = (
    Told(RESTAURANT, NEW_SHOP, 0.6, accepted=False),
    Told(CHANGE, NEW_NAME, 0.3, accepted=False),
    Told(RESTAURANT, NEW_SHOP, 2.4, lacks="floor_plan"),
    Told(RESTAURANT, NEW_SHOP, 4.2, rounds=2),
    Told(CHANGE, NEW_NAME, 3.1, rounds=1),
    Told(CHANGE, NEW_SCOPE, 9.2, rounds=9, score=5),
    Told(CHANGE, NEW_SCOPE, 21.4, rounds=9, score=2),
)
OF_THE_SPEAKER = Told(CHANGE, NEW_SCOPE, 1.4, rounds=1)


def keep_cases(ground: Ground, firms: Firms, days: Days) -> None:
    """Applications of the last weeks. Called outside any scope."""
    speaker = firms.by_name[SPEAKS_FOR]
    told = [(one, party) for one, party in zip(STORIES, firms.services[3:], strict=False)] + [
        (OF_THE_SPEAKER, speaker)
    ]
    for story, party in sorted(told, key=lambda one: -one[0].ago):
        _tell(ground, days, story, party)
    _draft(ground, days, speaker)


def _speaks(ground: Ground, party: Party) -> Actor:
    return Actor(zone_id=ground.zone.pk, role=Role.ENTERPRISE, party_ref=party.pk, name=party.name)


def _draft(ground: Ground, days: Days, party: Party) -> None:
    by = _speaks(ground, party)
    with acting(by):
        thing = Thing.objects.get(zone_id=ground.zone.pk, code=CHANGE)
        permits.open_case(
            by=by, now=days.ago(0.2), thing=thing, party=party,
            answers={"changes": ["domicile"], "new_registrar": False},
        )  # fmt: skip


def _tell(ground: Ground, days: Days, story: Told, party: Party) -> None:
    by = _speaks(ground, party)
    with acting(by):
        case = _apply(by, days.ago(story.ago), story, party)
    desk = ground.hands["approval.1"].actor
    with acting(desk):
        if story.lacks:
            gap = permits.Gap(
                what="平面布局图", why="图上没有标出粗加工与切配分区", code=story.lacks,
                office="行政审批局",
            )  # fmt: skip
            permits.ask_supplement(by=desk, now=days.ago(story.ago - 0.7), case=case, gaps=[gap])
            return
        if not story.accepted:
            return
        permits.accept_case(by=desk, now=days.ago(story.ago - 0.3), case=case)
    _handle(ground, days, story, case)
    if story.score:
        with acting(by):
            permits.rate_case(
                by=by, now=days.ago(story.ago - 3), case=case, score=story.score,
                words="一次办完，没有跑腿。" if story.score > 3 else "公章备案多跑了一趟。",
            )  # fmt: skip


def _apply(by: Actor, now: datetime, story: Told, party: Party) -> Case:
    thing = Thing.objects.get(zone_id=by.zone_id, code=story.thing)
    case = permits.open_case(by=by, now=now, thing=thing, party=party, answers=story.answers)
    definition = read_definition(case.thing_version.body)
    outline = lay_out(definition, story.answers)
    form = {
        one.code: _typed(one, party)
        for one in outline.fields
        if not case.form.get(one.code) and one.is_needed
    }
    permits.fill_case(
        by=by, now=now, case=case, form=form, contact_name=party.contact_name or party.name[:20],
        contact_phone=party.contact_phone or "13905370018",
    )  # fmt: skip
    for material in outline.materials:
        if material.is_needed:
            permits.give_material(
                by=by, now=now, case=case, paper_code=material.paper,
                upload=_paper(party.name, material.name),
            )  # fmt: skip
    if any(item.promise_route for item in outline.items):
        permits.sign_promise(by=by, now=now, case=case)
    return permits.submit_case(by=by, now=now, case=case)


def _typed(field: Field, party: Party) -> str:
    if field.sort == "choice":
        return field.options[0].code
    if field.sort == "credit_code":
        return party.credit_code
    return SAID.get(field.code) or TYPED.get(field.sort, TYPED["text"])


class _Named(BytesIO):
    """A file as a form brings it."""

    name: str | None = None


def _paper(holder: str, title: str) -> _Named:
    stream = _Named(_printed(holder, title))
    stream.name = f"{title}.pdf"
    return stream


@cache
def _printed(holder: str, title: str) -> bytes:
    """A sheet with the paper's title and whose it is; what stands in it is not told here."""
    source = (
        '#set page(width: 210mm, height: 297mm, margin: 30mm)\n#set text(font: "Noto Serif SC")\n'
        "#let data = json(bytes(sys.inputs.data))\n"
        "#align(center, text(20pt, data.title))\n#v(16mm)\n#data.holder"
    )
    return compile_pdf(source, {"title": title, "holder": holder})


def _handle(ground: Ground, days: Days, story: Told, case: Case) -> None:
    """Every open step is done once a round, by whoever has it; then what is decided is issued."""
    since = story.ago - 0.4
    for number in range(story.rounds):
        now = days.ago(max(since - 0.2 * (number + 1), 0.01))
        steps = list(
            CaseStep.objects.filter(item__case=case, state=CaseStep.State.OPEN)
            .exclude(kind=StepKind.SITE_VISIT)
            .select_related("item")
        )
        for step in steps:
            by = _hand(ground, step).actor
            with acting(by):
                if step.kind == StepKind.DECIDE:
                    permits.grant_item(by=by, now=now, item=step.item)
                else:
                    permits.finish_step(by=by, now=now, step=step, agrees=True)
    _book(ground, days, case)
    _issue(ground, days, story, case)


def _book(ground: Ground, days: Days, case: Case) -> None:
    """Items that wait for a look at the site get one day together, tomorrow."""
    waits = CaseStep.objects.filter(
        item__case=case, state=CaseStep.State.OPEN, kind=StepKind.SITE_VISIT
    )
    desk = ground.hands["approval.1"].actor
    with acting(desk):
        if waits.exists():
            on = days.calendar.add_working_days(days.today, 1)
            permits.book_visit(by=desk, now=days.ago(0.4), case=case, on=on)


def _issue(ground: Ground, days: Days, story: Told, case: Case) -> None:
    desk = ground.hands["approval.1"].actor
    with acting(desk):
        case.refresh_from_db()
        if case.state == Case.State.DECIDED:
            now = days.ago(max(story.ago - 2.6, 0.01))
            permits.issue_case(by=desk, now=now, case=case)


def _hand(ground: Ground, step: CaseStep) -> Hand:
    """Who has the step: its post, else somebody of its office."""
    hands: Sequence[Hand] = list(ground.hands.values())
    found: Iterator[Hand] = (
        hand
        for hand in hands
        if (step.post_id and hand.post.pk == step.post_id)
        or (not step.post_id and hand.office.pk == step.office_id)
    )
    return next(found)
