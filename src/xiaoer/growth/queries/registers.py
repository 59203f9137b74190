"""What the pages of the registers ask: titles, platforms, honours, lists and contracts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaoer.growth.models import (
    Batch,
    FirmList,
    Level,
    ListMember,
    RenewalNotice,
    TechContract,
    Title,
    TitleKind,
    TitleSheet,
)
from xiaoer.growth.validity import add_months
from xiaoer.registry import queries as registry
from xiaoer.registry.models import Party
from xiaoer.work.models import Task

PAGE = 50
SOON_MONTHS = 12
STATES: dict[str, str | Promise] = {
    "in_force": gettext_lazy("valid"),
    "expiring": gettext_lazy("lapses within 12 months"),
    "expired": gettext_lazy("lapsed"),
    "ended": gettext_lazy("withdrawn or renewed"),
}


@dataclass(frozen=True, slots=True)
class TitleFilter:
    """What a list of titles is narrowed by."""

    family: str = ""
    level: str = ""
    kind: int | None = None
    year: int | None = None
    batch: int | None = None
    state: str = "in_force"
    text: str = ""
    party: int | None = None

    @property
    def folded(self) -> int:
        return sum(map(bool, (self.level, self.kind, self.year, self.batch, self.text)))


class Standing(NamedTuple):
    """Where a title stands on a day: a code, in words, and the light beside them."""

    code: str
    words: str
    colour: str


def standing(title: Title, on: date) -> Standing:
    """In force, lapsing, lapsed or ended, computed from its days."""
    if title.ended_on is not None and (
        title.ended_on < on or title.ended_how in (Title.Ended.WITHDRAWN, Title.Ended.MISTAKE)
    ):
        words = f"{Title.Ended(title.ended_how).label} {title.ended_on.isoformat()}"
        return Standing("ended", words, "grey")
    if title.granted_on > on:
        return Standing("coming", _("from %(day)s") % {"day": title.granted_on.isoformat()}, "grey")
    if title.valid_to is None:
        return Standing("in_force", _("valid"), "green")
    day = title.valid_to.isoformat()
    if title.valid_to < on:
        return Standing("expired", _("lapsed %(day)s") % {"day": day}, "grey")
    if title.valid_to <= add_months(on, 6):
        return Standing("expiring", _("lapses %(day)s") % {"day": day}, "amber")
    return Standing("in_force", _("valid until %(day)s") % {"day": day}, "green")


class TitleRow(NamedTuple):
    """A title in a list, with its standing that day."""

    title: Title
    standing: Standing

    @property
    def holder(self) -> str:
        return self.title.party.name if self.title.party else ""

    @property
    def kind(self) -> str:
        return self.title.kind.name

    @property
    def level(self) -> str:
        return str(Level(self.title.kind.level).label)

    @property
    def state(self) -> str:
        return self.standing.words

    @property
    def batch(self) -> str:
        return self.title.batch.name if self.title.batch else ""


@dataclass(frozen=True, slots=True)
class TitlePage:
    """One page of a list; ``after`` leads to the next."""

    rows: tuple[TitleRow, ...]
    after: str | None


def living(zone_id: int) -> QuerySet[Title]:
    """Titles as they stand now, whatever became of them."""
    return Title.objects.filter(zone_id=zone_id, current__isnull=True).select_related(
        "party", "kind", "batch"
    )


def _in_force(on: date) -> Q:
    return (
        Q(granted_on__lte=on)
        & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        & (Q(ended_on__isnull=True) | Q(ended_on__gte=on))
        & ~Q(ended_how=Title.Ended.MISTAKE)
    )


def _filtered(zone_id: int, filters: TitleFilter, on: date) -> QuerySet[Title]:
    rows = living(zone_id)
    if filters.family:
        rows = rows.filter(kind__family=filters.family)
    else:
        rows = rows.exclude(kind__family=TitleKind.Family.HONOUR)
    if filters.level:
        rows = rows.filter(kind__level=filters.level)
    if filters.kind:
        rows = rows.filter(kind_id=filters.kind)
    if filters.year:
        rows = rows.filter(year=filters.year)
    if filters.batch:
        rows = rows.filter(batch_id=filters.batch)
    if filters.party:
        rows = rows.filter(party_id=filters.party)
    if filters.text:
        rows = rows.filter(
            Q(party__name__icontains=filters.text)
            | Q(name__icontains=filters.text)
            | Q(certificate_no__icontains=filters.text)
            | Q(document_no__icontains=filters.text)
        )
    return _of_state(rows, filters.state, on)


def _of_state(rows: QuerySet[Title], state: str, on: date) -> QuerySet[Title]:
    if state == "in_force":
        return rows.filter(_in_force(on))
    if state == "expiring":
        return rows.filter(_in_force(on), valid_to__lte=add_months(on, SOON_MONTHS))
    if state == "expired":
        return rows.filter(valid_to__lt=on, ended_how="")
    if state == "ended":
        return rows.exclude(ended_how="")
    return rows


def title_page(
    *, zone_id: int, filters: TitleFilter, on: date, after: str | None = None
) -> TitlePage:
    """A page of the register, the latest granted first; what lapses first where that is asked."""
    rows = _filtered(zone_id, filters, on)
    day, number = _place(after)
    if filters.state == "expiring":
        rows = rows.order_by("valid_to", "id")
        if day is not None:
            rows = rows.filter(Q(valid_to__gt=day) | Q(valid_to=day, id__gt=number))
    else:
        rows = rows.order_by("-granted_on", "-id")
        if day is not None:
            rows = rows.filter(Q(granted_on__lt=day) | Q(granted_on=day, id__lt=number))
    found = list(rows[: PAGE + 1])
    shown = tuple(TitleRow(row, standing(row, on)) for row in found[:PAGE])
    if len(found) <= PAGE:
        return TitlePage(shown, None)
    last = shown[-1].title
    key = last.valid_to if filters.state == "expiring" else last.granted_on
    return TitlePage(shown, f"{key}_{last.pk}")


def _place(after: str | None) -> tuple[date | None, int]:
    day, _bar, number = (after or "").partition("_")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None, 0


def every_title(*, zone_id: int, filters: TitleFilter, on: date) -> Iterable[TitleRow]:
    """The very list, for a sheet."""
    rows = _filtered(zone_id, filters, on).order_by("-granted_on", "-id")
    return (TitleRow(row, standing(row, on)) for row in rows.iterator(chunk_size=2000))


def kinds(*, zone_id: int, families: Sequence[str] = ()) -> QuerySet[TitleKind]:
    """The zone's kinds in their order."""
    rows = TitleKind.objects.filter(zone_id=zone_id)
    return rows.filter(family__in=families) if families else rows


