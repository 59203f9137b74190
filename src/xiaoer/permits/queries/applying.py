"""Questions of applicants: what is in force, what is known of a case, who holds its link."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from xiaoer.base.models import Office, Post, Role, Zone
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.papers.models import FieldRead
from xiaoer.permits import keys
from xiaoer.permits.definition import StepKind
from xiaoer.permits.models import (
    Case,
    CaseDefect,
    CaseEvent,
    CaseMaterial,
    CaseStep,
    CaseVisit,
    CaseVisitPart,
    Rating,
    Thing,
    ThingVersion,
)
from xiaoer.web.words import local_date
from xiaoer.work import queries as work
from xiaoer.work.clocks import Clock, Limit, LimitUnit

LONGEST_SECRET = 64
ANYBODY = "public"
# Bad and very bad ratings are looked into.
BAD = 2
State = Case.State
COMING = (CaseVisit.State.ASKED, CaseVisit.State.BOOKED)
# States in which nothing more is to come.
ENDED = frozenset(
    {
        State.ISSUED,
        State.NOT_NEEDED,
        State.WRONG_PLACE,
        State.NOT_ACCEPTED,
        State.WITHDRAWN,
        State.ENDED,
    }
)


# What is in force -----------------------------------------------------------------------------


def versions_in_force(*, zone_id: int, now: datetime) -> QuerySet[ThingVersion]:
    """The version of each thing that speaks today."""
    today = local_date(now)
    return (
        ThingVersion.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            Q(thing__ended_on__isnull=True) | Q(thing__ended_on__gte=today),
            zone_id=zone_id,
            state=ThingVersion.State.LIVE,
            valid_from__lte=today,
        )
        .select_related("thing__office")
        .order_by("thing__order", "thing_id", "-number")
    )


def version_in_force(*, zone_id: int, thing_id: int, now: datetime) -> ThingVersion | None:
    return versions_in_force(zone_id=zone_id, now=now).filter(thing_id=thing_id).first()


def desk_of(*, zone_id: int, thing: Thing) -> Office | None:
    """The office that looks through what comes in: the approval bureau, else the desk, else the lead."""
    posts = Post.objects.filter(
        zone_id=zone_id, role__in=(Role.APPROVAL, Role.SERVICE_DESK), until__isnull=True
    ).select_related("office")
    by_role = {post.role: post.office for post in posts.order_by("-id")}
    return by_role.get(Role.APPROVAL) or by_role.get(Role.SERVICE_DESK) or thing.office


def draft_limit_day(*, zone_id: int, now: datetime) -> datetime:
    """Drafts not touched since are no longer kept."""
    rule = work.limit(zone_id, "permit.draft")
    days = rule.count if rule.unit == LimitUnit.CALENDAR_DAY else rule.count * 2
    return now - timedelta(days=days)


def kept_until(case: Case) -> date | None:
    """The last day a draft is kept, if nobody goes on with it."""
    if case.saved_at is None:
        return None
    rule = work.limit(case.zone_id, "permit.draft")
    days = rule.count if rule.unit == LimitUnit.CALENDAR_DAY else rule.count * 2
    return local_date(case.saved_at + timedelta(days=days))


def acceptance_due(*, zone_id: int, count: int, unit: str, received_at: datetime) -> datetime:
    """By when an application is accepted, or is deemed to be."""
    clock = Clock(received_at, Limit(count, LimitUnit(unit)), work.calendar_of(zone_id))
    return clock.due_at(received_at)


# What is known of a case ----------------------------------------------------------------------


def read_off_papers(case: Case) -> dict[str, str]:
    """What was read off the papers given with a case: ``{kind.field: value}``, found values only."""
    readings = dict(
        CaseMaterial.objects.filter(case_id=case.pk, reading__isnull=False).values_list(
            "reading_id", "paper_code"
        )
    )
    rows = FieldRead.objects.filter(reading_id__in=list(readings)).exclude(value="")
    return {f"{readings[row.reading_id]}.{row.code}": row.value for row in rows}


def earlier_form(case: Case) -> tuple[str, dict[str, Any]]:
    """Number and form of the party's latest submitted case."""
    row = (
        Case.objects.filter(
            zone_id=case.zone_id, party_id=case.party_id or 0, submitted_at__isnull=False
        )
        .exclude(pk=case.pk)
        .order_by("-id")
        .first()
    )
    return (row.number, row.form) if row else ("", {})


@dataclass(frozen=True, slots=True)
class Alike:
    """Another open application of the same party that may be the same, and why it is told."""

    number: str
    thing: str
    paper: str = ""  # the paper both use; empty: it is for the same thing


def alike_cases(case: Case) -> tuple[Alike, ...]:
    """Open applications of the party for the same thing, or with the same file; told, not refused."""
    if case.party_id is None:
        return ()
    open_cases = (
        Case.objects.filter(zone_id=case.zone_id, party_id=case.party_id)
        .exclude(state__in=[*ENDED, State.DECIDED])
        .exclude(pk=case.pk)
    )
    found = [
        Alike(row.number, row.thing_version.thing.name)
        for row in open_cases.filter(
            thing_version__thing_id=case.thing_version.thing_id
        ).select_related("thing_version__thing")[:5]
    ]
    mine = CaseMaterial.objects.filter(
        case_id=case.pk, file__isnull=False, state=CaseMaterial.State.GIVEN
    ).values("file_id")
    shared = CaseMaterial.objects.filter(
        zone_id=case.zone_id, case__in=open_cases, file_id__in=mine
    ).select_related("case__thing_version__thing")[:10]
    return (
        *found,
        *(Alike(one.case.number, one.case.thing_version.thing.name, one.name) for one in shared),
    )


