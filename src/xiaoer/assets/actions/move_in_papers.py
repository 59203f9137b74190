"""入驻通知书、不予入驻决定书: ordered by a verb, made and signed by a job, kept among the firm's papers.

The press and the signature take longer than a step may, and a decision is not undone because the key
is missing: whoever sees the move-in through makes the paper again from its page.

Reconsideration and lawsuit are named with the limits of the Administrative Reconsideration Law
(article 20) and the Administrative Procedure Law (article 46).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from xiaoer.assets.access import moving as access
from xiaoer.assets.actions.moving_rows import ERRAND, LAPSED, SETTLE, State, in_state
from xiaoer.assets.models import MoveIn
from xiaoer.assets.queries.move_ins import kept_until
from xiaoer.base.checking import today
from xiaoer.base.models import Post, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.papers import actions as papers
from xiaoer.papers.models import OfficialNotice
from xiaoer.registry.models import Party
from xiaoer.web.press import paper_date
from xiaoer.work.models import Task

JOB = "make_move_in_papers"
DECISION, LAPSE, EXTENSION = "move_in_decision", "move_in_lapse", "move_in_extension"
DECIDED = (State.APPROVED, State.CONDITIONAL, State.REFUSED, State.SETTLED)
REMEDIES = (
    "如对本决定有异议，可以书面向本单位申请复核，说明理由并附材料；认为本决定侵犯你单位合法权益的，"
    "可以自收到本决定之日起六十日内依法申请行政复议，或者六个月内依法向人民法院提起行政诉讼。"
    "情况有变化的，可以重新申请。"
)


def order_papers(row: MoveIn) -> None:
    """Have what is due of its papers made, in the verb's own transaction: rolled back, none is."""
    app.configure_task(JOB).defer(zone_id=row.zone_id, move_in_id=row.pk)


@transaction.atomic
def make_move_in_papers(*, by: Actor, now: datetime, move_in: MoveIn) -> list[OfficialNotice]:
    """Make and sign what a move-in lacks: of its decision, and to each concerned of a lapse or extension.

    Asked for again it makes nothing twice. A firm that was registered only after the decision gets a
    paper of its own, under a further number.
    """
    access.must_keep_move_ins(by)
    row = in_state(by, move_in, *State)
    if row.decided_at is None or row.state not in DECIDED:
        raise Refused(_("“%(name)s” is not decided; there is no paper yet.") % {"name": row.name})
    made = []
    with translation.override("zh-hans"):
        if not _has(row, DECISION, row.party, row.decided_at):
            made.append(_decision(by, now, row))
        lapsed, extended = _lapsed(row), _extended(row)
        for party in (row.party, *_operators(row)):
            if lapsed is not None and not _has(row, LAPSE, party, lapsed.started_at):
                made.append(_lapse(by, now, row, party, lapsed))
            if extended is not None and not _has(row, EXTENSION, party, extended.started_at):
                made.append(_extension(by, now, row, party))
    return made


def _lapsed(row: MoveIn) -> Task | None:
    tasks = Task.objects.filter(matter=row.matter_id or 0, kind=LAPSED)
    return tasks.order_by("-id").first()


def _extended(row: MoveIn) -> Task | None:
    """The time to settle is watched anew after each extension, so the first task tells of none."""
    tasks = list(
        Task.objects.filter(matter=row.matter_id or 0, kind=SETTLE)
        .exclude(state=Task.State.TRANSFERRED)
        .order_by("id")
    )
    return tasks[-1] if len(tasks) > 1 and tasks[-1].state == Task.State.OPEN else None


def _of(row: MoveIn, kind: str) -> "list[OfficialNotice]":
    return list(
        OfficialNotice.objects.filter(
            zone_id=row.zone_id, subject_type="move_in", subject_id=row.pk, kind=kind
        )
    )


def _has(row: MoveIn, kind: str, party: Party | None, since: datetime) -> bool:
    """Whether this one was given its paper of what happened then."""
    number = party.pk if party else None
    return any(one.party_id == number and one.made_at >= since for one in _of(row, kind))


def _operators(row: MoveIn) -> list[Party]:
    of_units = row.of_units.filter(unit__building__operator__isnull=False)
    return list(
        Party.objects.filter(
            zone_id=row.zone_id, pk__in=of_units.values("unit__building__operator")
        ).order_by("id")
    )


