"""走访清单 Whom to visit next, and why: each enterprise of an officer with its reasons in words.

The number of queries never grows with the number of enterprises or with the history behind them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.base.models import Post, Role
from xiaoer.base.scope import Actor
from xiaoer.outreach import access, reasons
from xiaoer.outreach.models import Appeal, Visit, VisitInterval
from xiaoer.outreach.queries.figures import Period, Share, visit_round
from xiaoer.outreach.queries.pool import OPEN_STATES, pool_row
from xiaoer.registry.models import Stewardship
from xiaoer.registry.queries.standing import monitoring_firms_on
from xiaoer.web import words
from xiaoer.web.marks import Colour
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL, WorkCalendar
from xiaoer.work.models import Contact, Question, Task

# The order of the list, as it is told on the page: what is late or promised before what is due.
LATE, SOON, RUNS_OUT, OVERDUE, ASK, COMING, OPEN = range(7)
# Regular visits are shown so many days before they are due, titles so many before they run out.
COMING_DAYS, RUNS_OUT_DAYS = 7, 60
# An interval's days for a firm nobody ever visited: it comes before every other overdue one.
NEVER = 100_000
CARED_FOR = (Stewardship.Kind.OFFICER, Stewardship.Kind.DEPUTY)
OVERLOOKS = access.DESK_ROLES | {Role.ZONE_LEADER}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why to go there. ``rank`` is its place in the stated order, ``weight`` within it."""

    rank: int
    weight: float
    light: Colour | None
    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """How often an enterprise is visited; without ``is_tier_known`` the zone's default holds."""

    days: int
    label: str
    is_tier_known: bool


@dataclass(frozen=True, slots=True)
class DueRow:
    """An enterprise with its reasons, the gravest first. ``absent`` says why not now."""

    party_id: int
    enterprise: str
    cell: str
    address: str
    contact_name: str
    contact_phone: str
    is_deputy: bool
    last_visit: date | None
    due_on: date | None
    interval: Interval | None
    reasons: tuple[Reason, ...]
    questions: tuple[str, ...]
    planned_on: date | None
    absent: str

    @property
    def light(self) -> Colour | None:
        return self.reasons[0].light if self.reasons else None

    @property
    def waits(self) -> bool:
        """Not now: somebody else goes, or nobody may; what is late or due soon never waits for it."""
        return bool(self.absent) and self.reasons[0].rank > SOON

    @property
    def key(self) -> tuple[int, float, str]:
        first = self.reasons[0]
        return first.rank, -first.weight, self.enterprise


@dataclass(frozen=True, slots=True)
class DueList:
    """Rows to visit in the stated order; ``absent`` ones with why not now; the rest is not due.

    ``round`` is what was visited this quarter of the enterprises the officer answers for.
    """

    post_id: int
    officer: str
    today: date
    rows: tuple[DueRow, ...]
    absent: tuple[DueRow, ...]
    firms: int
    next_due_on: date | None
    round: Share

    @property
    def not_due(self) -> int:
        return self.firms - len(self.rows) - len(self.absent)

    @property
    def visited_this_quarter(self) -> int:
        return self.round.part

    @property
    def answered_for(self) -> int:
        return self.round.whole

    @property
    def to_ask(self) -> int:
        """Questions that wait for the next visit."""
        return sum(len(row.questions) for row in (*self.rows, *self.absent))


def may_overlook(by: Actor) -> bool:
    """The desk and leaders see the lists of all officers."""
    return by.is_staff and by.role in OVERLOOKS


def colleagues_with_firms(*, by: Actor, now: datetime) -> list[tuple[int, str]]:
    """Posts that look after enterprises, for whoever may see their lists."""
    if not may_overlook(by):
        return []
    posts = Post.objects.filter(
        zone_id=by.zone_id,
        pk__in=_in_force(by, now.astimezone(LOCAL).date()).values("post_id"),
    ).select_related("person", "office")
    return [
        (post.pk, f"{post.person.name} · {post.office.name if post.office else ''}")
        for post in posts.order_by("person__name", "id")
    ]


