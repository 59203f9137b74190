"""The work list of a rule: who does not meet it yet, the smallest change first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import get_language

from xiaoer.base.scope import Actor
from xiaoer.base.words import Word
from xiaoer.growth.asking import question_for
from xiaoer.growth.models import Batch, Title, TitleKind
from xiaoer.growth.queries.nearing import ChangeSaid, changes_said
from xiaoer.registry.models import Party, Stewardship
from xiaoer.rules import queries as rules
from xiaoer.rules import vocabularies
from xiaoer.rules.language.spec import CompiledRule
from xiaoer.rules.models import Rule, RuleClause
from xiaoer.rules.queries import FirmDistance, Moment
from xiaoer.rules.queries.evaluating import InForce, in_force
from xiaoer.web.words import local_date
from xiaoer.work.models import Question

PAGE = 50
MOST = 100
FIRMS = "party"
# What a list shows: all, one change is enough, first something must be known, only time, no way.
SHOWS = ("", "one", "data", "time", "blocked")


@dataclass(frozen=True, slots=True)
class NearFilter:
    """What a work list is narrowed by."""

    officer: int | None = None
    cell: int | None = None
    show: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """A fact not known of a firm; nobody at the firm can say it, or it was asked for already."""

    name: str
    label: str
    can_be_asked: bool
    is_asked: bool


@dataclass(frozen=True, slots=True)
class NearFirm:
    """A firm of the list: what has to change, what is not known, what stands in the way."""

    party_id: int
    enterprise: str
    credit_code: str
    cell: str
    officer: str
    lacks: int
    changes: tuple[ChangeSaid, ...]
    missing: tuple[Lack, ...]
    blocked_by: tuple[str, ...]
    waits_until: date | None
    is_enough: bool

    @property
    def to_ask(self) -> tuple[Lack, ...]:
        return tuple(one for one in self.missing if one.can_be_asked and not one.is_asked)


@dataclass(frozen=True, slots=True)
class NearPage:
    """One page of a work list. ``batch``: the next one whose closing day is known."""

    rows: tuple[NearFirm, ...]
    page: int
    pages: int
    total: int
    counts: Mapping[str, int] = field(default_factory=dict)
    batch: Batch | None = None
    days_left: int | None = None


def near_rule(*, zone_id: int, rule_id: int | None = None, code: str = "") -> Rule | None:
    """A rule about firms, by number or code; others have no such list."""
    rows = Rule.objects.filter(zone_id=zone_id, subject=FIRMS)
    return rows.filter(pk=rule_id).first() if rule_id else rows.filter(code=code).first()


def rules_of_kinds(*, zone_id: int, kinds: Iterable[TitleKind]) -> dict[str, int]:
    """Numbers of the rules that decide titles, by code."""
    codes = {kind.rule_code for kind in kinds} - {""}
    rows = Rule.objects.filter(zone_id=zone_id, subject=FIRMS, code__in=codes)
    return dict(rows.values_list("code", "pk"))


def near_page(
    *, by: Actor, rule: Rule, filters: NearFilter, now: datetime, page: int = 1
) -> NearPage:
    """One page, by number; the same few questions however many firms there are."""
    version = _version(rule, now)
    batch, days = _next_batch(rule, local_date(now))
    if version is None:
        return NearPage((), 1, 1, 0, {}, batch, days)
    found = _found(by, rule, version, now, filters)
    shown = [one for one in found if _fits(one, filters.show)]
    pages = max(1, -(-len(shown) // PAGE))
    page = min(max(page, 1), pages)
    rows = _rows(by, version, shown[(page - 1) * PAGE : page * PAGE], now)
    counts = {show: sum(_fits(one, show) for one in found) for show in SHOWS}
    return NearPage(tuple(rows), page, pages, len(shown), counts, batch, days)


def every_near(*, by: Actor, rule: Rule, filters: NearFilter, now: datetime) -> list[NearFirm]:
    """The whole list, for a sheet."""
    version = _version(rule, now)
    if version is None:
        return []
    found = _found(by, rule, version, now, filters)
    return _rows(by, version, [one for one in found if _fits(one, filters.show)], now)


def near_firm(*, by: Actor, rule: Rule, party_id: int, now: datetime) -> NearFirm | None:
    """One firm and one rule; none: it meets the rule, or the rule is not in force."""
    version = _version(rule, now)
    if version is None:
        return None
    found = _distances(rule.zone_id, version.rule, now, ids=[party_id])
    return next(iter(_rows(by, version, found, now)), None)


def lacking_for(
    *, by: Actor, rule: Rule, party_ids: Sequence[int], now: datetime
) -> dict[str, list[int]]:
    """Which firms lack which word of a rule."""
    version = _version(rule, now)
    found: dict[str, list[int]] = {}
    if version is not None:
        for one in _distances(by.zone_id or 0, version.rule, now, ids=sorted(set(party_ids))):
            for name in one.distance.missing:
                found.setdefault(name, []).append(one.party_id)
    return found


# Finding ------------------------------------------------------------------------------------------


def _version(rule: Rule, now: datetime) -> InForce | None:
    rows = in_force(zone_id=rule.zone_id, as_of=local_date(now), codes=[rule.code])
    return next(iter(rows), None)


def _distances(
    zone_id: int,
    rule: CompiledRule,
    now: datetime,
    ids: Sequence[int] | None = None,
    without: Sequence[int] = (),
) -> list[FirmDistance]:
    return rules.distances(
        zone_id=zone_id,
        rule=rule,
        words=vocabularies.vocabulary(zone_id).words,
        moment=Moment(local_date(now), now),
        ids=ids,
        without=without,
        most=MOST,
    )


def _found(
    by: Actor, rule: Rule, version: InForce, now: datetime, filters: NearFilter
) -> list[FirmDistance]:
    zone_id = by.zone_id or 0
    ids = None
    if filters.officer or filters.cell:
        firms = Party.objects.filter(zone_id=zone_id, cell__isnull=False, merged_into__isnull=True)
        if filters.cell:
            firms = firms.filter(cell_id=filters.cell)
        if filters.officer:
            held = Stewardship.objects.filter(
                zone_id=zone_id, post_id=filters.officer, until__isnull=True
            )
            firms = firms.filter(pk__in=held.values("party_id"))
        ids = list(firms.values_list("pk", flat=True))
    return _distances(zone_id, version.rule, now, ids, _holders(rule, local_date(now)))


def _holders(rule: Rule, on: date) -> list[int]:
    """Who holds the title of a rule needs no list."""
    held = Title.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        Q(ended_on__isnull=True) | Q(ended_on__gte=on),
        zone_id=rule.zone_id,
        kind__rule_code=rule.code,
        current__isnull=True,
        party__isnull=False,
        granted_on__lte=on,
    ).exclude(ended_how=Title.Ended.MISTAKE)
    return [number for number in held.values_list("party_id", flat=True) if number]


def _fits(one: FirmDistance, show: str) -> bool:
    distance = one.distance
    match show:
        case "one":
            return distance.is_enough and len(distance.changes) == 1
        case "data":
            return bool(distance.missing)
        case "time":
            return distance.waits_until is not None and not distance.blocked_by
        case "blocked":
            return bool(distance.blocked_by)
    return True


def _next_batch(rule: Rule, on: date) -> tuple[Batch | None, int | None]:
    """The batch of the rule's title that closes next, and in how many days."""
    row = (
        Batch.objects.filter(zone_id=rule.zone_id, kind__rule_code=rule.code, closes_on__gte=on)
        .exclude(state__in=(Batch.State.CLOSED, Batch.State.DECIDED))
        .select_related("kind")
        .order_by("closes_on", "id")
        .first()
    )
    if row is None or row.closes_on is None:
        return None, None
    return row, (row.closes_on - on).days


