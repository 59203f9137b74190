"""What a demo zone is furnished with beside its ground: kinds of requests, programmes, their days."""

from dataclasses import dataclass
from datetime import date, datetime

from xiaoer.base import journal
from xiaoer.demo.days import Days
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.demo.visits import VISIT_DAYS
from xiaoer.outreach import actions as outreach
from xiaoer.outreach.models import AppealKind, Gathering, Programme

Kind = Programme.Kind
KINDS = (
    ("finance", "融资", "Financing", "finance"),
    ("labour", "用工", "Labour", "labour"),
    ("land", "用地与不动产", "Land and property", "land"),
    ("power", "用电", "Power", "power"),
    ("utilities", "水气热", "Water, gas and heat", "building"),
    ("premises", "厂房载体", "Premises", "park_a"),
    ("environment", "环保", "Environment", "ecology"),
    ("traffic", "道路与物流", "Roads and logistics", "building"),
    ("approval", "审批办证", "Approvals", "approval"),
    ("policy", "政策兑现", "Policies and claims", "economy"),
    ("technology", "科技创新", "Technology", "innovation"),
    ("market", "市场与账款", "Markets and receivables", "economy"),
    ("conduct", "涉企检查与收费", "Inspections and fees", "environment"),
    ("other", "其他", "Other", "desk"),
)
PROGRAMMES = (
    ("routine", "日常走访", Kind.ROUTINE),
    ("leaders_day", "企业走访日", Kind.LEADERS_DAY),
    ("problem_day", "企业问题收集日", Kind.PROBLEM_DAY),
    ("yiqi", "宜企同行", Kind.CAMPAIGN),
    ("consultation", "会诊", Kind.CONSULTATION),
    ("survey", "入企调研", Kind.SURVEY),
)
PLAN_OF_DAYS = "《区级领导“企业走访日”活动方案》"


@dataclass(frozen=True, slots=True)
class Furniture:
    """What requests and visits of a zone refer to."""

    kinds: dict[str, AppealKind]
    programmes: dict[str, Programme]
    visit_days: tuple[Gathering, ...]


def furnish(ground: Ground, days: Days, *, keeps_days: bool) -> Furniture:
    """Kinds with their usual offices, programmes, and the visit days an article counts."""
    kinds = _kinds(ground)
    outreach.seed_fieldwork(by=ground.by, now=FOUNDED)
    programmes = {
        code: outreach.open_programme(
            by=ground.by,
            now=FOUNDED,
            code=code,
            name=name,
            kind=kind,
            source=PLAN_OF_DAYS if code == "leaders_day" else "",
        )
        for code, name, kind in PROGRAMMES
    }
    gatherings = tuple(
        _day(ground, programmes["leaders_day"], days.working_day(day))
        for day in (VISIT_DAYS if keeps_days else ())
    )
    return Furniture(kinds, programmes, gatherings)


def _kinds(ground: Ground) -> dict[str, AppealKind]:
    rows = AppealKind.objects.bulk_create(
        AppealKind(
            zone_id=ground.zone.pk,
            code=code,
            name=name,
            name_en=name_en,
            office=ground.offices[office],
            order=order,
        )
        for order, (code, name, name_en, office) in enumerate(KINDS, start=1)
    )
    journal.record(
        by=ground.by, now=FOUNDED, verb="open_kinds", subject=ground.zone, rows=len(rows)
    )
    return {row.code: row for row in rows}


def _day(ground: Ground, programme: Programme, day: date) -> Gathering:
    return outreach.open_day(
        by=ground.by, now=FOUNDED, programme=programme, day=day, place="企业现场"
    )


def coming_day(ground: Ground, programme: Programme, now: datetime, day: date) -> Gathering:
    """The next visit day, already fixed."""
    return outreach.open_day(by=ground.by, now=now, programme=programme, day=day, place="企业现场")
