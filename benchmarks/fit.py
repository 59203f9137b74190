"""How long does the search take that holds a need against 10,000 units, joined with their neighbours?

The whole question as the page asks it: units, occupancies and doors read under row security, the
search, and the units of the answer. Every third unit of 15,000 is let: 10,000 stand empty.
"""

import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from benchmarks.measure import Bench, bench_database, report
from tests.town import NOW, actor
from xiaoer.assets import queries
from xiaoer.assets.fitting import Ask, What, write_asks
from xiaoer.assets.models import SpaceNeed
from xiaoer.base.scope import acting

BUILDINGS, FLOORS, BAYS, RUNS = 630, 4, 6, 15
LIMIT_MS = 300.0
WHO = "east-officer"

FILL = """
insert into building (zone_id, name, kind, state, area_m2, floors, is_state_owned, fire_class, version)
select %(zone)s, 'bench ' || n, 'workshop', 'built', 20000, %(floors)s, true, 'c', 1
from generate_series(1, %(buildings)s) n;
insert into carrier_unit (zone_id, building_id, code, floor, area_m2, height_m, load_kg_m2, column_m,
                          crane_t, power_kva, has_gas, has_steam, drains_t_day, fire_class, rent_fen,
                          hold, hold_why, since, note, version)
select b.zone_id, b.id, f || '-' || n, f, 200 + hashint4((b.id * 100 + f * 10 + n)::int) %% 100 + 600,
       nullif((array[0, 4.5, 6, 8.2])[1 + (b.id + n) %% 4], 0),
       nullif((array[0, 500, 1000, 2000])[1 + (b.id + f) %% 4], 0), 8,
       case when f = 1 then 5 end, nullif((array[0, 100, 200, 400])[1 + (b.id + n + f) %% 4], 0),
       b.id %% 2 = 0, null, null, '', 800 + (b.id * 37) %% 900, '', '', date '2020-01-01', '', 1
from building b cross join generate_series(1, %(floors)s) f cross join generate_series(1, %(bays)s) n
where b.zone_id = %(zone)s and b.name like 'bench %%';
insert into unit_door (zone_id, first_id, second_id, how)
select u.zone_id, least(u.id, v.id), greatest(u.id, v.id),
       case when u.floor = v.floor then 'beside' else 'above' end
from carrier_unit u join carrier_unit v on v.building_id = u.building_id
  and ((v.floor = u.floor and split_part(v.code, '-', 2)::int = split_part(u.code, '-', 2)::int + 1)
       or (v.floor = u.floor + 1 and split_part(v.code, '-', 2) = split_part(u.code, '-', 2)))
where u.zone_id = %(zone)s;
insert into occupancy (zone_id, unit_id, kind, name, since, until, why, is_struck, version)
select zone_id, id, 'reserved', 'x', date '2026-01-01', date '2029-12-31', '', false, 1
from carrier_unit where zone_id = %(zone)s and id %% 3 = 0
"""


def fill(bench: Bench) -> None:
    given: Mapping[str, object] = {
        "zone": actor(WHO).zone_id, "buildings": BUILDINGS, "floors": FLOORS, "bays": BAYS,
    }  # fmt: skip
    with bench.as_owner() as link:
        for statement in FILL.split(";"):
            link.execute(statement, given)


def need(least: int, asks: tuple[Ask, ...]) -> SpaceNeed:
    return SpaceNeed(
        zone_id=actor(WHO).zone_id,
        area_least_m2=Decimal(least),
        asks=write_asks(asks),
        from_on=date(2027, 1, 1),
        opened_at=NOW,
    )


NEEDS: dict[str, tuple[int, tuple[Ask, ...]]] = {
    "plain": (3000, ()),
    "asks": (
        2500,
        (
            Ask(What.HEIGHT, Decimal(6)),
            Ask(What.POWER, Decimal(600)),
            Ask(What.GAS, is_hard=False),
            Ask(What.RENT, Decimal(1500)),
        ),
    ),
    "power": (3000, (Ask(What.POWER, Decimal(1500)),)),
}


def ask(one: SpaceNeed) -> queries.Fits:
    with acting(actor(WHO)):
        return queries.fits_of(one, today=NOW.date())


def main() -> None:
    with bench_database("fit") as bench:
        bench.use()
        fill(bench)
        for name, (least, asks) in NEEDS.items():
            one = need(least, asks)
            found = ask(one)
            taken = []
            for _run in range(RUNS):
                began = time.perf_counter()
                ask(one)
                taken.append((time.perf_counter() - began) * 1000)
            taken.sort()
            report(
                f"fit_{name}", "ms", taken[len(taken) // 2], LIMIT_MS,
                f"{LIMIT_MS:g} ms for {found.looked_at:,} empty units with combinations", 1,
                slowest=round(taken[-1]), rows=len(found.rows),
                joined=sum(len(row.units) > 1 for row in found.rows),
            )  # fmt: skip


if __name__ == "__main__":
    main()
