"""A city's stock of enterprises, made once for all benchmarks that ask about a million of them.

East holds 1,000,000, West 2,500. Names, officers and industries are spread as registers spread them:
few words stand in most names, most words in few.
"""

import atexit
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg

from benchmarks.measure import Bench, bench_database
from tests.town import NOW, actor
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import actions as registry
from xiaoer.registry.codes import make_credit_code, section_of
from xiaoer.registry.models import Cell
from xiaoer.registry.names import terms_of

MILLION, SMALL = 1_000_000, 2_500
CELLS, OFFICERS = 47, 84
PLACES = ("东岭", "东岭市", "北湖", "山岚省", "", "")
SIGNS = "安邦宝昌诚达德鼎东恒丰福光广国海浩和恒宏华辉汇佳嘉金锦精景九久巨凯康科坤朗乐利立联亮隆茂美民铭宁鹏普启谦勤庆荣瑞润森盛时舜顺硕思泰腾天通同万旺威伟文祥翔协新欣鑫信兴星旭轩雅延阳耀宜亿亦益银英永优友宇裕源远悦跃云泽展振正志智中众卓梓"
TRADES = [
    "机械制造",
    "新材料",
    "液压件",
    "纺织",
    "食品",
    "生物科技",
    "电子",
    "汽车零部件",
    "建材",
    "物流",
    "商贸",
    "化工",
    "医药",
    "信息技术",
    "环保科技",
    "模具",
    "包装",
    "塑料制品",
    "工程机械",
    "农业发展",
    "贸易",
    "建筑工程",
    "服饰",
    "家具",
    "电气设备",
    "矿山设备",
    "橡胶",
    "玻璃",
    "铸造",
    "管道",
    "石油设备",
    "教育咨询",
    "文化传媒",
    "餐饮管理",
    "运输",
    "光电",
    "精密仪器",
    "五金",
    "轴承",
    "阀门",
]
FORMS = ("有限公司",) * 8 + ("有限责任公司", "股份有限公司", "厂", "合作社")
INDUSTRIES = [f"{n:04d}" for n in range(1311, 4390, 7)]
COLUMNS = (
    "zone_id, kind, name, credit_code, old_register_no, industry, section, status, capital_fen,"
    " capital_currency, registered_on, address, business, legal_representative, contact_name,"
    " contact_phone, cell_id, terms, version"
)


@dataclass(frozen=True, slots=True)
class Stock:
    """The database of the benchmarks, and who asks in the large and in the small zone."""

    bench: Bench
    large: Actor
    small: Actor


def stock() -> Stock:
    """The stock, with Django turned to its database."""
    built = _built()
    built.bench.use()
    return built


@cache
def _built() -> Stock:
    """Built the first time it is asked for; it is dropped when the benchmarks end."""
    kept = ExitStack()
    atexit.register(kept.close)
    bench = kept.enter_context(bench_database("stock"))
    large, small = actor("east-desk"), actor("west-desk")
    with bench.as_owner() as link:
        indexes = _drop_indexes(link)
    for by, count in ((large, MILLION), (small, SMALL)):
        cells = _open_cells(by)
        with bench.as_owner() as link:
            _fill(link, by, cells, count)
    with bench.as_owner() as link:
        link.execute("set maintenance_work_mem = '256MB'")
        for definition in indexes:
            link.execute(definition)
    return Stock(bench, large, small)


def _drop_indexes(link: psycopg.Connection[Any]) -> list[str]:
    """Indexes of the party that are no constraint: made again at the end, as a restore does."""
    rows = link.execute(
        "select i.indexname, i.indexdef from pg_indexes i where i.tablename = 'party'"
        " and not exists (select from pg_constraint c where c.conname = i.indexname)"
        " and i.indexdef not like 'CREATE UNIQUE%'"
    ).fetchall()
    for name, _definition in rows:
        link.execute(f'drop index "{name}"')
    return [definition for _name, definition in rows]


def _open_cells(by: Actor) -> list[int]:
    with acting(by):
        grid = registry.open_grid(by=by, now=NOW, code="G", name="一网格")
        return [_open_cell(by, grid, n).pk for n in range(CELLS)]


def _open_cell(by: Actor, grid: Any, n: int) -> Cell:
    return registry.open_cell(by=by, now=NOW, grid=grid, code=f"C{n:02d}", name=f"{n:02d}单元")


def _fill(link: psycopg.Connection[Any], by: Actor, cells: list[int], count: int) -> None:
    # COPY is refused under row security; it is forced again as soon as the rows are in.
    link.execute("alter table party no force row level security")
    with link.cursor().copy(f"copy party ({COLUMNS}) from stdin") as copy:
        for row in _parties(by.zone_id, cells, count):
            copy.write_row(row)
    link.commit()
    link.execute("alter table party force row level security")
    posts = _officers(link, by.zone_id)
    link.execute(
        "insert into stewardship (zone_id, party_id, post_id, kind, since)"
        " select zone_id, id, (%s::bigint[])[1 + id %% %s], 'officer', '2026-01-01'"
        " from party where zone_id = %s and id %% 5 = 0",
        [posts, len(posts), by.zone_id],
    )


def _officers(link: psycopg.Connection[Any], zone_id: int) -> list[int]:
    rows = link.execute(
        "with p as (insert into person (zone_id, name, name_en, work_no, phone, version)"
        "   select %s, '网格' || chr(19968 + n) || chr(20000 + n), '', '', '', 1"
        "   from generate_series(1, %s) n returning id)"
        " insert into post (zone_id, person_id, role, title, is_lead, since)"
        " select %s, id, 'grid_officer', '', false, '2026-01-01' from p returning id",
        [zone_id, OFFICERS, zone_id],
    ).fetchall()
    return [row[0] for row in rows]


def _parties(zone_id: int, cells: list[int], count: int) -> Iterator[tuple[object, ...]]:
    chance = random.Random(20261120 + zone_id)
    for n in range(count):
        name = name_of(chance)
        code = make_credit_code("370800", n) if n % 20 else ""
        industry = chance.choice(INDUSTRIES)
        yield (
            zone_id,
            "firm",
            name,
            code,
            "",
            industry,
            section_of(industry) or "",
            "operating",
            chance.randrange(1, 90_000) * 1_000_000,
            "CNY",
            f"{chance.randrange(1995, 2026)}-{chance.randrange(1, 13):02d}-{1 + n % 28:02d}",
            "示范路",
            "",
            "",
            "",
            "13800000000",
            chance.choice(cells),
            terms_of(name, (), code),
            1,
        )


def name_of(chance: random.Random) -> str:
    """An invented name such as 东岭恒瑞达新材料有限公司."""
    core = "".join(chance.choices(SIGNS, k=chance.choice((2, 2, 3))))
    return chance.choice(PLACES) + core + chance.choice(TRADES) + chance.choice(FORMS)
