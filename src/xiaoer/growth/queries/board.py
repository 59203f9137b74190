"""Applications by where they stand, and work lists of firms that should apply or renew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from xiaoer.growth.models import Application, Title, TitleKind
from xiaoer.growth.queries.nearing import smallest_changes
from xiaoer.growth.queries.registers import living, standing
from xiaoer.growth.validity import add_months
from xiaoer.registry import queries as registry
from xiaoer.registry.models import Party
from xiaoer.rules.models import RuleClause, Verdict

State = Application.State
RUNNING = (State.PLANNED, State.PREPARING, State.SUBMITTED, State.RECOMMENDED)
SHOWN = 30
HNTE, TSME = "hnte", "tsme"


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """Applications of one state; ``more`` are not shown."""

    state: str
    words: str
    rows: tuple[Application, ...]
    more: int


def applications(
    *, zone_id: int, kind: int | None = None, batch: int | None = None, year: int | None = None
) -> QuerySet[Application]:
    rows = Application.objects.filter(zone_id=zone_id).select_related("party", "kind", "batch")
    if kind:
        rows = rows.filter(kind_id=kind)
    if batch:
        rows = rows.filter(batch_id=batch)
    if year:
        rows = rows.filter(Q(batch__year=year) | Q(batch__isnull=True, since__year=year))
    return rows


def board(
    *, zone_id: int, year: int, kind: int | None = None, batch: int | None = None
) -> list[BoardColumn]:
    """A column a state; running ones of every year, decided ones of the year."""
    rows = applications(zone_id=zone_id, kind=kind, batch=batch)
    columns = []
    for state in (*RUNNING, State.GRANTED, State.REFUSED):
        of_state = rows.filter(state=state)
        if state not in RUNNING:
            of_state = of_state.filter(since__year=year)
        found = list(of_state.order_by("-since", "-id")[:SHOWN])
        more = of_state.count() - SHOWN if len(found) == SHOWN else 0
        columns.append(BoardColumn(state, str(State(state).label), tuple(found), max(more, 0)))
    return columns


def application(*, zone_id: int, application_id: int) -> Application | None:
    return (
        Application.objects.filter(zone_id=zone_id, pk=application_id)
        .select_related("party", "kind", "batch", "title", "renews", "decided_by__person")
        .first()
    )


def applications_of_firm(*, party: Party) -> list[Application]:
    rows = Application.objects.filter(
        zone_id=party.zone_id, party_id__in=registry.numbers_of(party=party)
    )
    return list(rows.select_related("kind", "batch", "title").order_by("-since", "-id"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A firm on a work list: until when it holds what, and what the rule last said of it."""

    party_id: int
    party: str
    title_id: int | None = None
    valid_to: date | None = None
    low: float | None = None
    high: float | None = None
    gaps: int = 0
    lacks: int = 0
    since: date | None = None
    is_applying: bool = False


def _applying(zone_id: int, kind: str) -> Exists:
    return Exists(
        Application.objects.filter(
            zone_id=zone_id, kind__code=kind, party_id=OuterRef("party_id"), state__in=RUNNING
        )
    )


def _holders(zone_id: int, kind: str, on: date) -> QuerySet[Title]:
    return living(zone_id).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=on),
        kind__code=kind,
        valid_to__gte=on,
        granted_on__lte=on,
        party__merged_into__isnull=True,
    )


def renewals(*, zone_id: int, on: date, kind: str = HNTE) -> list[Candidate]:
    """Titles that lapse within a year and were not renewed, the first first."""
    rows = (
        _holders(zone_id, kind, on)
        .filter(valid_to__lte=add_months(on, 12), ended_on__isnull=True)
        .annotate(is_applying=_applying(zone_id, kind))
        .order_by("valid_to", "id")[:SHOWN]
    )
    return [
        Candidate(
            row.party_id or 0,
            row.party.name if row.party else "",
            row.pk,
            row.valid_to,
            is_applying=row.is_applying,
        )
        for row in rows
    ]


def _verdicts(zone_id: int, rule: str) -> QuerySet[Verdict]:
    return Verdict.objects.filter(
        zone_id=zone_id, rule__code=rule, until__isnull=True
    ).select_related("party")


def _candidate(row: Verdict) -> Candidate:
    return Candidate(
        party_id=row.party_id,
        party=row.party.name,
        low=row.low,
        high=row.high,
        gaps=row.clauses.count("n"),
        lacks=row.clauses.count("d"),
        since=row.since,
        is_applying=getattr(row, "is_applying", False),
    )


