"""The questions behind published figures of ladders, titles, platforms, lists and contracts."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet, Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xiaoer.facts import queries as facts
from xiaoer.growth.models import Designation, Ladder, TitleKind
from xiaoer.growth.queries import counting
from xiaoer.reports.counted import HUNDRED, MOST_SHOWN, Answer, Ask, Question, Record, counted
from xiaoer.reports.published import Published

Family = TitleKind.Family
Kind = Designation.Kind
# The print's rungs, each the rungs of our ladder it takes together. 准四上 are those near the line and
# those who reached it and are not entered yet.
TIERS: Mapping[str, tuple[str, ...]] = {
    "climbing": ("l1_climb",),
    "above_scale_not_climbing": ("l1_above_scale",),
    "near_four_above": ("l1_near", "l1_reached"),
    "seedling": ("l1_sprout",),
    "seed": ("l1_seed",),
}
# Types of platforms as the print names them: families of kinds, or kinds without their level.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "": (Family.PLATFORM,),
    "other_talent_and_science_technology": (Family.PLATFORM, Family.TALENT),
    "innovation_platform_and_talent_programme": (Family.PLATFORM, Family.TALENT),
}
STEMS: Mapping[str, tuple[str, ...]] = {
    "technology_innovation_centre_and_transfer": ("technology_innovation_centre",),
}
LEVELS = ("national", "provincial", "municipal", "zone")
CNY_100M_FEN = Decimal(100_000_000_00)


def _lines(rows: QuerySet[Any], detail: Callable[[Any], str]) -> list[Record]:
    """The first firms of some rows, each led to its page."""
    return [
        Record(row.party.name, detail(row), reverse("enterprise", args=[row.party_id]))
        if row.party_id
        else Record(str(row), detail(row))
        for row in rows[:MOST_SHOWN]
    ]


def _of_rows(
    rows: QuerySet[Any], day: date, basis: str | Promise, detail: Callable[[Any], str], page: str
) -> Answer:
    return counted(_lines(rows, detail), rows.count(), day, str(basis), reverse(page))


def _year_so_far(figure: Published, day: date) -> date:
    return figure.period_start or date(day.year, 1, 1)


# Ladders -----------------------------------------------------------------------------------------


def _tier(zone_id: int, figure: Published, day: date) -> Answer:
    tier = figure.dimension("tier") or ""
    rows = counting.standing_on(
        zone_id=zone_id, ladder=Ladder.BUSINESS, rungs=TIERS.get(tier, ()), day=day
    ).order_by("party__name")
    if tier == "above_scale_not_climbing":
        rows = rows.filter(sector="industry")
    return _of_rows(
        rows,
        day,
        lazy("Enterprises standing on that rung in the month, by the zone's own rules."),
        lambda row: str(row.month),
        "ladders",
    )


def _in_register(zone_id: int, figure: Published, day: date) -> Answer:
    if figure.dimension("change") == "new":
        rows = counting.designated_between(
            zone_id=zone_id, kind=Kind.IN_REGISTER, since=_year_so_far(figure, day), until=day
        )
        basis = lazy("Enterprises the statistics office took into the register in the period.")
    else:
        rows = counting.designated(zone_id=zone_id, kind=Kind.IN_REGISTER, day=day)
        basis = lazy("Enterprises in the statistical register that day.")
    return _of_rows(rows.order_by("party__name"), day, basis, lambda row: str(row.since), "ladders")


def _reserve(zone_id: int, figure: Published, day: date) -> Answer:
    rows = counting.standing_on(
        zone_id=zone_id, ladder=Ladder.TECHNOLOGY, rungs=("l2_reserve",), day=day
    )
    return _of_rows(
        rows.order_by("party__name"),
        day,
        lazy("Enterprises in reserve for the high-tech title in the month."),
        lambda row: str(row.month),
        "ladders",
    )


BANDS = {"500m": Decimal(50_000), "100m": Decimal(10_000)}
BANDS_FROM = sorted(BANDS.values())


def _revenue_band(zone_id: int, figure: Published, day: date) -> Answer:
    """Above one line and not above the next: the print counts each enterprise in one band."""
    low = BANDS[figure.dimension("revenue_min") or ""]
    high = next((line for line in BANDS_FROM if line > low), None)
    sums = facts.sums_of_firms(
        zone_id=zone_id,
        metrics=("main_revenue_cny", "operating_revenue"),
        since=_year_so_far(figure, day),
        until=day,
    )
    found = [one for one in sums if one.number > low and (high is None or one.number <= high)]
    lines = [
        Record(
            one.name,
            f"{one.number / BANDS_FROM[0]:,.2f} 亿元",
            reverse("enterprise", args=[one.party_id]),
        )
        for one in found[:MOST_SHOWN]
    ]
    return counted(
        lines,
        len(found),
        day,
        _("Enterprises by the revenue they reported for the period's months."),
        reverse("indicators"),
    )


# Titles and platforms ----------------------------------------------------------------------------


def _of_titles(zone_id: int, figure: Published, day: date, kinds: Collection[str]) -> Answer:
    """Titles granted in the period where the print speaks of new ones, else those in force."""
    if figure.dimension("change") in ("new", "approved"):
        rows = counting.titles_granted(
            zone_id=zone_id, kinds=kinds, since=_year_so_far(figure, day), until=day
        )
        basis = lazy("Titles granted in the period, renewals left out.")
    else:
        rows = counting.titles_in_force(zone_id=zone_id, kinds=kinds, day=day)
        basis = lazy("Titles in force that day.")
    return _of_rows(
        rows.order_by("kind__order", "granted_on", "id"),
        day,
        basis,
        lambda row: f"{row.kind.name} · {row.granted_on}",
        "title_list",
    )


def _titles(*codes: str) -> Ask:
    """Titles of one kind each; where kinds differ by level, the figure's level chooses."""

    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        level = figure.dimension("level")
        kinds = [code for code in codes if level != "municipal" or code.endswith("_municipal")]
        if level == "provincial":
            kinds = [code for code in codes if not code.endswith("_municipal")]
        return _of_titles(zone_id, figure, day, kinds)

    return ask


