"""事实词 Words about land and units, so that what does too little is found by rules a zone can change.

What a firm pays and uses is known of the firm; of a parcel it is the figure of who holds it over all
the land it holds, so that nobody looks poor on one of two parcels. Nothing known is null, never zero.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
from django.db.models import Q

from xiaoer.assets.models import Building, Occupancy, Parcel, Unit
from xiaoer.base.words import Kind, Word
from xiaoer.rules.vocabularies import facts

MU_M2 = Decimal("666.6666667")
YUAN_OF_WAN = 10_000
DAYS_OF_MONTH = 30.4375
PARCEL, UNIT, TENANT = "parcel", "carrier_unit", "tenant"
GROUP = "land"
# Words of the firm that are read for whoever holds the land or the unit.
OF_FIRM = ("tax_paid_cny_y1", "revenue_cny_y1", "electricity_of_usual")
OF_TENANT = (
    "employees_now",
    "employees_eop_y1",
    "revenue_cny_y1",
    "revenue_cny_y2",
    "electricity_of_usual",
)
USED = Word(
    "electricity_of_usual", "用电为平时的几成", "power against what is usual", unit="share",
    group=GROUP, meaning_zh="最近一个月用电量与企业自身平时的比值",
    meaning_en="power of the latest month against what is usual for the firm",
)  # fmt: skip
Columns = dict[str, list[object]]


class ParcelWords:
    """Words of a parcel."""

    subject = PARCEL

    def words(self, zone_id: int) -> Sequence[Word]:
        return (
            Word("tax_per_mu_y1", "上年亩均税收（万元/亩）", "tax per mu last year, 10,000 yuan", group=GROUP),
            Word("revenue_per_mu_y1", "上年亩均营收（万元/亩）", "revenue per mu last year, 10,000 yuan", group=GROUP),
            Word("held_months", "供地后月数", "months since the land was supplied", group=GROUP),
            Word("is_built", "已有建筑", "something is built on it", Kind.FLAG, group=GROUP),
            USED,
        )  # fmt: skip

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:
        held = Parcel.objects.filter(
            zone_id=zone_id, stage__in=["supplied", "in_use"], party__isnull=False
        )
        rows = list(held if ids is None else held.filter(pk__in=ids))
        firms = _of_firms(zone_id, {row.party_id for row in rows if row.party_id}, as_of, known_at)
        mu: dict[int, Decimal] = {}
        for party, area in held.values_list("party", "area_m2"):
            mu[party] = mu.get(party, Decimal()) + area / MU_M2
        built = set(
            Building.objects.filter(
                zone_id=zone_id, parcel__in=[row.pk for row in rows], state="built"
            ).values_list("parcel", flat=True)
        )
        found: Columns = {
            "tax_per_mu_y1": [_per_mu(firms, mu, row, "tax_paid_cny_y1") for row in rows],
            "revenue_per_mu_y1": [_per_mu(firms, mu, row, "revenue_cny_y1") for row in rows],
            "held_months": [(as_of - row.stage_on).days / DAYS_OF_MONTH for row in rows],
            # Land in use with no building kept of it: what stands there nobody wrote down.
            "is_built": [
                row.pk in built or (None if row.stage == Parcel.Stage.IN_USE else False)
                for row in rows
            ],
            "electricity_of_usual": [
                firms.get(row.party_id or 0, {}).get("electricity_of_usual") for row in rows
            ],
        }
        return _table([row.pk for row in rows], found, names)


class UnitWords:
    """Words of a unit of a building."""

    subject = UNIT

    def words(self, zone_id: int) -> Sequence[Word]:
        return (
            Word("vacant_months", "空置月数", "months vacant", group=GROUP,
                 meaning_zh="无人使用的月数；在用为 0", meaning_en="since nobody holds it; 0 while it is held"),
            Word("found_idle", "已标注闲置或低效", "marked idle or inefficient by a person", Kind.FLAG, group=GROUP),
            USED,
        )  # fmt: skip

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:
        living = Unit.objects.filter(
            zone_id=zone_id, until__isnull=True, since__lte=as_of, building__state="built"
        ).exclude(hold=Unit.Hold.KEPT)
        rows = list(living if ids is None else living.filter(pk__in=ids))
        holder: dict[int, int | None] = {}
        last: dict[int, date] = {}
        for unit, party, until in Occupancy.objects.filter(
            zone_id=zone_id, unit__in=[row.pk for row in rows], is_struck=False, since__lte=as_of
        ).values_list("unit", "party", "until"):
            if until is None or until >= as_of:
                holder[unit] = party
            else:
                last[unit] = max(until, last.get(unit, until))
        firms = _of_firms(zone_id, {one for one in holder.values() if one}, as_of, known_at)
        found: Columns = {
            "vacant_months": [
                0.0
                if row.pk in holder
                else (as_of - last.get(row.pk, row.since)).days / DAYS_OF_MONTH
                for row in rows
            ],
            "found_idle": [row.hold in (Unit.Hold.IDLE, Unit.Hold.INEFFICIENT) for row in rows],
            "electricity_of_usual": [
                firms.get(holder.get(row.pk) or 0, {}).get("electricity_of_usual") for row in rows
            ],
        }
        return _table([row.pk for row in rows], found, names)


class TenantWords:
    """Words of a firm that works in the zone's workshops: the space it has, against its people and growth.

    Whose land no building is kept of has a space nobody knows.
    """

    subject = TENANT

    def words(self, zone_id: int) -> Sequence[Word]:
        return (
            Word("space_m2", "现用载体面积（m²）", "space used, m²", group=GROUP,
                 meaning_zh="租用、购买、自用的单元和自有厂房之和", meaning_en="units let to it, bought or its own, and its own buildings"),
            Word("staff", "从业人员", "people", unit="person", group=GROUP),
            Word("space_per_person_m2", "人均载体面积（m²）", "space a person, m²", group=GROUP),
            Word("staff_growth", "从业人员比上年末增长", "people, growth since last year's end", unit="share", group=GROUP),
            Word("revenue_growth", "上年营收增长", "revenue, growth last year", unit="share", group=GROUP),
            USED,
        )  # fmt: skip

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:
        space = _space(zone_id, as_of)
        firms = sorted(space if ids is None else space.keys() & set(ids))
        known = _of_firms(zone_id, firms, as_of, known_at, OF_TENANT)
        of = [known.get(firm, {}) for firm in firms]
        found: Columns = {
            "space_m2": [space[firm] for firm in firms],
            "staff": [one.get("employees_now") for one in of],
            "space_per_person_m2": [
                _ratio(space[firm], one.get("employees_now"))
                for firm, one in zip(firms, of, strict=True)
            ],
            "staff_growth": [_growth(one, "employees_now", "employees_eop_y1") for one in of],
            "revenue_growth": [_growth(one, "revenue_cny_y1", "revenue_cny_y2") for one in of],
            "electricity_of_usual": [one.get("electricity_of_usual") for one in of],
        }
        return _table(firms, found, names)


def _space(zone_id: int, as_of: date) -> dict[int, float | None]:
    """By firm: what it holds on the day. Only firms that hold a unit or a building of the zone."""
    found: dict[int, float | None] = {}
    held = Occupancy.objects.filter(
        Q(until__isnull=True) | Q(until__gte=as_of), zone_id=zone_id, is_struck=False,
        since__lte=as_of, party__merged_into__isnull=True,
    ).exclude(kind=Occupancy.Kind.RESERVED)  # fmt: skip
    own = Building.objects.filter(
        zone_id=zone_id, state="built", units__isnull=True, party__merged_into__isnull=True
    )
    areas = [*held.values_list("party", "unit__area_m2"), *own.values_list("party", "area_m2")]
    for firm, area in areas:
        if firm is not None:
            found[firm] = (found.get(firm) or 0.0) + float(area)
    bare = Parcel.objects.filter(
        zone_id=zone_id, party__in=list(found), stage=Parcel.Stage.IN_USE, buildings__isnull=True
    )
    return found | dict.fromkeys(bare.values_list("party", flat=True))


def _ratio(amount: float | None, by: float | None) -> float | None:
    return amount / by if amount is not None and by else None


def _growth(one: Mapping[str, float | None], now: str, before: str) -> float | None:
    ratio = _ratio(one.get(now), one.get(before))
    return None if ratio is None else ratio - 1


def _of_firms(
    zone_id: int,
    parties: Collection[int],
    as_of: date,
    known_at: datetime,
    names: Sequence[str] = OF_FIRM,
) -> Mapping[int, Mapping[str, float | None]]:
    """What is known of these firms, by their number."""
    if not parties:
        return {}
    table = facts(zone_id=zone_id, names=names, as_of=as_of, known_at=known_at, ids=sorted(parties))
    return {row["id"]: row for row in table.to_pylist()}


def _per_mu(
    firms: Mapping[int, Mapping[str, float | None]],
    mu: Mapping[int, Decimal],
    row: Parcel,
    name: str,
) -> float | None:
    amount = firms.get(row.party_id or 0, {}).get(name)
    return None if amount is None else amount / YUAN_OF_WAN / float(mu[row.party_id or 0])


def _table(ids: list[int], found: Columns, names: Collection[str]) -> pa.Table:
    types = {"is_built": pa.bool_(), "found_idle": pa.bool_()}
    columns = {"id": pa.array(ids, pa.int64())}
    for name in names:
        columns[name] = pa.array(found[name], types.get(name, pa.float64()))
    return pa.table(columns)