def _in_force(by: Actor, today: date) -> QuerySet[Stewardship]:
    return Stewardship.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today),
        zone_id=by.zone_id,
        kind__in=CARED_FOR,
        since__lte=today,
        party__merged_into__isnull=True,
    )


def due_list(*, by: Actor, now: datetime, post_id: int | None = None) -> DueList | None:
    """Whom an officer is to visit, the most urgent first; None where the asker may not see it.

    One's own list holds the enterprises of absent colleagues one stands in for too.
    """
    wanted = post_id or by.post_id
    if wanted is None or not by.is_staff:
        return None
    own = access.posts_answered_for(by, now)
    if wanted not in own and not may_overlook(by):
        return None
    post = Post.objects.filter(zone_id=by.zone_id, pk=wanted).select_related("person").first()
    if post is None:
        return None
    posts = own if wanted == by.post_id else frozenset({wanted})
    return _Making(by, now, post, posts).made()


def monitoring_tier(by: Actor, party_ids: Sequence[int], on: date) -> dict[int, bool]:
    """Which enterprises are monitoring firms; the zone names them itself, so it is always known."""
    named = set(
        monitoring_firms_on(zone_id=by.zone_id or 0, day=on)
        .filter(party_id__in=party_ids)
        .values_list("party_id", flat=True)
    )
    return {party_id: party_id in named for party_id in party_ids}