def _make(
    by: Actor, now: datetime, row: MoveIn, kind: str, title: str, party: Party | None,
    paragraphs: Sequence[str],
) -> OfficialNotice:  # fmt: skip
    mark = {DECISION: "决", LAPSE: "期", EXTENSION: "延"}[kind]
    turn = len(_of(row, kind)) + 1
    number = f"{row.number}-{mark}" + (f"-{turn}" if turn > 1 else "")
    file = papers.make_notice(
        by=by, now=now, kind=kind, title=title, number=number,
        addressee=party.name if party else row.who, paragraphs=paragraphs,
        office_name=_in_whose_name(row), subject=row, party=party,
    )  # fmt: skip
    return OfficialNotice.objects.get(zone_id=row.zone_id, file=file)


def _in_whose_name(row: MoveIn) -> str:
    post = Post.objects.filter(pk=row.decided_by_id or 0).select_related("office").first()
    if post is not None and post.office is not None:
        return post.office.name
    return Zone.objects.get(pk=row.zone_id).name


def _decision(by: Actor, now: datetime, row: MoveIn) -> OfficialNotice:
    given = _words_of_refusal if row.state == State.REFUSED else _words_of_approval
    title = "不予入驻决定书" if row.state == State.REFUSED else "入驻通知书"
    return _make(by, now, row, DECISION, title, row.party, given(row))


def _project(row: MoveIn) -> str:
    kind = "" if row.name.endswith("项目") else "项目"
    return f"“{row.name}”{kind}"


def _what(row: MoveIn) -> str:
    return f"你单位申请的{_project(row)}入驻（编号{row.number}）"


def _sentence(words: str) -> str:
    return words if words.endswith(("。", "！", "？", "；")) else f"{words}。"


def _places(row: MoveIn) -> str:
    units = row.of_units.select_related("unit__building").order_by("id")
    return "、".join(f"{one.unit.building.name}{one.unit.code}" for one in units)


def _reviewers(row: MoveIn) -> str:
    opinions = row.opinions.exclude(says="open").select_related("office", "operator").order_by("id")
    names = [one.office.name if one.office else one.operator.name if one.operator else "" for one in opinions]  # fmt: skip
    return "、".join(dict.fromkeys(name for name in names if name))


def _words_of_approval(row: MoveIn) -> list[str]:
    reviewers = _reviewers(row)
    how = f"由{reviewers}联合审查" if reviewers else "经联合审查"
    lead = f"{_what(row)}，{how}，"
    if row.state == State.CONDITIONAL:
        lines = [f"{lead}同意附条件入驻{_places(row)}。", f"条件：{_sentence(row.words)}"]
    else:
        lines = [
            f"{lead}同意入驻{_places(row)}。",
            f"说明：{_sentence(row.words)}" if row.words else "",
        ]
    until = kept_until([row]).get(row.pk)
    if until is not None and row.state != State.SETTLED:
        lines.append(
            f"上述场地为你单位预留至{paper_date(until)}。请在此之前签订合同、办理入驻；不能按期入驻的，"
            "请在到期前说明理由申请延期。到期未入驻又未延期的，不再预留。"
        )
    chores = Task.objects.filter(matter=row.matter_id or 0, kind=ERRAND).select_related("office")
    said = [
        f"{one.title}（{one.office.name if one.office else ''}）" for one in chores.order_by("id")
    ]
    lines.append(f"入驻后续事项：{'；'.join(said)}。" if said else "")
    return lines


def _words_of_refusal(row: MoveIn) -> list[str]:
    return [
        f"{_what(row)}，经联合审查，决定不予入驻。",
        f"理由：{_sentence(row.words)}",
        REMEDIES,
    ]


def _lapse(
    by: Actor, now: datetime, row: MoveIn, party: Party | None, lapsed: Task
) -> OfficialNotice:
    mine = party is None or party.pk == row.party_id
    whose = "你单位" if mine else row.who
    lines = [
        f"{whose}{_project(row)}（编号{row.number}）获准入驻{_places(row)}，预留期限已满，"
        f"至{paper_date(today(lapsed.started_at))}未办理入驻，也未延期。上述场地自当日起不再预留，可以另行招租。",
        "仍需入驻的，请说明理由申请延期；场地未被他人租用的，可以重新预留。"
        if mine
        else "该企业申请延期获准的，将另行告知。",
    ]  # fmt: skip
    return _make(by, now, row, LAPSE, "载体预留到期告知书", party, lines)


def _extension(by: Actor, now: datetime, row: MoveIn, party: Party | None) -> OfficialNotice:
    whose = "你单位" if party is None or party.pk == row.party_id else row.who
    until = kept_until([row]).get(row.pk)
    lines = [
        f"{whose}{_project(row)}（编号{row.number}）入驻办理期限延长，{_places(row)}"
        f"继续预留至{paper_date(until)}。"
    ]
    return _make(by, now, row, EXTENSION, "载体预留延期告知书", party, lines)
