"""Templates a new zone begins with, as rows it may change.

The durations are this product's own proposals (D): working days as an industrial project of middle
size needs them. The limits are the law's, with their source; a step whose limit was read in no text
has none. ``after`` says what a step waits for: a code, or code, kind, lag in calendar days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.scope import Actor
from xiaoer.work import plan_access
from xiaoer.work.actions.resources import seed_resources
from xiaoer.work.models import DayUnit, Doer, PlanTemplate, Resource, TemplateLink, TemplateStep

OWNER, CONTRACTOR, DEPARTMENT = Doer.OWNER, Doer.CONTRACTOR, Doer.DEPARTMENT
UTILITY, ZONE = Doer.UTILITY, Doer.ZONE
WORKING, CALENDAR = DayUnit.WORKING, DayUnit.CALENDAR
LAND, BUILD, RUN = "土地与规划", "建设", "设备与投产"
PREPARE, FIT = "备案与设计", "改造施工"
After = str | tuple[str, str, int]
Limit = tuple[int, str, str]

# What the zone has few of, by the step that takes one of it.
TAKES = {
    "joint": "inspectors",
    "fire_check": "inspectors",
    "review": "review_panel",
    "fire_design": "review_panel",
    "power": "grid_team",
}
_LICENCE = (20, WORKING, "行政许可法第四十二条（20个工作日内决定）")
_PLANNING = (20, WORKING, "城乡规划法第四十条；期限按行政许可法第四十二条")
_PERMIT = (7, CALENDAR, "建筑法第八条（收到申请之日起7日内颁发施工许可证）")
_FILING = (15, CALENDAR, "建设工程质量管理条例第四十九条（验收合格之日起15日内备案）")
_PROPOSED = "工期为系统建议值，不是任何机关的规定；办理时限另注法条"


@dataclass(frozen=True, slots=True)
class S:
    """One step as it is shipped; three durations in days of ``unit``."""

    code: str
    name: str
    name_en: str
    phase: str
    doer: str
    who: str
    days: tuple[int, int, int]
    after: tuple[After, ...] = ()
    gov: bool = False
    limit: Limit | None = None
    needs: str = ""
    milestone: str = ""
    unit: str = WORKING


@dataclass(frozen=True, slots=True)
class T:
    """One template as it is shipped."""

    code: str
    name: str
    name_en: str
    steps: Sequence[S]


NEW_BUILD: Sequence[S] = (
    S("filing", "项目备案", "Project filed", LAND, OWNER, "在线平台告知", (1, 1, 2)),
    S("land_contract", "土地合同、成交确认", "Land contract", LAND, DEPARTMENT, "自然资源",
      (2, 4, 8), ("filing",), gov=True, needs="land", milestone="land"),
    S("land_permit", "建设用地规划许可", "Land-use planning permit", LAND, DEPARTMENT, "自然资源",
      (1, 5, 10), ("land_contract",), gov=True, limit=_LICENCE),
    S("land_title", "不动产权证", "Title to the land", LAND, DEPARTMENT, "不动产登记",
      (1, 3, 5), ("land_contract",), gov=True),
    S("survey", "岩土勘察", "Soil survey", LAND, CONTRACTOR, "勘察单位", (8, 10, 18),
      ("land_contract",)),
    S("scheme", "规划设计方案审查", "Design scheme reviewed", LAND, DEPARTMENT, "自然资源",
      (4, 7, 12), ("land_contract",), gov=True),
    S("drawings", "施工图设计", "Construction drawings", LAND, OWNER, "设计单位", (20, 30, 45),
      (("survey", "SS", 7), ("scheme", "FS", -3))),
    S("works_permit", "建设工程规划许可", "Works planning permit", LAND, DEPARTMENT, "自然资源",
      (3, 8, 15), ("scheme", "land_permit"), gov=True, limit=_PLANNING, needs="permit"),
    S("review", "图审、消防设计审查", "Drawings and fire design reviewed", LAND, DEPARTMENT,
      "住建", (5, 8, 12), ("drawings", "works_permit"), gov=True),
    S("eia", "环评、能评等专项", "Environment and energy reviews", LAND, DEPARTMENT, "生态环境",
      (5, 15, 30), ("filing",), gov=True),
    S("tender", "施工、监理单位确定", "Builder and supervisor chosen", LAND, OWNER, "建设单位",
      (15, 20, 30), (("drawings", "FS", -10),), needs="money"),
    S("build_permit", "施工许可", "Construction permit", LAND, DEPARTMENT, "行政审批",
      (1, 3, 5), ("review", "tender", "land_title", "eia"), gov=True, limit=_PERMIT),
    S("site", "三通一平、临时水电", "Site made ready", BUILD, ZONE, "园区建设", (10, 15, 25),
      ("land_contract",), gov=True, needs="water"),
    S("piling", "桩基与基础", "Piling and foundations", BUILD, CONTRACTOR, "施工单位",
      (15, 22, 35), ("build_permit", "site"), milestone="started"),
    S("frame", "主体结构、厂房封闭", "Frame and enclosure", BUILD, CONTRACTOR, "施工单位",
      (40, 60, 90), ("piling",), milestone="roof"),
    S("interior", "装饰装修与室内机电", "Interior and services", BUILD, CONTRACTOR, "施工单位",
      (20, 30, 50), (("frame", "FS", -10),)),
    S("outside", "室外管网、道路绿化", "Outside works", BUILD, CONTRACTOR, "施工单位",
      (15, 20, 35), ("frame",)),
    S("power", "10 kV 供电接入", "10 kV connection", BUILD, UTILITY, "供电公司", (40, 60, 90),
      ("land_permit",), gov=True, needs="power"),
    S("water_gas", "供水、排水、供气接入", "Water, drains and gas", BUILD, UTILITY, "水务、燃气",
      (10, 20, 40), ("frame",), gov=True, needs="gas"),
    S("plan_check", "规划（土地）核实", "Planning verification", BUILD, DEPARTMENT, "自然资源",
      (2, 4, 8), ("interior", "outside"), gov=True),
    S("joint", "联合验收", "Joint acceptance", BUILD, DEPARTMENT, "住建牵头",
      (5, 8, 12), ("plan_check", "power", "water_gas"), gov=True),
    S("archive", "竣工验收备案", "Completion filed", BUILD, DEPARTMENT, "住建", (1, 5, 15),
      ("joint",), gov=True, limit=_FILING, milestone="completed", unit=CALENDAR),
    S("equipment", "主要设备订货、到货", "Main equipment delivered", RUN, OWNER, "建设单位",
      (60, 90, 140), ("filing",), needs="money"),
    S("install", "设备安装调试", "Equipment installed", RUN, OWNER, "建设单位", (15, 25, 40),
      ("equipment", ("interior", "FS", -5), "power")),
    S("labour", "招工与岗前培训", "Staff hired and trained", RUN, OWNER, "建设单位",
      (15, 20, 30), (("install", "SS", 0),), needs="labour"),
    S("trial", "试生产", "Trial run", RUN, OWNER, "建设单位", (8, 15, 25),
      ("install", "joint", "labour")),
    S("producing", "投产", "In production", RUN, OWNER, "建设单位", (0, 0, 0), ("trial",),
      milestone="producing"),
)  # fmt: skip

FIT_OUT: Sequence[S] = (
    S("lease", "厂房租赁合同", "Workshop leased", PREPARE, OWNER, "载体运营方", (3, 5, 10),
      milestone="land"),
    S("filing", "项目备案", "Project filed", PREPARE, OWNER, "在线平台告知", (1, 1, 2)),
    S("eia", "环评登记、报告表", "Environment review", PREPARE, DEPARTMENT, "生态环境",
      (1, 10, 25), ("filing",), gov=True),
    S("layout", "工艺布置与改造设计", "Layout and design", PREPARE, OWNER, "设计单位",
      (10, 15, 25), ("lease",)),
    S("fire_design", "消防设计审查", "Fire design reviewed", PREPARE, DEPARTMENT, "住建",
      (4, 8, 12), ("layout",), gov=True),
    S("fit_permit", "改造施工许可", "Permit for the works", PREPARE, DEPARTMENT, "行政审批",
      (1, 3, 5), ("fire_design",), gov=True, limit=_PERMIT),
    S("works", "土建改造与装修", "Building works", FIT, CONTRACTOR, "施工单位", (15, 25, 40),
      ("fit_permit",), milestone="started"),
    S("power", "用电增容", "More power", FIT, UTILITY, "供电公司", (15, 25, 45), ("lease",),
      gov=True, needs="power"),
    S("services", "给排水、燃气、空压管线", "Pipes", FIT, CONTRACTOR, "施工单位", (8, 12, 20),
      (("works", "SS", 10),), needs="gas"),
    S("fire_check", "消防验收（备案）", "Fire acceptance", FIT, DEPARTMENT, "住建", (3, 7, 12),
      ("works", "services"), gov=True, milestone="completed"),
    S("equipment", "设备订货、到货", "Equipment delivered", RUN, OWNER, "承租企业", (30, 45, 80),
      ("lease",), needs="money"),
    S("install", "设备安装调试", "Equipment installed", RUN, OWNER, "承租企业", (10, 15, 25),
      ("equipment", "works", "power")),
    S("labour", "招工与培训", "Staff hired", RUN, OWNER, "承租企业", (10, 15, 25),
      (("install", "SS", 0),), needs="labour"),
    S("trial", "试生产", "Trial run", RUN, OWNER, "承租企业", (5, 10, 15),
      ("install", "fire_check", "labour")),
    S("producing", "投产", "In production", RUN, OWNER, "承租企业", (0, 0, 0), ("trial",),
      milestone="producing"),
)  # fmt: skip

UPGRADE: Sequence[S] = (
    S("filing", "技改备案", "Upgrade filed", PREPARE, OWNER, "在线平台告知", (1, 1, 2)),
    S("eia", "环评、能评手续", "Environment and energy reviews", PREPARE, DEPARTMENT,
      "生态环境、发改", (5, 12, 30), ("filing",), gov=True),
    S("design", "工艺与设备选型", "Process and equipment chosen", PREPARE, OWNER, "企业",
      (15, 20, 35)),
    S("money", "资金落实（贷款、贴息）", "Money in place", PREPARE, OWNER, "企业、银行",
      (10, 20, 40), ("filing",), needs="money"),
    S("order", "设备合同与首付款", "Equipment ordered", RUN, OWNER, "企业", (3, 5, 10),
      ("design", "money"), milestone="started"),
    S("delivery", "设备制造、到货", "Equipment delivered", RUN, OWNER, "供应商", (45, 70, 120),
      ("order",)),
    S("foundation", "设备基础与线体改造", "Foundations and lines", FIT, CONTRACTOR, "施工单位",
      (10, 18, 30), ("design", "eia")),
    S("power", "用电增容", "More power", FIT, UTILITY, "供电公司", (15, 25, 45), ("filing",),
      gov=True, needs="power"),
    S("stop", "停产窗口切换", "Line stopped for the change", FIT, OWNER, "企业", (3, 5, 10),
      ("foundation", "delivery")),
    S("install", "设备安装调试", "Equipment installed", RUN, OWNER, "企业", (8, 15, 25),
      ("stop", "power"), milestone="completed"),
    S("trial", "试运行", "Trial run", RUN, OWNER, "企业", (5, 10, 15), ("install",)),
    S("acceptance", "竣工（自主）验收", "Accepted by the firm", RUN, OWNER, "企业", (3, 5, 10),
      ("trial",)),
    S("producing", "投产", "In production", RUN, OWNER, "企业", (0, 0, 0), ("trial",),
      milestone="producing"),
    S("full", "达产达效核对", "Full output checked", RUN, ZONE, "经发局", (1, 3, 5),
      (("producing", "FS", 90),), gov=True, milestone="full"),
)  # fmt: skip


def _land_start() -> Sequence[S]:
    """拿地即开工: drawings, reviews and permits are prepared before the land contract, as a trial
    run of the approvals; with the contract they turn final together within days."""
    ahead: dict[str, tuple[After, ...]] = {
        "survey": ("filing",),
        "scheme": ("filing",),
        "land_permit": ("land_contract",),
        "drawings": (("survey", "SS", 7), ("scheme", "FS", -3)),
        "works_permit": ("land_contract", "scheme"),
        "review": ("drawings",),
        "land_contract": ("filing", "pre_review"),
        "build_permit": ("review", "tender", "land_title", "land_permit", "works_permit", "eia"),
    }
    shorter = {"land_permit": (1, 1, 2), "works_permit": (1, 1, 2), "land_title": (1, 1, 2),
               "build_permit": (1, 1, 2)}  # fmt: skip
    steps = [
        replace(
            step,
            after=ahead.get(step.code, step.after),
            days=shorter.get(step.code, step.days),
        )
        for step in NEW_BUILD
    ]
    pre = S("pre_review", "模拟审批（预审意见）", "Trial run of the approvals", LAND, DEPARTMENT,
            "行政审批、自然资源、住建", (5, 10, 15), ("scheme",), gov=True)  # fmt: skip
    at = next(i for i, step in enumerate(steps) if step.code == "land_contract")
    return (*steps[:at], pre, *steps[at:])


TEMPLATES: Sequence[T] = (
    T("new_build", "新建拿地", "New build on land", NEW_BUILD),
    T("land_start", "拿地即开工", "Start on getting the land", _land_start()),
    T("fit_out", "厂房改造入驻", "Workshop fit-out", FIT_OUT),
    T("upgrade", "技术改造", "Technical upgrade", UPGRADE),
)


@transaction.atomic
def seed_plan_templates(*, by: Actor, now: datetime) -> int:
    """Add the templates a zone does not have yet, in use at once; what it changed stays. The limited
    resources their steps take come first."""
    plan_access.must_make_plans(by)
    seed_resources(by=by, now=now)
    known = set(PlanTemplate.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    missing = [seed for seed in TEMPLATES if seed.code not in known]
    for seed in missing:
        _plant(by, now, seed)
    if missing:
        journal.record(
            by=by, now=now, verb="seed_plan_templates", subject=Zone.objects.get(pk=by.zone_id),
            codes=[seed.code for seed in missing],
        )  # fmt: skip
    return len(missing)


def _plant(by: Actor, now: datetime, seed: T) -> None:
    template = PlanTemplate.objects.create(
        zone_id=by.zone_id, code=seed.code, name=seed.name, name_en=seed.name_en,
        state=PlanTemplate.State.LIVE, source=_PROPOSED, mark="D", released_at=now,
    )  # fmt: skip
    rows = Resource.objects.filter(zone_id=by.zone_id, ended_on__isnull=True)
    resources = {row.code: row for row in rows}
    steps = TemplateStep.objects.bulk_create(
        _row(template, step, order, resources) for order, step in enumerate(seed.steps, 1)
    )
    of_code = {step.code: step for step in steps}
    TemplateLink.objects.bulk_create(
        _link(template, of_code, step.code, after) for step in seed.steps for after in step.after
    )


def _row(
    template: PlanTemplate, step: S, order: int, resources: Mapping[str, Resource]
) -> TemplateStep:
    resource = resources.get(TAKES.get(step.code, ""))
    low, likely, high = step.days
    count, unit, source = step.limit or (None, "", "")
    return TemplateStep(
        zone_id=template.zone_id, template=template, code=step.code, name=step.name,
        name_en=step.name_en, phase=step.phase, order=order, doer=step.doer, low=low,
        likely=likely, high=high, unit=step.unit, is_government=step.gov, limit_count=count,
        limit_unit=unit, limit_source=source, needs=step.needs, milestone=step.milestone,
        office_name=step.who, mark="D", resource=resource, resource_units=int(resource is not None),
    )  # fmt: skip


def _link(
    template: PlanTemplate, of_code: dict[str, TemplateStep], code: str, after: After
) -> TemplateLink:
    before, kind, lag = (after, "FS", 0) if isinstance(after, str) else after
    return TemplateLink(
        zone_id=template.zone_id, template=template, before=of_code[before],
        after=of_code[code], kind=kind, lag=lag,
    )  # fmt: skip