def title_years(*, zone_id: int) -> list[int]:
    """The years titles were granted in, latest first."""
    span = Title.objects.filter(zone_id=zone_id, current__isnull=True).aggregate(
        first=Min("year"), last=Max("year")
    )
    if span["first"] is None:
        return []
    return list(range(span["last"], span["first"] - 1, -1))


def title(*, zone_id: int, title_id: int) -> Title | None:
    """A title as it stands; a former version leads to it."""
    row = (
        Title.objects.filter(zone_id=zone_id, pk=title_id)
        .select_related("party", "kind", "batch", "renews__kind", "upgraded_from__kind", "current")
        .first()
    )
    if row is not None and row.current_id is not None:
        return title(zone_id=zone_id, title_id=row.current_id)
    return row


@dataclass(frozen=True, slots=True)
class TitleStory:
    """What belongs to one title: former versions, what followed, and what officers were told."""

    past: tuple[Title, ...]
    renewed_by: Title | None
    upgraded_to: Title | None
    notices: tuple[RenewalNotice, ...]
    tasks: tuple[Task, ...]


def title_story(row: Title) -> TitleStory:
    return TitleStory(
        past=tuple(row.past.select_related("recorded_by__person").order_by("-superseded_at")),
        renewed_by=row.renewals.filter(current__isnull=True).select_related("kind").first(),
        upgraded_to=row.upgrades.filter(current__isnull=True).select_related("kind").first(),
        notices=tuple(row.notices.order_by("-at")),
        tasks=tuple(
            Task.objects.filter(
                zone_id=row.zone_id, matter__kind="title", matter__subject_id=row.pk
            )
            .select_related("post__person", "office")
            .order_by("-id")
        ),
    )