def _platforms(zone_id: int, figure: Published, day: date) -> Answer:
    return _of_titles(zone_id, figure, day, _platform_kinds(zone_id, figure))


def _platform_kinds(zone_id: int, figure: Published) -> list[str]:
    named, least = figure.dimension("type") or "", figure.dimension("level_min")
    levels = set((figure.dimension("level") or "").split("|")) - {""}
    if least:
        levels = set(LEVELS[: LEVELS.index(least) + 1])
    rows = TitleKind.objects.filter(zone_id=zone_id, level__in=levels)
    if named in FAMILIES:
        return list(rows.filter(family__in=FAMILIES[named]).values_list("code", flat=True))
    stems = STEMS.get(named, (named,))
    wanted = {stem for stem in stems} | {f"{stem}_{level}" for stem in stems for level in levels}
    return list(rows.filter(code__in=wanted).values_list("code", flat=True))


def _hnte(zone_id: int, figure: Published, day: date) -> Answer:
    if figure.dimension("basis") != "forecast":
        return _of_titles(zone_id, figure, day, ["hnte"])
    planned = counting.applications(zone_id=zone_id, kind="hnte", year=day.year)
    basis = _("Applications of the year's batches.")
    rows: QuerySet[Any] = planned
    count = planned.count()
    if figure.dimension("change") != "new":
        before = counting.titles_in_force(
            zone_id=zone_id, kinds=["hnte"], day=date(day.year, 1, 1)
        ).filter(valid_to__gte=day)
        basis = _(
            "Titles of former years still in force, and the applications of the year's batches."
        )
        count += before.count()
    lines = _lines(rows.order_by("party__name"), lambda row: row.batch.name)
    return counted(lines, count, day, basis, reverse("applications"))


def _applications(zone_id: int, figure: Published, day: date) -> Answer:
    rows = counting.applications(zone_id=zone_id, kind="hnte", year=day.year)
    return _of_rows(
        rows.order_by("batch", "party__name"),
        day,
        lazy("Applications of the year's batches."),
        lambda row: row.batch.name,
        "applications",
    )


def _batches(zone_id: int, figure: Published, day: date) -> Answer:
    rows = list(counting.batches(zone_id=zone_id, kind="hnte", year=day.year).order_by("opens_on"))
    lines = [Record(row.name, f"{row.opens_on} – {row.closes_on}") for row in rows]
    return counted(
        lines, len(rows), day, _("Batches of applications of the year."), reverse("batch_list")
    )


def _listed(code: str | None = None) -> Ask:
    """Members of the list the print names."""

    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        rows = counting.list_members(
            zone_id=zone_id, code=code or figure.dimension("list") or "", day=day
        )
        return _of_rows(
            rows.order_by("party__name"),
            day,
            lazy("Members of the newest list that day."),
            lambda row: row.project or row.firm_list.name,
            "firm_lists",
        )

    return ask


