"""The questions behind published figures of workshops, move-ins, cage-change and the auction.

===============================================  ===================================================
figure                                           records
===============================================  ===================================================
standard_workshop_area                           floor area of standard workshops built by the last
                                                 day and standing on it; parks=…: of those parks.
                                                 One without a day of completion makes it "at least"
industrial_park_count joint_review=yes           parks into which a move-in was decided by the day
                                                 after opinions of offices and of the operator
industrial_park_count parks=…;status=built       of these parks those with such a workshop
site_settled_project_count mode=standard_…       move-ins into vacant standard workshops settled by
                                                 the day
… mode=cage_change;stage=in_production           by cage-change, in production by the day
land_solved_area source=idle_state_company_…     idle land of state-owned firms whose cage-change for
                                                 the firm was done in the period
workshop_built_area enterprise=…                 floor area of workshops of the firm completed in it
auction_platform_days                            from the day of the first notice of a lot to the day
auction_lot_sold_count, auction_turnover         lots sold and confirmed, not in default, whose
                                                 bidding ended in the first days since then
===============================================  ===================================================
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xiaoer.assets.models import Building, Lot, MoveIn
from xiaoer.assets.queries import counting
from xiaoer.base.bounds import at_least
from xiaoer.base.subjects import page_of
from xiaoer.base.units import amount_in
from xiaoer.base.units.money import WAN_YUAN
from xiaoer.reports.counted import MOST_SHOWN, Answer, Ask, Question, Record, counted
from xiaoer.reports.projecting import PROJECTING
from xiaoer.reports.published import Published

TEN_THOUSAND = Decimal(10_000)
# 1 mu is 2,000/3 square metres.
MU_OF_M2 = Decimal(3) / Decimal(2_000)
FIRST_DAYS = re.compile(r"first_(\d+)_days")


def _since(figure: Published, day: date) -> date:
    return figure.period_start or date(day.year, 1, 1)


def _parks(figure: Published) -> list[str]:
    return (figure.dimension("parks") or "").split("|") if figure.dimension("parks") else []


def _building(row: Building) -> Record:
    where = f"{row.park.name} · " if row.park else ""
    return Record(row.name, f"{where}{row.area_m2:,.0f} m²", page_of("building", row.pk) or "")


def _workshop_area(zone_id: int, figure: Published, day: date) -> Answer:
    parks = _parks(figure)
    rows = counting.workshops_on(zone_id=zone_id, day=day, parks=parks)
    area = rows.aggregate(sum=Sum("area_m2"))["sum"]
    value = None if area is None else area / TEN_THOUSAND
    unsure = counting.workshops_without_a_day(zone_id=zone_id, parks=parks)
    return Answer(
        value=value,
        as_of=day,
        basis=_("Floor area of standard workshops built by that day, in 10,000 m²."),
        records=tuple(_building(row) for row in rows[:MOST_SHOWN]),
        count=rows.count(),
        bound=at_least(value) if unsure and value is not None else None,
    )


def _park_count(zone_id: int, figure: Published, day: date) -> Answer:
    if figure.dimension("joint_review") == "yes":
        reviewed = counting.jointly_reviewed_parks(zone_id=zone_id, day=day)
        basis = _("Parks into which a move-in was reviewed by offices and the park's operator.")
        return counted([Record(row.name) for row in reviewed], len(reviewed), day, basis)
    found: dict[str, Record] = {}
    for row in counting.workshops_on(zone_id=zone_id, day=day, parks=_parks(figure)):
        if row.park:
            found.setdefault(row.park.name, Record(row.park.name, row.name))
    basis = _("Parks with a standard workshop built by that day.")
    return counted(found.values(), len(found), day, basis)


def _move_in(row: MoveIn) -> Record:
    when = row.producing_on or row.settled_on
    return Record(row.name, f"{row.number} · {when}", page_of("move_in", row.pk) or "")


def _settled(zone_id: int, figure: Published, day: date) -> Answer:
    if figure.dimension("mode") == "cage_change":
        rows = counting.changed_and_producing(zone_id=zone_id, day=day)
        basis = _("Projects that came by cage-change and were in production by that day.")
    else:
        rows = counting.settled(zone_id=zone_id, day=day)
        basis = _("Projects that had moved into a vacant standard workshop by that day.")
    return counted([_move_in(row) for row in rows[:MOST_SHOWN]], rows.count(), day, basis)


def _land_area(zone_id: int, figure: Published, day: date) -> Answer:
    """Idle land of state firms is of cage-change; all other land are needs of projects."""
    if figure.dimension("source") != "idle_state_company_resource":
        return PROJECTING["land_solved_area"].ask(zone_id, figure, day)
    rows = list(
        counting.land_of_state_firms(
            zone_id=zone_id,
            firm=figure.dimension("enterprise") or "",
            since=_since(figure, day),
            until=day,
        )
    )
    known = [row.freed_m2 for row in rows if row.freed_m2 is not None]
    value = (sum(known, Decimal()) * MU_OF_M2).quantize(Decimal("0.001")) if known else None
    return Answer(
        value=value,
        as_of=day,
        basis=_("Idle land of state-owned firms made ready for the firm, in mu."),
        records=tuple(
            Record(row.name, f"{row.freed_m2} m² · {row.done_on}", page_of("cage_site", row.pk) or "")
            for row in rows[:MOST_SHOWN]
        ),
        count=len(rows),
        bound=at_least(value) if value is not None and len(known) < len(rows) else None,
    )  # fmt: skip


def _built_area(zone_id: int, figure: Published, day: date) -> Answer:
    rows = counting.built_for(
        zone_id=zone_id,
        firm=figure.dimension("enterprise") or "",
        since=_since(figure, day),
        until=day,
    )
    area = rows.aggregate(sum=Sum("area_m2"))["sum"]
    return Answer(
        value=None if area is None else area / TEN_THOUSAND,
        as_of=day,
        basis=_("Floor area of the firm's workshops completed in the period, in 10,000 m²."),
        records=tuple(_building(row) for row in rows[:MOST_SHOWN]),
        count=rows.count(),
    )


# The auction -------------------------------------------------------------------------------------


def _platform_days(zone_id: int, figure: Published, day: date) -> Answer:
    opened = counting.platform_opened_on(zone_id=zone_id)
    is_open = opened is not None and opened <= day
    return Answer(
        value=Decimal((day - opened).days) if opened and is_open else None,
        as_of=day,
        basis=_("Days since the exchange announced its first lot."),
        records=(Record(_("Opened"), str(opened)),) if is_open else (),
        count=1 if is_open else 0,
    )


def _lots(zone_id: int, figure: Published, day: date) -> list[Lot]:
    opened = counting.platform_opened_on(zone_id=zone_id)
    days = FIRST_DAYS.search(figure.period_note)
    if opened is None or days is None:
        return []
    return list(counting.sold_lots(zone_id=zone_id, since=opened, days=int(days[1])))


def _of_lots(value: Callable[[list[Lot]], Decimal], basis: str | Promise) -> Ask:
    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        rows = _lots(zone_id, figure, day)
        return Answer(
            value=value(rows),
            as_of=day,
            basis=str(basis),
            records=tuple(_lot_lines(rows[:MOST_SHOWN])),
            count=len(rows),
        )

    return ask


def _lot_lines(rows: Iterable[Lot]) -> Iterable[Record]:
    for row in rows:
        price = f"{amount_in(row.price_fen or 0, WAN_YUAN):,} 万元"
        yield Record(f"{row.number} {row.title}", price, page_of("auction_lot", row.pk) or "")


def _turnover(rows: list[Lot]) -> Decimal:
    return amount_in(sum(row.price_fen or 0 for row in rows), WAN_YUAN)


SITING: Mapping[str, Question] = {
    "standard_workshop_area": Question(
        lazy("How much floor area of standard workshops stands?"), _workshop_area
    ),
    "industrial_park_count": Question(lazy("How many parks are these?"), _park_count),
    "site_settled_project_count": Question(lazy("How many projects moved in?"), _settled),
    "land_solved_area": Question(lazy("How much land was that?"), _land_area),
    "workshop_built_area": Question(lazy("How much floor area did the firm build?"), _built_area),
    "auction_platform_days": Question(
        lazy("For how many days has the exchange been open?"), _platform_days
    ),
    "auction_lot_sold_count": Question(
        lazy("How many lots were sold?"),
        _of_lots(lambda rows: Decimal(len(rows)), lazy("Lots sold in the first days, confirmed.")),
    ),
    "auction_turnover": Question(
        lazy("For how much were lots sold?"),
        _of_lots(_turnover, lazy("Sum of the prices of lots sold in the first days.")),
    ),
}