class _Making:
    """All that is asked for one list, each kind of fact once for all its enterprises."""

    def __init__(self, by: Actor, now: datetime, post: Post, posts: frozenset[int]) -> None:
        self.by, self.now, self.post, self.posts = by, now, post, posts
        self.today = now.astimezone(LOCAL).date()
        self.zone_id = post.zone_id or 0
        self.calendar: WorkCalendar = work.calendar_of(self.zone_id)
        self.held = self._held()
        self.ids = [each.party_id for each in self.held]
        self.intervals = list(VisitInterval.objects.filter(zone_id=self.zone_id).order_by("days"))
        self.tiers = reasons.tiers_of(by, self.ids, self.today)
        self.running_out = reasons.running_out(
            by, self.ids, self.today + timedelta(days=RUNS_OUT_DAYS)
        )
        self.appeals = self._appeals()
        self.tasks = self._tasks()
        self.questions = self._questions()
        self.budgets = work.contact_budgets(by, self.ids, self.today)
        self.contacts = self._contacts()

    def made(self) -> DueList:
        rows = [self._row(each) for each in self.held]
        with_reasons = sorted((row for row in rows if row.reasons), key=lambda row: row.key)
        coming = [row.due_on for row in rows if row.due_on and row.due_on > self.today]
        quarter = self.today.replace(month=3 * ((self.today.month - 1) // 3) + 1, day=1)
        return DueList(
            post_id=self.post.pk,
            officer=self.post.person.name,
            today=self.today,
            rows=tuple(row for row in with_reasons if not row.waits),
            absent=tuple(row for row in with_reasons if row.waits),
            firms=len(rows),
            next_due_on=min(coming, default=None),
            round=visit_round(by=self.by, period=Period(quarter, self.today), post_id=self.post.pk),
        )

    def _held(self) -> list[Any]:
        """Each enterprise once, as officer before as deputy, with the day of its last visit."""
        last = (
            Visit.objects.filter(party_id=OuterRef("party_id"), replaced_by__isnull=True)
            .order_by("-visited_on")
            .values("visited_on")[:1]
        )
        found: dict[int, Any] = {}
        for each in (
            _in_force(self.by, self.today)
            .filter(post_id__in=self.posts)
            .select_related("party__cell")
            .annotate(last_visit=Subquery(last))
            .order_by("-kind", "party_id")
        ):
            found.setdefault(each.party_id, each)
        return list(found.values())

    def _appeals(self) -> Mapping[int, list[Reason]]:
        found: dict[int, list[Reason]] = defaultdict(list)
        rows = (
            Appeal.objects.filter(
                zone_id=self.zone_id, party_id__in=self.ids, state__in=OPEN_STATES
            )
            .select_related("party", "kind", "office", "handler__person")
            .defer("body", "terms")
        )
        ranks: dict[Colour, int] = {"red": LATE, "amber": SOON}
        for appeal in rows:
            row = pool_row(appeal, self.now, self.calendar)
            late = (self.now - row.due_at).total_seconds() / 86400 if row.due_at else 0.0
            said = f"{row.title} · {row.remaining}" if row.due_at else row.title
            found[row.party_id].append(
                Reason(
                    ranks.get(row.light, OPEN),
                    late,
                    row.light,
                    said,
                    reverse("appeal", args=[row.id]),
                )
            )
        return found

    def _tasks(self) -> Mapping[int, list[Reason]]:
        """Overdue tasks of other matters; those of requests show in the light of the request."""
        found: dict[int, list[Reason]] = defaultdict(list)
        tasks = (
            Task.objects.filter(
                zone_id=self.zone_id,
                state=Task.State.OPEN,
                due_at__lt=self.now,
                matter__party_id__in=self.ids,
            )
            .exclude(matter__kind="appeal")
            .select_related("matter", "post__person", "office")
        )
        for task in tasks:
            holder = task.post.person.name if task.post else (task.office and task.office.name)
            said = _("%(title)s is late, with %(who)s") % {"title": task.title, "who": holder}
            late = (self.now - task.due_at).total_seconds() / 86400 if task.due_at else 0.0
            found[task.matter.party_id or 0].append(
                Reason(LATE, late, "red", said, task.matter.address)
            )
        return found

    def _questions(self) -> Mapping[int, list[Question]]:
        found: dict[int, list[Question]] = defaultdict(list)
        for question in work.open_questions(self.by, self.ids):
            found[question.party_id].append(question)
        return found

    def _contacts(self) -> Mapping[int, list[Contact]]:
        """What stands in the calendar of each from today to the end of the next month."""
        found: dict[int, list[Contact]] = defaultdict(list)
        until = (self.today.replace(day=1) + timedelta(days=62)).replace(day=1)
        rows = (
            Contact.objects.filter(
                zone_id=self.zone_id,
                party_id__in=self.ids,
                tag=Contact.Tag.SERVICE,
                kind=Contact.Kind.VISIT,
                state__in=(Contact.State.PLANNED, Contact.State.MERGED),
                planned_on__gte=self.today,
                planned_on__lt=until,
            )
            .select_related("office", "merged_into__office")
            .order_by("planned_on", "id")
        )
        for contact in rows:
            found[contact.party_id].append(contact)
        return found

    def _row(self, held: Any) -> DueRow:
        party = held.party
        interval = self._interval(party.pk)
        due_on = (
            held.last_visit + timedelta(days=interval.days)
            if held.last_visit and interval
            else None
        )
        asked = self.questions.get(party.pk, [])
        mine = next((c for c in self.contacts.get(party.pk, []) if c.post_id in self.posts), None)
        found = [
            *self.appeals.get(party.pk, []),
            *self.tasks.get(party.pk, []),
            *map(self._runs_out, self.running_out.get(party.pk, [])),
            *self._by_interval(held.last_visit, due_on, interval),
            *_to_ask(asked),
        ]
        return DueRow(
            party_id=party.pk,
            enterprise=party.name,
            cell=party.cell.name if party.cell else "",
            address=party.address,
            contact_name=party.contact_name,
            contact_phone=party.contact_phone,
            is_deputy=held.kind == Stewardship.Kind.DEPUTY,
            last_visit=held.last_visit,
            due_on=due_on,
            interval=interval,
            reasons=tuple(sorted(found, key=lambda one: (one.rank, -one.weight))),
            questions=tuple(question.text for question in asked),
            planned_on=mine.planned_on if mine and mine.state == Contact.State.PLANNED else None,
            absent=self._absent(party.pk),
        )

    def _interval(self, party_id: int) -> Interval | None:
        """The shortest interval of the tiers it is known to be in; else the zone's default."""
        is_known = True
        for row in self.intervals:
            if row.code == VisitInterval.OTHER:
                continue
            is_in = self.tiers.get(row.code, {}).get(party_id)
            if is_in:
                return Interval(row.days, row.label, is_known)
            is_known = is_known and is_in is not None
        other = next((row for row in self.intervals if row.code == VisitInterval.OTHER), None)
        return Interval(other.days, other.label, is_known) if other else None

    def _by_interval(
        self, last: date | None, due_on: date | None, interval: Interval | None
    ) -> list[Reason]:
        if interval is None:
            return []
        every = _every(interval)
        if last is None or due_on is None:
            return [Reason(OVERDUE, NEVER, "amber", _("Nobody has visited yet; %(every)s") % every)]
        days = (self.today - last).days
        over = (self.today - due_on).days
        if over > 0:
            said = ngettext(
                "%(num)d day without a visit; %(every)s",
                "%(num)d days without a visit; %(every)s",
                days,
            )
            return [Reason(OVERDUE, over, "amber", said % {"num": days, **every})]
        if over > -COMING_DAYS:
            said = _("To be visited by %(day)s; %(every)s")
            return [Reason(COMING, over, "green", said % {"day": words.day(due_on), **every})]
        return []

    def _runs_out(self, thing: reasons.RunsOut) -> Reason:
        left = (thing.on - self.today).days
        said = _("%(what)s runs out on %(day)s") % {"what": thing.words, "day": words.day(thing.on)}
        return Reason(RUNS_OUT, -left, "red" if left <= 0 else "amber", said, thing.address)

    def _absent(self, party_id: int) -> str:
        """Why nobody goes there now; the first that holds is said."""
        contacts, budget = self.contacts.get(party_id, []), self.budgets[party_id]
        mine = [contact for contact in contacts if contact.post_id in self.posts]
        merged = next((c for c in mine if c.state == Contact.State.MERGED and c.merged_into), None)
        if merged is not None and merged.merged_into is not None:
            return _("merged into the visit of %(office)s on %(day)s") % {
                "office": merged.merged_into.office.name,
                "day": words.day(merged.merged_into.planned_on),
            }
        other = next(
            (
                c
                for c in contacts
                if c.post_id not in self.posts and c.state == Contact.State.PLANNED
            ),
            None,
        )
        if mine:
            return ""
        if other is not None:
            return _("%(office)s goes there on %(day)s: %(purpose)s") % {
                "office": other.office.name,
                "day": words.day(other.planned_on),
                "purpose": other.purpose,
            }
        if budget.is_quiet(self.today):
            return _("quiet days until day %(day)d of the month") % {"day": budget.quiet_until}
        if budget.is_full:
            return _("the quota of this month is used: %(used)s") % {"used": budget.words}
        return ""


def _every(interval: Interval) -> dict[str, str]:
    given = {"tier": interval.label, "days": interval.days}
    if interval.is_tier_known:
        return {"every": _("%(tier)s: every %(days)d days") % given}
    return {"every": _("tier not known, so every %(days)d days") % given}


def _to_ask(asked: Sequence[Question]) -> list[Reason]:
    if not asked:
        return []
    said = _("To ask: %(text)s") % {"text": asked[0].text}
    if len(asked) > 1:
        said += ngettext(" and %(num)d more", " and %(num)d more", len(asked) - 1) % {
            "num": len(asked) - 1
        }
    return [Reason(ASK, asked[0].worth, None, said)]
