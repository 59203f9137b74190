"""What an officer's phone keeps: the rule, the phones, and the package of the coming days."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from xiaoer.base import queries as base
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.models import Appeal, FieldDevice, FieldLog, FieldRule, Programme, Visit
from xiaoer.outreach.models.field import DAYS
from xiaoer.outreach.queries.due import ASK, CARED_FOR, DueRow, due_list
from xiaoer.outreach.queries.fieldwork import field_questions, phrases
from xiaoer.outreach.queries.keys import hash_of, holder
from xiaoer.outreach.queries.pool import OPEN_STATES, PoolRow, pool_row
from xiaoer.outreach.queries.visits import kinds, programmes
from xiaoer.registry.models import Party, Stewardship
from xiaoer.web.marks import Colour
from xiaoer.work import queries as work
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Contact, Question

# An officer looks after some 28 firms; who stands in for two colleagues still has all of them.
MOST_FIRMS = 120
MOST_REQUESTS, MOST_QUESTIONS, LAST_VISITS, MOST_PHRASES = 5, 5, 3, 20
LONGEST_SAID = 300
AHEAD = timedelta(days=7)
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class FieldRequest:
    """An open request of a firm, as the officer at its gate needs to know it."""

    receipt_no: str
    title: str
    office: str
    light: Colour
    remaining: str


@dataclass(frozen=True, slots=True)
class FieldVisit:
    visited_on: date
    visitor: str
    met: str
    said: str


@dataclass(frozen=True, slots=True)
class FieldAsk:
    """What the firm is to be asked once; ``why`` is what depends on the answer."""

    id: int
    text: str
    why: str
    expects: str
    unit: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """A question of every visit, with the choices that are offered."""

    id: int
    text: str
    expects: str
    choices: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class FieldReason:
    """Why to go there; ``light`` is None where nothing is judged."""

    light: Colour | None
    words: str


@dataclass(frozen=True, slots=True)
class FieldFirm:
    """All a phone keeps of one firm; ``absent`` says why nobody should go there now."""

    id: int
    name: str
    address: str
    longitude: float | None
    latitude: float | None
    contact_name: str
    contact_phone: str
    cell_id: int | None
    cell: str
    planned_on: date | None
    from_time: time | None
    until_time: time | None
    reasons: tuple[FieldReason, ...]
    absent: str
    requests: tuple[FieldRequest, ...]
    visits: tuple[FieldVisit, ...]
    questions: tuple[FieldAsk, ...]


@dataclass(frozen=True, slots=True)
class FieldPackage:
    """外勤包: what a phone keeps for the days without network. ``left_out``: firms above the limit."""

    officer: str
    office: str
    post_id: int
    day: date
    firms: tuple[FieldFirm, ...]
    left_out: int
    programmes: tuple[tuple[int, str], ...]
    programme: int | None
    kinds: tuple[tuple[int, str], ...]
    urgencies: tuple[tuple[str, str], ...]
    answers: tuple[FieldAnswer, ...]
    phrases: tuple[str, ...]


def field_rule(*, by: Actor) -> FieldRule | None:
    return FieldRule.objects.filter(zone_id=by.zone_id).first()


def field_days(*, by: Actor) -> int:
    """For how many days after its last contact a phone keeps field work."""
    rule = field_rule(by=by)
    return rule.days if rule else DAYS


def find_device(token: str) -> Actor | None:
    """The phone itself, by its token and without a session: sees its own row and nothing else."""
    row = holder("holder_of_device", token)
    if row is None:
        return None
    zone_id, _device_id, name = row
    return Actor(zone_id=zone_id, key=hash_of(token), name=name)


def device_of_key(*, by: Actor) -> FieldDevice | None:
    """The phone that holds the key of the scope."""
    if not by.key:
        return None
    return FieldDevice.objects.filter(zone_id=by.zone_id, key_hash=by.key).first()


def device_of_token(*, by: Actor, token: str) -> FieldDevice | None:
    """The phone a call came from."""
    return FieldDevice.objects.filter(zone_id=by.zone_id, key_hash=hash_of(token)).first()


def devices(*, by: Actor, everybody: bool = False) -> QuerySet[FieldDevice]:
    """Phones that keep or kept field work, the last seen first; one's own unless ``everybody``."""
    rows = FieldDevice.objects.filter(zone_id=by.zone_id)
    if not everybody:
        rows = rows.filter(account_ref=by.account_id or 0)
    return rows.select_related("post__person", "post__office", "wiped_by__person").order_by(
        F("wiped_at").desc(nulls_first=True), "-seen_at", "-id"
    )