def small_to_high(*, zone_id: int, on: date) -> list[Candidate]:
    """小升高: technology SMEs that miss nothing for the high-tech title and score above 70 for certain."""
    tsme = _holders(zone_id, TSME, on).values("party_id")
    hnte = _holders(zone_id, HNTE, on).values("party_id")
    rows = (
        _verdicts(zone_id, HNTE)
        .filter(party_id__in=tsme, low__gt=70)
        .exclude(party_id__in=hnte)
        .exclude(clauses__contains="n")
        .annotate(is_applying=_applying(zone_id, HNTE))
        .order_by("-low", "party_id")[:SHOWN]
    )
    return [_candidate(row) for row in rows]


def lost_next(*, zone_id: int, on: date) -> list[Candidate]:
    """高企 whose facts of today would not get the title again."""
    hnte = dict(_holders(zone_id, HNTE, on).values_list("party_id", "valid_to"))
    rows = (
        _verdicts(zone_id, HNTE)
        .filter(party_id__in=hnte, state="not_met")
        .annotate(is_applying=_applying(zone_id, HNTE))
        .order_by("party_id")[:SHOWN]
    )
    return sorted((_candidate(row) for row in rows), key=lambda one: str(hnte[one.party_id]))


# One firm -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NextStep:
    """A title as the firm's page shows it: what is held, or how far it is, and what to do next."""

    kind: TitleKind
    title: Title | None
    words: str
    colour: str
    verdict: str
    gap: str
    gaps: int
    lacks: int
    application: Application | None
    can_plan: bool


def titles_and_next(*, party: Party, on: date, now: datetime) -> list[NextStep]:
    """Titles a firm holds, and those rules say something of, with the smallest change they want.

    The same few questions however many titles there are.
    """
    numbers = registry.numbers_of(party=party)
    held: dict[int, Title] = {}
    rows = living(party.zone_id).filter(party_id__in=numbers, kind__family="title")
    for row in rows.exclude(ended_how=Title.Ended.MISTAKE).order_by("granted_on", "id"):
        held[row.kind_id] = row
    running = {
        row.kind_id: row
        for row in Application.objects.filter(party_id__in=numbers, state__in=RUNNING)
    }
    verdicts = _newest(party)
    names = _clause_names([row.rule_version_id for row in verdicts.values()])
    kinds = TitleKind.objects.filter(zone_id=party.zone_id, family="title", ended_on__isnull=True)
    found = [
        _step(
            kind, held.get(kind.pk), verdicts.get(kind.rule_code), running.get(kind.pk), names, on
        )
        for kind in kinds
        if kind.pk in held or kind.rule_code in verdicts or kind.pk in running
    ]
    shown = [one for one in found if _is_worth_showing(one)]
    open_ones = {one.kind.rule_code for one in shown if one.verdict in ("not_met", "needs_data")}
    changes = smallest_changes(party=party, codes=open_ones, on=on, now=now)
    return [
        replace(one, gap=changes[one.kind.rule_code]) if one.kind.rule_code in changes else one
        for one in shown
    ]


def _newest(party: Party) -> dict[str, Verdict]:
    rows = (
        Verdict.objects.filter(
            zone_id=party.zone_id, party=party, until__isnull=True, rule__kind="title"
        )
        .select_related("rule", "rule_version")
        .order_by("id")
    )
    return {row.rule.code: row for row in rows}


def _clause_names(versions: Sequence[int]) -> Mapping[tuple[int, int], str]:
    """Names of clauses by version and place among the clauses."""
    found: dict[tuple[int, int], str] = {}
    places: dict[int, int] = {}
    rows = RuleClause.objects.filter(rule_version_id__in=versions).order_by(
        "rule_version_id", "position"
    )
    for version, name in rows.values_list("rule_version_id", "name"):
        place = places.get(version, 0)
        found[version, place] = name
        places[version] = place + 1
    return found


def _step(
    kind: TitleKind,
    title: Title | None,
    verdict: Verdict | None,
    running: Application | None,
    names: Mapping[tuple[int, int], str],
    on: date,
) -> NextStep:
    stands = standing(title, on) if title else None
    holds = stands is not None and stands.code in ("in_force", "expiring")
    letters = verdict.clauses if verdict else ""
    gaps = [
        names.get((verdict.rule_version_id, place), "")
        for place, letter in enumerate(letters)
        if verdict and letter == "n"
    ]
    return NextStep(
        kind=kind,
        title=title,
        words=stands.words if stands else "",
        colour=stands.colour if stands else "",
        verdict=verdict.state if verdict and not holds else "",
        gap="、".join(name for name in gaps if name)[:80] if len(gaps) <= 2 else "",
        gaps=len(gaps),
        lacks=letters.count("d"),
        application=running,
        can_plan=running is None
        and (not holds or (stands is not None and stands.colour == "amber")),
    )


# A title this far off is no next step.
MOST_GAPS = 3


def _is_worth_showing(one: NextStep) -> bool:
    return one.title is not None or one.application is not None or one.gaps <= MOST_GAPS
