"""A zone full of projects for the wall's journeys and its benchmark: made in bulk, not by verbs.

Run in a process of its own against a served town: ``told(server, FILL, "300", "3000")``.
"""

import random
from datetime import date, datetime, timedelta
from typing import Any

from xiaoer.base.models import Post
from xiaoer.projects.models import (
    DecisionAsk,
    InvestmentMonth,
    ListPlace,
    Project,
    ProjectList,
    StatEntry,
    YearPlan,
)
from xiaoer.registry.models import Cell, Grid
from xiaoer.work.models import Matter, Plan, Step

FILL = """
import sys
import django
django.setup()
from django.utils import timezone
from tests.town import actor
from tests.walled import fill
from xiaoer.base.scope import acting

by = actor("east-admin")
with acting(by):
    fill(by.zone_id, timezone.now(), int(sys.argv[1]), int(sys.argv[2]))
"""
STEPS = 20
WEST, NORTH = 116.55, 35.46
SIGNS = "星洛凌渠砺石岱锋嘉禾瑞桥中岳青东岭恒川泽拓原云汉启明"
KINDS = ("装备", "封测", "碳材", "新材", "模具", "二期")
STAGES = ("signed", "started", "building", "completed", "producing")
BLOCKERS = ("供电公司", "自然资源局", "设备厂家", "住建局", "水务公司")
QUESTIONS = ("供电两家同时要停电窗口，先给谁", "30 亩能否先行用地", "设备延期，启用违约条款否")
PACE = {"red": 0.5, "amber": 0.8}


def parcel(column: int, row: int, size: int = 1) -> dict[str, Any]:
    """One of a lattice of parcels, a little turned, as towns are."""
    x, y = WEST + column * 0.0042 + row * 0.0004, NORTH - row * 0.0034 + column * 0.0003
    corners = [(0, 0), (0.0034, 0.0003), (0.0031, -0.0022), (-0.0003, -0.0025), (0, 0)]
    ring = [[round(x + dx * size, 6), round(y + dy * size, 6)] for dx, dy in corners]
    return {"type": "Polygon", "coordinates": [ring]}


def fill(zone_id: int, now: datetime, living: int, finished: int) -> None:
    """Living projects with parcels, plans, lists and money, and finished ones beside them."""

    dice, today = random.Random(5), now.date()
    grid = Grid.objects.create(zone_id=zone_id, code="W", name="西总网格")
    Cell.objects.bulk_create(
        Cell(zone_id=zone_id, grid=grid, code=f"W{n}", name=f"W{n}", outline=parcel(n % 6 * 3, n // 6 * 3, 3))
        for n in range(36)
    )  # fmt: skip
    leaders = list(Post.objects.filter(zone_id=zone_id, role="zone_leader"))
    lists = ProjectList.objects.bulk_create(
        ProjectList(zone_id=zone_id, code=f"w-{level}", name=name, level=level, year=today.year)
        for level, name in (("provincial", "省级"), ("municipal", "市级"), ("zone", "技改"))
    )
    across = round((living * 1.3) ** 0.5)
    names = ["".join(dice.sample(SIGNS, 2)) + dice.choice(KINDS) for _n in range(living + finished)]
    matters = Matter.objects.bulk_create(
        Matter(zone_id=zone_id, kind="project", subject_id=900_000 + n, title=name, address="/", opened_at=now)
        for n, name in enumerate(names)
    )  # fmt: skip
    lights = dice.choices(("red", "amber", "green", "grey"), (1, 2, 6, 1), k=len(names))
    rows = Project.objects.bulk_create(
        Project(
            zone_id=zone_id, matter=matter, name=f"{name}项目{n}", short_name=name, owner_name="某企业",
            kind="new_build", stage=dice.choice(STAGES) if n < living else "full", stage_on=today,
            promised_on=today + timedelta(days=dice.randint(-40, 500)), light=light, lit_at=now,
            spot=parcel(n % across, n // across) if n < living and n % 25 else None,
            leader=dice.choice(leaders), opened_at=now,
        )
        for n, (matter, name, light) in enumerate(zip(matters, names, lights, strict=True))
    )[:living]  # fmt: skip
    ListPlace.objects.bulk_create(
        ListPlace(zone_id=zone_id, list=dice.choice(lists), project=row, since=today)
        for row in rows
    )
    DecisionAsk.objects.bulk_create(
        DecisionAsk(
            zone_id=zone_id, project=row, question=question, options=["同意", "不同意"],
            asked_at=now, wanted_on=today + timedelta(days=number),
        )
        for number, (row, question) in enumerate(zip(rows, QUESTIONS, strict=False))
    )  # fmt: skip
    slacks = {"red": (-60, -5), "amber": (-15, -1)}
    plans = [_plan(row, dice.randint(*slacks.get(row.light, (0, 60)))) for row in rows]
    _steps(Plan.objects.bulk_create(plans), [row.light for row in rows], dice, today)
    _money(rows, dice, now)


def _plan(row: Project, slack: int) -> Plan:
    promised = row.promised_on or date.max
    ends = promised - timedelta(days=slack)
    return Plan(
        zone_id=row.zone_id, matter=row.matter, title=row.name, promised_on=promised,
        first_promised_on=promised, starts_on=promised - timedelta(days=420),
        forecast_on=ends, slack=slack, likely_on=ends + timedelta(days=9), chance=50,
    )  # fmt: skip


def _steps(plans: list[Plan], lights: list[str], dice: random.Random, today: date) -> None:
    """Steps end to end from far enough back to end on the forecast."""
    made = []
    for plan, light in zip(plans, lights, strict=True):
        end: date = plan.forecast_on or today
        slack = plan.slack or 0
        for number in reversed(range(STEPS)):
            start = end - timedelta(days=dice.randint(8, 26))
            is_blocked = light in PACE and number == 15 and dice.random() < 0.5
            made.append(
                Step(
                    zone_id=plan.zone_id, plan=plan, code=f"s{number}", name=f"工序{number}",
                    order=number, doer="zone", low=5, likely=10, high=20,
                    is_government=number % 3 == 0, is_critical=number % 2 == 0,
                    milestone={19: "producing", 6: "started"}.get(number, ""),
                    blocked_by=dice.choice(BLOCKERS) if is_blocked else "",
                    blocked_since=today - timedelta(days=dice.randint(1, 60)) if is_blocked else None,
                    early_start=start, early_finish=end, late_start=start,
                    late_finish=end + timedelta(days=slack), float_days=slack,
                )
            )  # fmt: skip
            end = start
    Step.objects.bulk_create(made, batch_size=2000)


def _money(rows: list[Project], dice: random.Random, now: datetime) -> None:
    year = now.year
    amounts = {row.pk: dice.randint(2, 90) * 10**9 for row in rows}
    YearPlan.objects.bulk_create(
        YearPlan(zone_id=row.zone_id, project=row, year=year, amount=amounts[row.pk], set_at=now)
        for row in rows
    )
    StatEntry.objects.bulk_create(
        StatEntry(
            zone_id=row.zone_id, project=row, path="construction", state="entered", opened_at=now,
            entered_on=date(year - 1, 6, 1), document="统计局通知",
        )
        for row in rows
    )  # fmt: skip
    InvestmentMonth.objects.bulk_create(
        InvestmentMonth(
            zone_id=row.zone_id, project=row, series="fixed_asset", month=date(year, month, 1),
            reporter="statistics", reported_at=now,
            amount=int(amounts[row.pk] / 12 * PACE.get(row.light, 1.0) * dice.uniform(0.8, 1.3)),
        )
        for row in rows
        for month in range(1, now.month)
    )  # fmt: skip