def devices_in_use(*, by: Actor) -> QuerySet[FieldDevice]:
    """One's own phones that were not wiped."""
    return devices(by=by).filter(wiped_at__isnull=True)


def device(*, by: Actor, device_id: int) -> FieldDevice | None:
    return FieldDevice.objects.filter(zone_id=by.zone_id, pk=device_id).first()


def must_go(device: FieldDevice) -> bool:
    """Whether a phone is to delete everything: wiped, or its owner acts in that post no longer."""
    return device.wiped_at is not None or not base.still_acts(
        account_id=device.account_ref, post_id=device.post_id
    )


def field_logs_of(*, by: Actor, visit_ids: list[int]) -> list[FieldLog]:
    """What came from phones for a visit in any of its versions, in the order it arrived."""
    return list(
        FieldLog.objects.filter(zone_id=by.zone_id, visit_id__in=visit_ids)
        .select_related("post__person", "device")
        .order_by("id")
    )


def field_package(*, by: Actor, now: datetime) -> FieldPackage:
    """外勤包: the officer's firms, the most urgent first, in a number of queries that never grows."""
    today = now.astimezone(LOCAL).date()
    posts = access.posts_answered_for(by, now)
    planned = _planned(by, posts, today)
    cared_for = Stewardship.objects.filter(
        zone_id=by.zone_id,
        post_id__in=posts,
        kind__in=CARED_FOR,
        until__isnull=True,
    ).values("party_id")
    due = due_list(by=by, now=now)
    rows = {row.party_id: row for row in (*due.rows, *due.absent)} if due else {}
    places = {party_id: place for place, party_id in enumerate(rows)}
    parties = list(
        Party.objects.filter(
            Q(pk__in=cared_for) | Q(pk__in=list(planned)),
            zone_id=by.zone_id,
            merged_into__isnull=True,
        ).select_related("cell")
    )
    requests, visits = _requests(by, parties, now), _visits(by, parties)
    questions = _questions(by, parties)
    firms = sorted(
        (
            _firm(
                party,
                planned.get(party.pk),
                requests[party.pk],
                visits[party.pk],
                questions[party.pk],
                rows.get(party.pk),
            )
            for party in parties
        ),
        key=lambda firm: _order(firm, places, today),
    )
    names = list(programmes(by=by))
    return FieldPackage(
        officer=by.name,
        office=by.office,
        post_id=by.post_id or 0,
        day=today,
        firms=tuple(firms[:MOST_FIRMS]),
        left_out=max(0, len(firms) - MOST_FIRMS),
        programmes=tuple((one.pk, one.name) for one in names),
        programme=next((one.pk for one in names if one.kind == Programme.Kind.ROUTINE), None),
        kinds=tuple((kind.pk, kind.label) for kind in kinds(by=by)),
        urgencies=tuple((code, str(words)) for code, words in Appeal.Urgency.choices),
        answers=tuple(
            FieldAnswer(
                row.pk,
                row.label,
                row.expects,
                tuple((each.pk, each.label) for each in row.choices.all()),
            )
            for row in field_questions(by=by)
        ),
        phrases=tuple(row.text for row in phrases(by=by)[:MOST_PHRASES]),
    )