# Saying -------------------------------------------------------------------------------------------


def _rows(
    by: Actor, version: InForce, found: Sequence[FirmDistance], now: datetime
) -> list[NearFirm]:
    """What is said of each firm: firms, officers, clauses and questions are asked for once."""
    zone_id = by.zone_id or 0
    ids = [one.party_id for one in found]
    parties = Party.objects.filter(zone_id=zone_id).select_related("cell").in_bulk(ids)
    officers = dict(
        Stewardship.objects.filter(
            zone_id=zone_id,
            party_id__in=ids,
            kind=Stewardship.Kind.OFFICER,
            until__isnull=True,
        ).values_list("party_id", "post__person__name")
    )
    words = vocabularies.vocabulary(zone_id).words
    lacks = _Lacks(zone_id, ids, words, local_date(now))
    clauses = _clauses(version)
    return [
        NearFirm(
            party_id=one.party_id,
            enterprise=parties[one.party_id].name,
            credit_code=parties[one.party_id].credit_code or "",
            cell=str(parties[one.party_id].cell or ""),
            officer=officers.get(one.party_id, ""),
            lacks=one.lacks,
            changes=changes_said(one.distance, words),
            missing=tuple(lacks.of(one.party_id, name) for name in one.distance.missing),
            blocked_by=tuple(clauses[at] for at in one.distance.blocked_by if at < len(clauses)),
            waits_until=one.distance.waits_until,
            is_enough=one.distance.is_enough,
        )
        for one in found
        if one.party_id in parties
    ]


def _clauses(version: InForce) -> list[str]:
    is_chinese = (get_language() or "zh").startswith("zh")
    rows = RuleClause.objects.filter(rule_version_id=version.version_id).order_by("position")
    return [
        name if is_chinese or not name_en else name_en
        for name, name_en in rows.values_list("name", "name_en")
    ]


class _Lacks:
    """Facts firms lack, with what was asked of them already: open, answered, or not said."""

    def __init__(
        self, zone_id: int, parties: Sequence[int], words: Mapping[str, Word], today: date
    ) -> None:
        self.words, self.today = words, today
        self.keys: dict[str, tuple[str, str] | None] = {}
        rows = Question.objects.filter(zone_id=zone_id, party_id__in=parties).exclude(
            state=Question.State.DROPPED
        )
        self.asked = set(rows.values_list("party_id", "room", "key"))

    def of(self, party: int, name: str) -> Lack:
        word = self.words[name]
        if name not in self.keys:
            question = question_for(word, self.today, "")
            self.keys[name] = (question["room"], question["key"]) if question else None
        key = self.keys[name]
        label = word.label(get_language() or "zh-hans")
        return Lack(name, label, key is not None, key is not None and (party, *key) in self.asked)
