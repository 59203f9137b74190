"""How long does a month's sheet of 100,000 enterprises take, with one indicator and with four?

Read, matched by code and name, judged, compared with the month before, written and committed as the
web role under row security, in one go; the month before was brought in from such a sheet too. Peak
memory is that of the importing process. Beside it, in the same run: openpyxl only reading the same
file, and a bare COPY of the same figures into a table without index or reference. The bound is of
one indicator; that of four (400,000 figures) only shows how it grows. ``XIAOER_BENCH_FIRMS`` makes
the sheet shorter, ``XIAOER_BENCH_RUNS`` the measuring.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

import openpyxl
import psycopg
import xlsxwriter

from benchmarks.measure import Bench, bench_database, report

FIRMS = int(os.environ.get("XIAOER_BENCH_FIRMS", "100000"))
RUNS = int(os.environ.get("XIAOER_BENCH_RUNS", "3"))
SECONDS, MEGABYTES = 15, 700
HEADS = ("序号", "单位名称", "统一社会信用代码", "营业收入", "用电量", "入库税金", "期末从业人数")
UNITS = ("", "", "", "（万元）", "（千瓦时）", "（元）", "（人）")
_PARTIES = """
insert into party (zone_id, kind, name, credit_code, old_register_no, industry, section, status,
                   capital_currency, address, business, legal_representative, contact_name,
                   contact_phone, terms, version)
select %s, 'firm', '济宁样例' || n || '机械有限公司', 'FIRM' || lpad(n::text, 14, '0'), '', '', '',
       'operating', 'CNY', '', '', '', '', '', '济宁样例' || n || '机械有限公司/', 1
from generate_series(1, %s) n
"""


def write_sheet(path: Path, month: int, metrics: int) -> None:
    """A statistical form with a title, headings with units, a total at the end."""
    dice, width = random.Random(month), 3 + metrics
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("月报")
    sheet.write(0, 0, f"2026年{month}月重点企业主要指标")
    sheet.write_row(
        1, 0, [f"{head}{unit}" for head, unit in zip(HEADS, UNITS, strict=True)][:width]
    )
    for number in range(1, FIRMS + 1):
        scale = 50 + number % 5000
        code = f"FIRM{number:014d}" if number % 3 else ""  # a third comes by its name alone
        sheet.write_row(number + 1, 0, (
            number, f"济宁样例{number}机械有限公司", code,
            round(scale * dice.uniform(0.9, 1.1), 2), round(scale * dice.uniform(900, 1100)),
            round(scale * dice.uniform(300, 350), 2), 20 + number % 300,
        )[:width])  # fmt: skip
    sheet.write_row(FIRMS + 2, 0, ("合计", "", "", 1, 1, 1, 1)[:width])
    book.close()


def one_import(metrics: int, first: str, second: str) -> None:
    """Bring in two months in a process of its own; the second is measured."""
    with bench_database("month") as bench:
        from django.utils import timezone  # noqa: PLC0415  after the database is pointed at

        from tests.town import actor  # noqa: PLC0415  after the database is pointed at
        from xiaoer.base.scope import acting  # noqa: PLC0415  after the database is pointed at
        from xiaoer.facts import actions as facts  # noqa: PLC0415  after the database is pointed at

        by = actor("east-statistics")
        now = timezone.now() + timedelta(days=60)
        with bench.as_owner() as link:
            link.execute(_PARTIES, [by.zone_id, FIRMS])
        with acting(by):
            facts.seed_metrics(by=by, now=now)
            facts.import_values(by=by, now=now, path=Path(first))
        with bench.as_owner():
            pass  # vacuumed and analysed, as after a month
        start = time.perf_counter()
        with acting(by):
            run = facts.import_values(by=by, now=now + timedelta(days=1), path=Path(second))
        seconds = time.perf_counter() - start
        assert (run.state, run.created, run.rejected) == ("committed", metrics * FIRMS, 0)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        copied = bare_copy(bench, by.zone_id, metrics * FIRMS)
        print(json.dumps({"seconds": seconds, "megabytes": peak, "copy": copied}))


def bare_copy(bench: Bench, zone_id: int | None, figures: int) -> float:
    """Seconds to copy what was written into a table that nothing hangs on."""
    with psycopg.connect(bench.addresses.owner) as link:
        link.execute("select set_config('x.maintenance', 'on', false)")
        rows = link.execute(
            "select metric_id, party_id, starts_on, ends_on, low, high, known_at from value"
            " where zone_id = %s order by id desc limit %s",
            [zone_id, figures],
        ).fetchall()
        link.execute(
            "create table bare (metric bigint, party bigint, starts date, ends date, low bigint,"
            " high bigint, known timestamptz)"
        )
        start = time.perf_counter()
        with link.cursor().copy("copy bare from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        link.commit()
        return time.perf_counter() - start


def read_by_openpyxl(path: str) -> float:
    start = time.perf_counter()
    book = openpyxl.load_workbook(path, read_only=True)
    assert sum(1 for _row in book.worksheets[0].iter_rows(values_only=True)) == FIRMS + 3
    return time.perf_counter() - start


def main(metrics: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / f"2026年{month}月.xlsx") for month in (9, 10)]
        for month, path in zip((9, 10), paths, strict=True):
            write_sheet(Path(path), month, metrics)
        taken = [_in_a_process_of_its_own(metrics, paths) for _run in range(RUNS)]
        reading = median(read_by_openpyxl(paths[1]) for _run in range(RUNS))
    seconds = median(run["seconds"] for run in taken)
    copied = median(run["copy"] for run in taken)
    name = f"a month's sheet, {FIRMS:,} rows of {metrics}"
    if metrics == 1:
        report(name, "s", seconds, SECONDS, "bound", 1)
    report(name, "s", seconds, reading, "openpyxl only reading the same file", 4)
    report(name, "s", seconds, copied, "a bare COPY of the figures", 60)
    peak = max(run["megabytes"] for run in taken)
    report(f"{name}, peak memory", "MB", peak, MEGABYTES, "bound", 1)


def _in_a_process_of_its_own(metrics: int, paths: list[str]) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_month", str(metrics), *paths],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    taken: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return taken


if __name__ == "__main__":
    if len(sys.argv) > 2:
        one_import(int(sys.argv[1]), *sys.argv[2:])
    else:
        for count in (1, 4):
            main(count)