def _honour_years(zone_id: int, figure: Published, day: date) -> Answer:
    honour = figure.dimension("honour") or ""
    years = counting.honour_years(zone_id=zone_id, kind=honour, day=day)
    return counted(
        [Record(str(year)) for year in years],
        len(years),
        day,
        _("Years one after the other in which the zone got this honour."),
        reverse("honours"),
    )


# Technology contracts ----------------------------------------------------------------------------


def _contracts(measure: Callable[[QuerySet[Any]], Decimal], unit: Decimal) -> Ask:
    """Contracts of the period, counted or summed; or their growth on the year before."""

    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        since = _year_so_far(figure, day)
        rows = counting.contracts(zone_id=zone_id, since=since, until=day)
        now = measure(rows)
        value: Decimal | None = now / unit
        basis = _("Technology contracts registered in the period.")
        if figure.kind == "growth_yoy":
            before = measure(
                counting.contracts(
                    zone_id=zone_id,
                    since=since.replace(year=since.year - 1),
                    until=day.replace(year=day.year - 1),
                )
            )
            basis = _("Technology contracts registered in the period, on those of the year before.")
            value = (now / before - 1) * HUNDRED if before else None
        return Answer(
            value=value,
            as_of=day,
            basis=basis,
            records=tuple(_lines(rows.order_by("-registered_on", "-id"), lambda row: row.number)),
            count=rows.count(),
            address=reverse("tech_contracts"),
        )

    return ask


def _number(rows: QuerySet[Model]) -> Decimal:
    return Decimal(rows.count())


def _amount(rows: QuerySet[Model]) -> Decimal:
    return Decimal(rows.aggregate(total=Sum("amount_fen"))["total"] or 0)


GROWING: Mapping[str, Question] = {
    "tier_enterprise_count": Question(lazy("How many enterprises stand on a rung?"), _tier),
    "four_above_enterprise_count": Question(
        lazy("How many enterprises are in the statistical register?"), _in_register
    ),
    "high_tech_reserve_count": Question(
        lazy("How many enterprises are in reserve for the high-tech title?"), _reserve
    ),
    "revenue_band_enterprise_count": Question(
        lazy("How many enterprises earn more than a line?"), _revenue_band
    ),
    "tech_sme_count": Question(lazy("How many technology SMEs are there?"), _titles("tsme")),
    "high_tech_enterprise_count": Question(
        lazy("How many high-tech enterprises are there?"), _hnte
    ),
    "high_tech_application_count": Question(
        lazy("How many enterprises apply for the high-tech title?"), _applications
    ),
    "high_tech_application_batch_count": Question(
        lazy("How many batches of applications does the year have?"), _batches
    ),
    "specialised_enterprise_count": Question(
        lazy("How many specialised enterprises were approved?"), _titles("srdi", "srdi_municipal")
    ),
    "gazelle_enterprise_count": Question(lazy("How many gazelles are there?"), _titles("gazelle")),
    "little_giant_enterprise_count": Question(
        lazy("How many little giants are there?"), _titles("giant")
    ),
    "innovation_platform_count": Question(
        lazy("How many innovation platforms are there?"), _platforms
    ),
    "smart_factory_count": Question(
        lazy("How many smart factories are new?"), _titles("smart_factory_provincial")
    ),
    "green_factory_count": Question(
        lazy("How many green factories are new?"), _titles("green_factory_provincial")
    ),
    "digital_workshop_count": Question(
        lazy("How many digital workshops are new?"), _titles("digital_workshop_provincial")
    ),
    "listed_enterprise_count": Question(lazy("How many enterprises are on the list?"), _listed()),
    "listed_project_count": Question(lazy("How many projects are on the list?"), _listed()),
    "crossborder_ecommerce_enterprise_count": Question(
        lazy("How many cross-border e-commerce firms are there?"), _listed("crossborder_ecommerce")
    ),
    "honour_consecutive_years": Question(
        lazy("For how many years running did the zone get the honour?"), _honour_years
    ),
    "technology_contract_count": Question(
        lazy("How many technology contracts were registered?"), _contracts(_number, Decimal(1))
    ),
    "technology_contract_amount": Question(
        lazy("What do technology contracts sum up to?"), _contracts(_amount, CNY_100M_FEN)
    ),
}