def _planned(by: Actor, posts: frozenset[int], today: date) -> dict[int, Contact]:
    """The next service contact with each firm that somebody of these posts is to make."""
    rows = Contact.objects.filter(
        zone_id=by.zone_id,
        post_id__in=posts,
        tag=Contact.Tag.SERVICE,
        kind=Contact.Kind.VISIT,
        state=Contact.State.PLANNED,
        planned_on__range=(today, today + AHEAD),
    ).order_by("-planned_on", "-from_time", "-id")
    return {row.party_id: row for row in rows}


def _requests(by: Actor, parties: list[Party], now: datetime) -> dict[int, list[PoolRow]]:
    calendar = work.calendar_of(by.zone_id)
    found: dict[int, list[PoolRow]] = defaultdict(list)
    rows = (
        Appeal.objects.filter(zone_id=by.zone_id, party__in=parties, state__in=OPEN_STATES)
        .select_related("party", "kind", "office", "handler__person")
        .defer("body", "terms")
        .order_by("running_due_at", "id")
    )
    for row in rows:
        found[row.party_id].append(pool_row(row, now, calendar))
    return found


def _visits(by: Actor, parties: list[Party]) -> dict[int, list[Visit]]:
    latest = (
        Visit.objects.filter(zone_id=by.zone_id, party__in=parties, replaced_by__isnull=True)
        .annotate(
            place=Window(
                RowNumber(),
                partition_by="party_id",
                order_by=[F("visited_on").desc(), F("id").desc()],
            )
        )
        .filter(place__lte=LAST_VISITS)
        .select_related("post__person")
        .order_by("-visited_on", "-id")
    )
    found: dict[int, list[Visit]] = defaultdict(list)
    for row in latest:
        found[row.party_id].append(row)
    return found


def _questions(by: Actor, parties: list[Party]) -> dict[int, list[Question]]:
    found: dict[int, list[Question]] = defaultdict(list)
    rows = Question.objects.filter(
        zone_id=by.zone_id, party__in=parties, state=Question.State.OPEN
    ).order_by("-worth", "id")
    for row in rows:
        if len(found[row.party_id]) < MOST_QUESTIONS:
            found[row.party_id].append(row)
    return found


def _firm(
    party: Party,
    contact: Contact | None,
    requests: list[PoolRow],
    visits: list[Visit],
    questions: list[Question],
    due: DueRow | None,
) -> FieldFirm:
    return FieldFirm(
        id=party.pk,
        name=party.name,
        address=party.address,
        longitude=party.longitude,
        latitude=party.latitude,
        contact_name=party.contact_name,
        contact_phone=party.contact_phone,
        cell_id=party.cell_id,
        cell=party.cell.name if party.cell else "",
        planned_on=contact.planned_on if contact else None,
        from_time=contact.from_time if contact else None,
        until_time=contact.until_time if contact else None,
        reasons=_reasons(due),
        absent=due.absent if due and due.waits else "",
        requests=tuple(
            FieldRequest(row.receipt_no, row.title, row.office, row.light, row.remaining)
            for row in requests[:MOST_REQUESTS]
        ),
        visits=tuple(
            FieldVisit(row.visited_on, row.post.person.name, row.met, row.said[:LONGEST_SAID])
            for row in visits
        ),
        questions=tuple(
            FieldAsk(row.pk, row.text, row.why, row.expects, row.unit, tuple(map(str, row.choices)))
            for row in questions
        ),
    )


def _reasons(due: DueRow | None) -> tuple[FieldReason, ...]:
    """Why to go there, as the due list says it; what to ask stands among the questions."""
    if due is None:
        return ()
    shown = [each for each in due.reasons if each.rank != ASK]
    return tuple(FieldReason(each.light, each.words) for each in shown[:MOST_REASONS])


def _order(firm: FieldFirm, places: Mapping[int, int], today: date) -> tuple[object, ...]:
    """What is planned for today by its time, then as the due list has it, then by name."""
    is_today = firm.planned_on == today
    return (
        not is_today,
        (firm.from_time or time.max) if is_today else time.max,
        bool(firm.absent),
        places.get(firm.id, len(places)),
        firm.name,
    )