def titles_of_firm(*, party: Party) -> list[Title]:
    """Everything a firm holds or held, its merged entries' too, the latest first."""
    rows = living(party.zone_id).filter(party_id__in=registry.numbers_of(party=party))
    return list(rows.exclude(ended_how=Title.Ended.MISTAKE).order_by("kind__order", "-granted_on"))


# Platforms ----------------------------------------------------------------------------------------

PLATFORM_FAMILIES = (
    TitleKind.Family.PLATFORM,
    TitleKind.Family.TALENT,
    TitleKind.Family.CARRIER,
    TitleKind.Family.FACTORY,
)


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many of a kind are in force, and how many of them came this year."""

    kind: TitleKind
    in_force: int
    new: int


def kind_counts(*, zone_id: int, families: Sequence[str], on: date, year: int) -> list[KindCount]:
    """Kinds with what is in force on a day and what was granted in a year, renewals left out."""
    of_living = Q(titles__current__isnull=True) & ~Q(titles__ended_how=Title.Ended.MISTAKE)
    rows = kinds(zone_id=zone_id, families=families).annotate(
        held=Count(
            "titles",
            filter=of_living
            & Q(titles__granted_on__lte=on)
            & (Q(titles__valid_to__isnull=True) | Q(titles__valid_to__gte=on))
            & (Q(titles__ended_on__isnull=True) | Q(titles__ended_on__gte=on)),
        ),
        fresh=Count(
            "titles",
            filter=of_living & Q(titles__granted_on__year=year, titles__renews__isnull=True),
        ),
    )
    return [KindCount(row, row.held, row.fresh) for row in rows.order_by("order", "code")]


def upgraded(*, zone_id: int, limit: int = 20) -> list[Title]:
    """Platforms that grew out of another, the latest first."""
    rows = living(zone_id).filter(upgraded_from__isnull=False)
    return list(rows.select_related("upgraded_from__kind").order_by("-granted_on", "-id")[:limit])


# Honours ------------------------------------------------------------------------------------------


class Honour(NamedTuple):
    """An honour of the zone; ``years`` in a row, if it is more than one."""

    title: Title
    years: int


def honours(*, zone_id: int, limit: int = 200) -> list[Honour]:
    """Honours of the zone itself, the latest first, with how many years in a row."""
    rows = list(
        living(zone_id)
        .filter(kind__family=TitleKind.Family.HONOUR)
        .exclude(ended_how=Title.Ended.MISTAKE)
        .order_by("-year", "-granted_on", "-id")[:limit]
    )
    years: dict[tuple[int, str], set[int]] = {}
    for row in rows:
        years.setdefault((row.kind_id, row.name), set()).add(row.year)
    return [Honour(row, _in_a_row(years[row.kind_id, row.name], row.year)) for row in rows]


def _in_a_row(years: set[int], last: int) -> int:
    count = 0
    while last - count in years:
        count += 1
    return count


# Lists --------------------------------------------------------------------------------------------


def firm_lists(*, zone_id: int, year: int | None = None) -> QuerySet[FirmList]:
    """Lists with how many stand on them, the latest year first."""
    rows = FirmList.objects.filter(zone_id=zone_id)
    if year:
        rows = rows.filter(year=year)
    return rows.annotate(
        count=Count("members", filter=Q(members__removed_at__isnull=True))
    ).order_by("-year", "code")


def firm_list(*, zone_id: int, list_id: int) -> FirmList | None:
    return FirmList.objects.filter(zone_id=zone_id, pk=list_id).first()


def list_members(*, firm_list: FirmList) -> QuerySet[ListMember]:
    """Who stands on a list, and below who left it."""
    return firm_list.members.select_related("party").order_by(
        F("removed_at").asc(nulls_first=True), "party__name"
    )


# Contracts ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContractYear:
    """Contracts of a year so far: how many, how much, and against the same days of the year before."""

    year: int
    count: int
    amount_fen: int
    count_before: int
    amount_before_fen: int

    @property
    def count_growth(self) -> float | None:
        """In per cent; unknown where there were none before."""
        return _growth(self.count, self.count_before)

    @property
    def amount_growth(self) -> float | None:
        return _growth(self.amount_fen, self.amount_before_fen)


def _growth(now: int, before: int) -> float | None:
    return None if before == 0 else (now - before) / before * 100


def contract_year(*, zone_id: int, year: int, on: date) -> ContractYear:
    """A year's technology contracts, up to a day if it is the running one."""
    end = on if on.year == year else date(year, 12, 31)
    count, amount = _contracts(zone_id, date(year, 1, 1), end)
    before = _contracts(zone_id, date(year - 1, 1, 1), add_months(end, -12))
    return ContractYear(year, count, amount, *before)


