"""联动联审: opinions of offices and of the park's operator, all asked at once; then a person decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.assets.access import moving as access
from xiaoer.assets.actions import seeking
from xiaoer.assets.actions.lapsing import watch_settling
from xiaoer.assets.actions.move_in_papers import order_papers
from xiaoer.assets.actions.moving_rows import (
    DECIDE,
    ERRAND,
    OPINION,
    SEE_TO,
    TAKE_ON,
    State,
    close_matter,
    in_state,
    matter_of,
    open_tasks,
    save,
    tell,
)
from xiaoer.assets.actions.moving_space import keep_units
from xiaoer.assets.actions.whose import Whose, whose
from xiaoer.assets.models import MoveIn, MoveInItem, MoveInOpinion, MoveInPaper
from xiaoer.assets.queries.review_items import review_items
from xiaoer.base.checking import end_of, locked, must_say, said, today
from xiaoer.base.models import Office, Post, Role
from xiaoer.base.queries import posts_in_force
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.registry.models import Party
from xiaoer.work import actions as work
from xiaoer.work import queries as work_queries
from xiaoer.work.models import Task

Says = MoveInOpinion.Says
VERDICTS = (State.APPROVED, State.CONDITIONAL, State.REFUSED)
MOST_ASKED = 30
# Whose office is asked to decide where nobody chosen is in office any longer.
DECIDERS = (Role.ZONE_LEADER, Role.INVESTMENT, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Ask:
    """One opinion that is asked for: of an office, or of an operator, within working days."""

    topic: str
    working_days: int
    office: Office | None = None
    operator: Party | None = None


@dataclass(frozen=True, slots=True)
class Chore:
    """One thing to be done after the decision: by which office, within working days."""

    name: str
    working_days: int
    office: Office


def operators_of(row: MoveIn) -> list[Party]:
    """Firms that run the buildings of the units asked for."""
    return list(
        Party.objects.filter(
            zone_id=row.zone_id,
            pk__in=row.of_units.filter(unit__building__operator__isnull=False).values(
                "unit__building__operator"
            ),
        ).order_by("id")
    )


def default_asks(by: Actor, row: MoveIn) -> list[Ask]:
    """The zone's list, with the operators of these units; what names no office is refused, named."""
    asks, lacking = [], []
    operators = operators_of(row)
    for one in review_items(zone_id=by.zone_id, kind=MoveInItem.Kind.OPINION):
        days = one.item.working_days
        if one.item.to_operator:
            asks += [Ask(one.item.name, days, operator=party) for party in operators]
        elif one.office is not None:
            asks.append(Ask(one.item.name, days, one.office))
        else:
            lacking.append(one.item.name)
    if lacking:
        raise Refused(
            _("Choose first which office gives its opinion on %(topics)s.")
            % {"topics": "、".join(lacking)},
            field="asks",
        )
    return asks


@transaction.atomic
def start_review(
    *,
    by: Actor,
    now: datetime,
    move_in: MoveIn,
    asks: Sequence[Ask] | None = None,
    decider: Post | None = None,
    version: int | None = None,
) -> MoveIn:
    """Ask every office and operator at once; each has its own clock. The papers go to all of them.

    Without ``asks`` the zone's list is asked. The operator of a building answers for its units, so
    one that is left out is refused.
    """
    access.must_keep_move_ins(by)
    row = in_state(by, move_in, State.DRAFT, version=version)
    if not row.of_units.exists():
        raise Refused(_("Choose first which units it moves into."), field="units")
    if not MoveInPaper.objects.filter(move_in=row, removed_at__isnull=True).exists():
        raise Refused(_("Add the papers first; whoever reviews reads them."), field="paper")
    if decider is not None and decider.zone_id != by.zone_id:
        raise Refused(_("There is no such record here; it may be of another zone."))
    chosen = default_asks(by, row) if asks is None else list(asks)
    _must_be_asks(row, chosen)
    row.post_id = row.post_id or by.post_id
    row.decider = decider
    work.end_tasks(by=by, now=now, tasks=open_tasks(row, [TAKE_ON]), is_done=True)
    opinions = _ask_all(by, now, row, chosen)
    row.state = State.REVIEW
    row.review_due_at = max(one.due_at for one in opinions if one.due_at)
    save(row)
    tell(by, now, "start_review", row, count=len(opinions))
    return row


def _must_be_asks(row: MoveIn, asks: Sequence[Ask]) -> None:
    if not 1 <= len(asks) <= MOST_ASKED:
        raise Refused(
            _("Ask at least one opinion, and at most %(most)d.") % {"most": MOST_ASKED},
            field="asks",
        )
    pairs = set()
    for one in asks:
        if (one.office is None) == (one.operator is None):
            raise Refused(
                _("Choose first which office gives its opinion on %(topics)s.")
                % {"topics": one.topic},
                field="asks",
            )
        if not 1 <= one.working_days <= 250:
            raise Refused(_("Type working days from 1 to 250."), field="asks")
        must_say(one.topic, "asks", most=60, why=_("Say what is asked."))
        pair = (one.topic, one.office and one.office.pk, one.operator and one.operator.pk)
        if pair in pairs:
            raise Refused(_("“%(topic)s” is asked twice.") % {"topic": one.topic}, field="asks")
        pairs.add(pair)
    operators = {one.operator.pk for one in asks if one.operator}
    there = {party.pk: party.name for party in operators_of(row)}
    if operators - set(there):
        raise Refused(_("Only who operates one of these units is asked."), field="asks")
    if set(there) - operators:
        names = "、".join(name for number, name in there.items() if number not in operators)
        raise Refused(
            _("%(names)s operates these units and says its half of the review; ask it too.")
            % {"names": names},
            field="asks",
        )


