"""Can a registry of 100,000 rows be brought in within 4 × the time it takes just to read the file?

The sheet has 15 columns as zones hand them over; read, cleaned, matched, written and committed as the
web role under row security. Peak memory of the importing process is measured too (bound 600 MB).
Committed, every firm is found; the words they are found by are sorted into their index afterwards,
by autovacuum (docs/decisions/0005-indexes-of-the-party-table.md).
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.measure import bench_database, report
from xiaoer.demo.names import INDUSTRIAL, firms, people
from xiaoer.registry.codes import make_credit_code

ROWS = 100_000
CELLS = 47
HEADS = (
    "企业名称", "统一社会信用代码", "行业代码", "经营状态", "注册资本（万元）", "成立日期", "地址",
    "经营范围", "法定代表人", "联系人", "联系电话", "所属园区", "总网格", "单元网格", "包保干部",
)  # fmt: skip


def write_sheet(path: Path, rows: int = ROWS) -> None:
    """A sheet of invented firms, a few of them dirty, as they come."""
    dice = random.Random(7)
    names, heads = firms("bench", INDUSTRIAL), people("bench")
    persons = [next(heads) for _ in range(2_000)]
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("企业名录")
    sheet.write_row(0, 0, HEADS)
    for row in range(1, rows + 1):
        name, trade = next(names) if row < 40_000 else (f"济宁样例{row}机械有限公司", INDUSTRIAL[0])
        money = dice.choice((500, "1,000", "300(万元人民币)", "4.5万人民币", "N/A", 5688))
        day = date(2000, 1, 1) + timedelta(days=dice.randrange(9000))
        sheet.write_row(row, 0, (
            name, make_credit_code("370800", row), trade.industry, "存续", money, day.isoformat(),
            f"高新区第{row % 900}号", trade.business, dice.choice(persons), dice.choice(persons),
            f"1990000{row % 10000:04d}", "", "第一总网格", f"{row % CELLS + 1:02d}", "网一",
        ))  # fmt: skip
    book.close()


def just_read(path: Path) -> float:
    start = time.perf_counter()
    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return time.perf_counter() - start


def bring_in(path: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of one import, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_registry", str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["seconds"], answer["megabytes"]


def one_import(path: Path) -> None:
    with bench_database("import"):
        from django.utils import timezone  # noqa: PLC0415  after the database is pointed at

        from tests.town import actor  # noqa: PLC0415  after the database is pointed at
        from xiaoer.base.scope import acting  # noqa: PLC0415  after the database is pointed at
        from xiaoer.registry.actions.importing import import_file  # noqa: PLC0415  after the database is pointed at

        by = actor("east-admin")
        with acting(by):
            _open_cells(by)
        start = time.perf_counter()
        with acting(by):
            run = import_file(by=by, now=timezone.now(), path=path)
        seconds = time.perf_counter() - start
        assert run.read == ROWS and run.created == ROWS - run.rejected, vars(run)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


def _open_cells(by: Any) -> None:
    """The cells the sheet names, opened as an administrator would."""
    from django.utils import timezone  # noqa: PLC0415  after the database is pointed at

    from xiaoer.registry import actions as registry  # noqa: PLC0415  after the database is pointed at

    now = timezone.now()
    grid = registry.open_grid(by=by, now=now, code="1", name="第一总网格")
    for number in range(1, CELLS + 1):
        registry.open_cell(
            by=by, now=now, grid=grid, code=f"{number:02d}", name=f"第{number:02d}单元"
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registry.xlsx"
        write_sheet(path)
        pairs = [(bring_in(path), just_read(path)) for _ in range(3)]
    seconds = sorted(ours for (ours, _peak), _read in pairs)[1]
    reading = sorted(read for _ours, read in pairs)[1]
    peak = max(peak for (_seconds, peak), _read in pairs)
    report("import 100,000 rows", "s", seconds, reading, "python-calamine reading the same file", 4)
    report("import 100,000 rows, peak memory", "MB", peak, 600, "bound", 1)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].endswith(".xlsx"):
        one_import(Path(sys.argv[1]))
    else:
        main()