def _contracts(zone_id: int, since: date, until: date) -> tuple[int, int]:
    found = TechContract.objects.filter(
        zone_id=zone_id, withdrawn_at__isnull=True, registered_on__range=(since, until)
    ).aggregate(count=Count("id"), amount=Sum("amount_fen"))
    return found["count"], found["amount"] or 0


@dataclass(frozen=True, slots=True)
class ContractPage:
    rows: tuple[TechContract, ...]
    after: str | None


def contract_page(
    *, zone_id: int, year: int | None, text: str = "", after: str | None = None
) -> ContractPage:
    """A page of contracts, the latest registered first."""
    rows = every_contract(zone_id=zone_id, year=year, text=text)
    day, number = _place(after)
    if day is not None:
        rows = rows.filter(Q(registered_on__lt=day) | Q(registered_on=day, id__lt=number))
    found = list(rows[: PAGE + 1])
    shown = tuple(found[:PAGE])
    last = shown[-1] if len(found) > PAGE else None
    return ContractPage(shown, f"{last.registered_on}_{last.pk}" if last else None)


def every_contract(*, zone_id: int, year: int | None, text: str = "") -> QuerySet[TechContract]:
    rows = TechContract.objects.filter(zone_id=zone_id, withdrawn_at__isnull=True).select_related(
        "party"
    )
    if year:
        rows = rows.filter(registered_on__range=(date(year, 1, 1), date(year, 12, 31)))
    if text:
        rows = rows.filter(Q(party__name__icontains=text) | Q(number__icontains=text))
    return rows.order_by("-registered_on", "-id")


def contract(*, zone_id: int, contract_id: int) -> TechContract | None:
    return TechContract.objects.filter(zone_id=zone_id, pk=contract_id).first()


# Sheets and batches -------------------------------------------------------------------------------


def title_sheets(*, zone_id: int) -> QuerySet[TitleSheet]:
    return (
        TitleSheet.objects.filter(zone_id=zone_id)
        .defer("rows")
        .select_related("post__person")
        .order_by("-id")
    )


def title_sheet(*, zone_id: int, sheet_id: int) -> TitleSheet | None:
    return TitleSheet.objects.filter(zone_id=zone_id, pk=sheet_id).select_related("file").first()


def batches_of(*, zone_id: int, since_year: int) -> QuerySet[Batch]:
    """Batches of the latest years with how many applications each has."""
    return (
        Batch.objects.filter(zone_id=zone_id, year__gte=since_year)
        .select_related("kind")
        .annotate(count=Count("applications"))
        .order_by("-year", "-opens_on", "-id")
    )


def batch(*, zone_id: int, batch_id: int) -> Batch | None:
    return Batch.objects.filter(zone_id=zone_id, pk=batch_id).select_related("kind").first()