def _ask_all(by: Actor, now: datetime, row: MoveIn, asks: Sequence[Ask]) -> list[MoveInOpinion]:
    calendar = work_queries.calendar_of(by.zone_id)
    errands = []
    for one in asks:
        due_at = end_of(calendar.add_working_days(today(now), one.working_days))
        if one.operator is None:
            errands.append(work.Errand(OPINION, one.topic, office=one.office, due_at=due_at))
            continue
        # An operator has no inbox here: whoever sees the move-in through sees that it answers.
        title = f"{one.operator.name}：{one.topic}"
        post = Post.objects.filter(pk=row.post_id or 0).first()
        errands.append(work.Errand(SEE_TO, title, post=post, due_at=due_at))
    tasks = work.give_tasks(
        by=by, now=now, matter=matter_of(row), errands=errands, calendar=calendar
    )
    return MoveInOpinion.objects.bulk_create(
        MoveInOpinion(
            zone_id=by.zone_id, move_in=row, office=one.office, operator=one.operator,
            topic=one.topic.strip(), due_at=task.due_at, task=task,
        )
        for one, task in zip(asks, tasks, strict=True)
    )  # fmt: skip


@transaction.atomic
def give_opinion(
    *,
    by: Actor,
    now: datetime,
    opinion: MoveInOpinion,
    says: str,
    words: str = "",
    version: int | None = None,
) -> MoveInOpinion:
    """Say yes, yes on conditions, or no; against needs words. It may be said anew until the decision."""
    known = MoveInOpinion.objects.filter(zone_id=by.zone_id, pk=opinion.pk).first()
    if known is None:
        raise Refused(_("There is no such record here; it may be of another zone."))
    if not by.is_staff and not access.operates(by, known):
        access.must_say(by, known, now)
    with on_behalf(by):
        # The move-in is the lock: the last two opinions said at once are one after the other.
        row = in_state(by, MoveIn(pk=known.move_in_id), State.REVIEW)
        kept = locked(MoveInOpinion, by, known.pk)
        if by.is_staff:
            access.must_say(by, kept, now)
        if version is not None and kept.version != version:
            raise Refused(_("This opinion was said meanwhile; look at it again."))
        if says not in (Says.YES, Says.IF, Says.NO):
            raise Refused(_("Say whether you agree, on conditions or not."), field="says")
        if says == Says.YES:
            kept.words = said(words, "words", most=500)
        else:
            why = _("Say on which conditions, or why not; the firm has to answer to it.")
            kept.words = must_say(words, "words", most=500, why=why)
        kept.says, kept.said_at, kept.post_id = Says(says), now, by.post_id
        kept.version += 1
        kept.save()
        if kept.task is not None and kept.task.state == Task.State.OPEN:
            work.finish_task(
                by=by, now=now, task=kept.task, outcome=f"{Says(says).label} {kept.words}".strip()
            )
        tell(
            by, now, "give_opinion", row, topic=kept.topic, says=kept.says, words=kept.words
        )  # fmt: skip
        _ask_to_decide(by, now, row)
    return kept


def _ask_to_decide(by: Actor, now: datetime, row: MoveIn) -> None:
    """All have spoken: who decides gets the task, once."""
    if row.opinions.filter(says=Says.OPEN).exists():
        return
    if row.matter is None or row.matter.tasks.filter(kind=DECIDE).exists():
        return
    asked = _decider(row, now)
    if asked is not None:
        work.give_task(
            by=by, now=now, matter=row.matter, kind=DECIDE, title=asked.title(row.name),
            post=asked.post, office=asked.office,
            limit=work_queries.limit(row.zone_id, "move_in.decide"),
        )  # fmt: skip


def _decider(row: MoveIn, now: datetime) -> Whose | None:
    """Whoever was chosen, or sees it through, while still in office; else a leader's office."""
    there = posts_in_force(zone_id=row.zone_id, on=today(now))
    for number in (row.decider_id, row.post_id):
        post = there.filter(pk=number).first() if number else None
        if post is not None:
            return Whose(post=post)
    return whose(zone_id=row.zone_id, on=today(now), roles=DECIDERS)


