"""How long does re-drawing 2,363 firms to 47 cells and 84 officers take, and how even is it?

From asking to a proposal that can be looked at, with reading and writing; once from a map that is
balanced today, once from a lopsided one.
"""

import random
import time

from benchmarks.measure import Bench, bench_database, report
from tests.town import NOW, actor
from xiaoer.base.scope import acting
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Redrawing, RedrawingLine

FIRMS, CELLS, OFFICERS, COLUMNS = 2_363, 47, 84, 7
WHO = "east-desk"
SIDE = 0.02  # of a degree

GRID = "insert into grid (zone_id, code, name) values (%s, 'G', '总网格') returning id"
CELL = "insert into cell (zone_id, grid_id, code, name, outline) values (%s, %s, %s, %s, %s::jsonb) returning id"
POST = """
insert into post (zone_id, person_id, office_id, role, title, is_lead, since)
select zone_id, person_id, office_id, 'grid_officer', '', false, since from post where id = %s
returning id
"""
DUTY = "insert into cell_duty (zone_id, cell_id, post_id, since) values (%s, %s, %s, '2026-01-01')"
FIRM = """
insert into party (zone_id, kind, name, credit_code, old_register_no, industry, section, status,
  capital_currency, address, business, legal_representative, contact_name, contact_phone, terms,
  cell_id, longitude, latitude, version)
values (%s, 'firm', %s, '', '', '', '', 'operating', 'CNY', '', '', '', '', '', '', %s, %s, %s, 1)
returning id
"""
STEWARD = "insert into stewardship (zone_id, party_id, post_id, kind, since) values (%s, %s, %s, 'officer', '2026-01-01')"
WATCHED = "insert into monitoring_firm (zone_id, party_id, since) values (%s, %s, '2026-01-01')"


def corner(number: int) -> tuple[float, float]:
    return 116.5 + SIDE * (number % COLUMNS), 35.4 + SIDE * (number // COLUMNS)


def outline(number: int) -> str:
    x, y = corner(number)
    ring = [[x, y], [x + SIDE, y], [x + SIDE, y + SIDE], [x, y + SIDE], [x, y]]
    return f'{{"type": "Polygon", "coordinates": [{ring}]}}'


def fill(bench: Bench, *, is_balanced: bool) -> None:
    """A lattice of cells; officers with about as many firms each, or cells that are empty and full."""
    dice, who = random.Random(f"redrawing {is_balanced}"), actor(WHO)
    with bench.as_owner() as link:

        def one(query: str, *given: object) -> int:
            row = link.execute(query, given).fetchone()
            assert row is not None
            return int(row[0])

        grid = one(GRID, who.zone_id)
        cells = [
            one(CELL, who.zone_id, grid, f"{number:02d}", f"单元{number}", outline(number))
            for number in range(CELLS)
        ]
        posts = [one(POST, who.post_id) for _officer in range(OFFICERS)]
        of_cell = [posts[number::CELLS] for number in range(CELLS)]
        for number, cell in enumerate(cells):
            for post in of_cell[number]:
                link.execute(DUTY, [who.zone_id, cell, post])
        seats = [(number, post) for number in range(CELLS) for post in of_cell[number]]
        crowd = [dice.choice([0.3, 0.6, 1.0, 2.0, 3.0]) for _cell in cells]
        for firm in range(FIRMS):
            number, post = seats[firm % OFFICERS]
            if not is_balanced:
                number = dice.choices(range(CELLS), crowd)[0]
                post = dice.choice(of_cell[number])
            x, y = corner(number)
            place = [x + SIDE * dice.random(), y + SIDE * dice.random()]
            party = one(FIRM, who.zone_id, f"企业{firm}", cells[number], *place)
            link.execute(STEWARD, [who.zone_id, party, post])
            if dice.random() < 0.05:
                link.execute(WATCHED, [who.zone_id, party])


def redraw() -> tuple[Redrawing, float]:
    by = actor(WHO)
    began = time.perf_counter()
    with acting(by):
        asked = registry.ask_redrawing(by=by, now=NOW)
    with acting(by):
        row = registry.work_on_redrawing(by=by, now=NOW, number=asked.pk)
    assert row is not None
    return row, time.perf_counter() - began


def measure(name: str, *, is_balanced: bool) -> None:
    map_name = "balanced" if is_balanced else "lopsided"
    with bench_database(f"redrawing_{map_name}") as bench:
        fill(bench, is_balanced=is_balanced)
        row, seconds = redraw()
        with acting(actor(WHO)):
            stay = RedrawingLine.objects.filter(redrawing=row, is_moved=False).count()
        figures = row.figures
        assert figures["firms"] == FIRMS
        report(f"{name}, from a {map_name} map", "s", seconds, 30.0, "the bound", 1.0)
        report(
            f"heaviest load from a {map_name} map ({figures['heaviest_before'] / figures['mean']:.2f}"
            f" x the mean before, {row.moved} firms moved)",
            "points", figures["heaviest_after"], figures["mean"], "the mean", 1.10,
        )  # fmt: skip
        if is_balanced:
            report(
                "firms that stay where they are", "firms", stay, FIRMS, "all firms", 0.9,
                smaller_is_better=False,
            )  # fmt: skip


def main() -> None:
    name = f"re-drawing {FIRMS:,} firms to {CELLS} cells and {OFFICERS} officers"
    measure(name, is_balanced=True)
    measure(name, is_balanced=False)


if __name__ == "__main__":
    main()