def case_page(*, by: Actor, case_id: int) -> Case | None:
    """One case the asker sees, with what its page needs."""
    return (
        Case.objects.filter(zone_id=by.zone_id, pk=case_id)
        .select_related("thing_version__thing__office", "desk", "supplement", "rating")
        .prefetch_related("items__office", "items__pauses", "materials")
        .first()
    )


def case_events(*, case: Case, most: int = 200) -> list[CaseEvent]:
    """What the applicant reads of the story, oldest first, the latest ones of a long one."""
    rows = CaseEvent.objects.filter(case=case, is_shown=True).select_related("item")
    return list(reversed(rows.order_by("-id")[:most]))


@dataclass(frozen=True, slots=True)
class SiteVisit:
    """What the applicant may say of the visit to its place, and what the visit found wanting."""

    waits_for_word: bool  # an item waits for a visit, and nobody said yet that the place is ready
    to_come: CaseVisit | None
    to_repair: CaseVisit | None
    defects: tuple[CaseDefect, ...]

    @property
    def waits_for_repair(self) -> bool:
        return any(one.waits_for_repair for one in self.defects)


def site_visit_of(*, by: Actor, case: Case) -> SiteVisit:
    """The visit of a case the asker was found to see; its steps are the zone's own to read."""
    with on_behalf(by):
        visits = list(CaseVisit.objects.filter(case=case).order_by("-id")[:20])
        to_come = next((one for one in visits if one.state in COMING), None)
        to_repair = next((one for one in visits if one.state == CaseVisit.State.RECHECK), None)
        waits = (
            case.state == State.RUNNING
            and to_come is None
            and CaseStep.objects.filter(
                item__case=case, kind=StepKind.SITE_VISIT, state=CaseStep.State.OPEN
            )
            .exclude(item__in=CaseVisitPart.objects.filter(visit=to_repair).values("item"))
            .exists()
        )
        defects = (
            CaseDefect.objects.filter(visit=to_repair)
            .exclude(is_fixed=True)
            .select_related("item")
            .order_by("id")
        )
        return SiteVisit(waits, to_come, to_repair, tuple(defects) if to_repair else ())


MOST_OF_OTHERS = 2000


def cases_as_agent() -> list[int]:
    """Cases of others in which the scope's party acts today, by its mandates; the latest of many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from cases_as_agent() found (id) order by id desc limit %s",
            [MOST_OF_OTHERS],
        )
        return [row[0] for row in cursor.fetchall()]


def my_cases(*, zone_id: int, party_id: int, state: str = "", text: str = "") -> QuerySet[Case]:
    """Applications of one party, and those it acts in for others today, newest first.

    Asked in the party's own scope: the database says for whom it stands.
    """
    others = Q(pk__in=cases_as_agent())
    rows = Case.objects.filter(Q(party_id=party_id) | others, zone_id=zone_id)
    if state == "open":
        rows = rows.exclude(state__in=ENDED)
    elif state == "ours":
        rows = rows.filter(state__in=[State.DRAFT, State.SUPPLEMENT])
    elif state == "ended":
        rows = rows.filter(state__in=ENDED)
    if text:
        rows = rows.filter(
            Q(number__icontains=text) | Q(thing_version__thing__name__icontains=text)
        )
    return rows.select_related("thing_version__thing", "supplement").order_by("-id")


def ratings(*, zone_id: int, show: str = "") -> QuerySet[Rating]:
    """Ratings, newest first: all, bad ones, or bad ones nobody answered yet."""
    rows = Rating.objects.filter(zone_id=zone_id)
    if show in {"bad", "open"}:
        rows = rows.filter(score__lte=BAD)
    if show == "open":
        rows = rows.filter(answered_at__isnull=True)
    return rows.select_related("case__thing_version__thing").order_by("-id")


@dataclass(frozen=True, slots=True)
class RatingSum:
    """Ratings of a year: how many, how many good, and bad ones that wait for an answer."""

    total: int
    good: int
    open_bad: int


def rating_sum(*, zone_id: int, now: datetime) -> RatingSum:
    rows = Rating.objects.filter(zone_id=zone_id, at__gt=now - timedelta(days=365))
    said = rows.aggregate(
        total=Count("id"),
        good=Count("id", filter=Q(score__gte=4)),
        open_bad=Count("id", filter=Q(score__lte=BAD, answered_at__isnull=True)),
    )
    return RatingSum(**said)


# Who holds a secret ---------------------------------------------------------------------------


def anybody_in(zone_code: str, **_rest: object) -> Actor | None:
    """Whoever reads a zone's public pages: the outside role, of no party."""
    zone = Zone.objects.filter(code=zone_code).first()
    return None if zone is None else Actor(zone_id=zone.pk, key=ANYBODY, name=zone.name)


def find_case(token: str, **_rest: object) -> Actor | None:
    """Whoever holds the link of an application: sees that one and nothing else of its party."""
    if not token.isascii() or len(token) > LONGEST_SECRET:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select * from holder_of_case(%s)", [keys.hash_of(token)])
        row: tuple[int, str] | None = cursor.fetchone()
    return None if row is None else Actor(zone_id=row[0], key=keys.hash_of(token), name=row[1])


def case_of_link(*, by: Actor) -> Case | None:
    """The one application a link opens."""
    row = Case.objects.filter(zone_id=by.zone_id, key_hash=by.key).values_list("id").first()
    return case_page(by=by, case_id=row[0]) if row else None


def found_by_number(*, zone_id: int, number: str, phone: str) -> tuple[int, str] | None:
    """The case of a number and a telephone, as its id and the hash of its key."""
    digits = keys.digits_of(phone)
    if len(digits) < 7:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from case_by_number(%s, %s, %s)",
            [zone_id, keys.tidy_number(number), digits],
        )
        row: tuple[int, str] | None = cursor.fetchone()
    return row