def default_chores(by: Actor, row: MoveIn) -> list[Chore]:
    """What the zone's list says is to be done after a decision; what names no office is done by that of
    whoever sees the move-in through, or decides it."""
    posts = Post.objects.filter(pk__in=[row.post_id or 0, by.post_id or 0], office__isnull=False)
    own = {post.pk: post.office for post in posts.select_related("office")}
    usual = own.get(row.post_id or 0) or own.get(by.post_id or 0)
    chores = []
    for one in review_items(zone_id=by.zone_id, kind=MoveInItem.Kind.ERRAND):
        office = one.office or usual
        if office is not None:
            chores.append(Chore(one.item.name, one.item.working_days, office))
    return chores


@transaction.atomic
def decide_move_in(
    *,
    by: Actor,
    now: datetime,
    move_in: MoveIn,
    verdict: str,
    words: str = "",
    without_missing: bool = False,
    chores: Sequence[Chore] | None = None,
    version: int | None = None,
) -> MoveIn:
    """A person decides by all opinions; units are kept, and what is to be done then are tasks.

    The signed paper of it is made by a job.

    While opinions are missing it is refused with their names, unless the one who decides says
    ``without_missing``; the journal keeps which they were. Against an opinion it needs words.
    """
    post_id = access.must_decide(by)
    row = in_state(by, move_in, State.REVIEW, version=version)
    if verdict not in VERDICTS:
        raise Refused(_("Choose what is decided."), field="verdict")
    opinions = list(row.opinions.select_related("office", "operator").order_by("id"))
    missing = [topic_of(one) for one in opinions if one.says == Says.OPEN]
    if missing and not without_missing:
        raise Refused(
            _("Not said yet: %(names)s. Wait for them, or say that you decide without.")
            % {"names": "、".join(missing)},
            field="without_missing",
        )
    row.words = _words(verdict, words, opinions)
    row.state, row.decided_at, row.decided_by_id = State(verdict), now, post_id
    _end_asking(by, now, row)
    save(row)
    tell(
        by, now, "decide_move_in", row, verdict=row.state, words=row.words,
        **({"missing": missing} if missing else {}),
    )  # fmt: skip
    if row.state == State.REFUSED:
        if row.need is not None:
            seeking.come_to_nothing(row.need, by=by, now=now)
        close_matter(by, now, row)
    else:
        keep_units(by, now, row)
        _give_chores(by, now, row, default_chores(by, row) if chores is None else chores)
        watch_settling(by, now, row)
    order_papers(row)
    return row


def topic_of(opinion: MoveInOpinion) -> str:
    """What was asked, and of whom."""
    whom = opinion.office.name if opinion.office else opinion.operator and opinion.operator.name
    return f"{opinion.topic}（{whom}）"


def _words(verdict: str, words: str, opinions: Sequence[MoveInOpinion]) -> str:
    if verdict == State.REFUSED:
        return must_say(words, "words", most=1000, why=_("Say why not; the firm reads it."))
    if verdict == State.CONDITIONAL:
        return must_say(words, "words", most=1000, why=_("Say on which conditions."))
    against = [topic_of(one) for one in opinions if one.says in (Says.NO, Says.IF)]
    if against:
        why = _("%(names)s did not simply agree; say why it is approved all the same.") % {
            "names": "、".join(against)
        }
        return must_say(words, "words", most=1000, why=why)
    return said(words, "words", most=1000)


def _end_asking(by: Actor, now: datetime, row: MoveIn) -> None:
    """What nobody is asked for any longer falls away; deciding was done."""
    label = str(State(row.state).label)
    work.end_tasks(
        by=by, now=now, tasks=open_tasks(row, [DECIDE]), is_done=True, outcome=label
    )  # fmt: skip
    work.end_tasks(by=by, now=now, tasks=open_tasks(row, [OPINION, SEE_TO]), is_done=False)


def _give_chores(by: Actor, now: datetime, row: MoveIn, chores: Sequence[Chore]) -> None:
    if not chores:
        return
    calendar = work_queries.calendar_of(by.zone_id)
    errands = [
        work.Errand(
            ERRAND, must_say(one.name, "chores", most=120, why=_("Say what is to be done.")),
            office=one.office,
            due_at=end_of(calendar.add_working_days(today(now), one.working_days)),
        )
        for one in chores
    ]  # fmt: skip
    work.give_tasks(by=by, now=now, matter=matter_of(row), errands=errands, calendar=calendar)


def follow_opinion(*, old: Task, task: Task, by: Actor, now: datetime, **_signal: Any) -> None:
    """Whoever an opinion is handed on to says it from now on."""
    if task.kind not in (OPINION, SEE_TO):
        return
    opinion = MoveInOpinion.objects.filter(zone_id=by.zone_id, task=old).first()
    if opinion is None:
        return
    opinion.task = task
    if task.kind == OPINION:
        office = task.office or (task.post.office if task.post else None)
        if office is None:
            raise Refused(_("An opinion is an office's; hand it to somebody of an office."))
        opinion.office = office
        same = MoveInOpinion.objects.filter(
            move_in=opinion.move_in_id, office=office, topic=opinion.topic
        ).exclude(pk=opinion.pk)
        if same.exists():
            raise Refused(
                _("%(office)s is asked for “%(topic)s” already.")
                % {"office": office.name, "topic": opinion.topic}
            )
    opinion.version += 1
    opinion.save(update_fields=["task", "office", "version"])
