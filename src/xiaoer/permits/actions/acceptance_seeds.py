"""What joint acceptance begins with: the checks as data, the rule of planning; both for the zone to change."""

from dataclasses import dataclass, field
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.permits import acceptance_access as access
from xiaoer.permits.actions.acceptance_tasks import words
from xiaoer.permits.models import AcceptanceKind, AcceptanceRule

Nature, Applies = AcceptanceKind.Nature, AcceptanceKind.Applies
Blocks, Turn = AcceptanceKind.Blocks, AcceptanceKind.Turn
PROPOSED = "系统建议值，不是任何机关的规定"
MOST_PEOPLE, MOST_STEPS = 9, 99


@dataclass(frozen=True, slots=True)
class KindSeed:
    """A check a new zone begins with. Marks: V the text was read, U custom, D our own proposal."""

    code: str
    name: str
    name_en: str
    nature: AcceptanceKind.Nature
    statute: str
    authority: str
    mark: str
    applies: AcceptanceKind.Applies = Applies.ALWAYS
    blocks: AcceptanceKind.Blocks = Blocks.NOTHING
    turn: AcceptanceKind.Turn = Turn.SITE
    draw_percent: int | None = None
    inspectors: int = 2
    papers: tuple[str, ...] = ()
    trips: int = 2
    is_used: bool = True
    source: str = ""


KINDS = (
    KindSeed(
        "planning", "规划（土地）核实", "Planning and land verification", Nature.CONFIRMATION,
        "《中华人民共和国城乡规划法》第四十五条", "自然资源主管部门", "V", blocks=Blocks.OWNER,
        papers=("建设工程规划许可证", "竣工测绘成果"), trips=3,
        source="法条原文；未经核实不得组织竣工验收；单独办理的环节和跑动次数为系统建议值",
    ),
    KindSeed(
        "fire", "消防验收", "Fire acceptance", Nature.LICENCE,
        "《中华人民共和国消防法》第十三条", "住房和城乡建设主管部门", "V",
        applies=Applies.SPECIAL, blocks=Blocks.USE, papers=("消防设施检测报告", "竣工图"), trips=3,
        source="法条原文；未经验收或不合格的，禁止投入使用",
    ),
    KindSeed(
        "fire_filing", "消防验收备案", "Fire filing with random check", Nature.FILING,
        "《中华人民共和国消防法》第十三条", "住房和城乡建设主管部门", "V",
        applies=Applies.ORDINARY, blocks=Blocks.USE, draw_percent=20,
        papers=("消防验收备案表", "竣工图"),
        source="法条原文：备案、抽查，抽查不合格停止使用；抽查比例各地不一，20% 为系统建议值（U）",
    ),
    KindSeed(
        "air_defence", "人防工程竣工验收备案", "Civil air defence works", Nature.FILING,
        "各地人民防空工程管理规定", "人民防空主管部门", "U", applies=Applies.AIR_DEFENCE,
        papers=("人防工程竣工图",), source="未见统一原文，以本省规定为准",
    ),
    KindSeed(
        "completion_filing", "竣工验收备案", "Completion filing", Nature.FILING,
        "《建设工程质量管理条例》第四十九条", "住房和城乡建设主管部门", "V", turn=Turn.LAST,
        inspectors=1, papers=("竣工验收报告", "工程质量保修书"),
        source="法条原文：自竣工验收合格之日起15日内",
    ),
    KindSeed(
        "archives", "城建档案接收", "Urban construction archives", Nature.DUTY,
        "《建设工程质量管理条例》第十七条", "城建档案机构", "V", turn=Turn.LAST, inspectors=1,
        papers=("建设项目档案",), source="移交义务见法条原文；承诺后补为各地做法（U）",
    ),
    *(
        KindSeed(
            code, name, name_en, Nature.CONFIRMATION, "地方规定", authority, "U",
            applies=Applies.ASKED, inspectors=1, is_used=False, source="各地清单不一，选用前请核对",
        )
        for code, name, name_en, authority in (
            ("lightning", "防雷装置竣工验收", "Lightning protection", "气象主管部门"),
            ("drainage", "排水设施验收", "Drainage", "排水主管部门"),
            ("water_saving", "节水设施验收", "Water saving", "水行政主管部门"),
            ("parking", "停车配建核实", "Parking", "公安交通管理部门"),
            ("greening", "绿化工程核实", "Greening", "园林绿化主管部门"),
            ("broadband", "光纤到户验收", "Broadband", "通信管理部门"),
        )
    ),
)  # fmt: skip


@transaction.atomic
def seed_acceptance(*, by: Actor, now: datetime) -> int:
    """Add the checks and the rule a zone does not have yet; what it changed stays."""
    access.must_set_acceptance(by)
    known = set(AcceptanceKind.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    made = AcceptanceKind.objects.bulk_create(
        AcceptanceKind(
            zone_id=by.zone_id, code=one.code, name=one.name, name_en=one.name_en,
            nature=one.nature, statute=one.statute, authority=one.authority, applies=one.applies,
            blocks=one.blocks, turn=one.turn, draw_percent=one.draw_percent,
            inspectors=one.inspectors, papers=list(one.papers), single_trips=one.trips,
            order=order, source=one.source, mark=one.mark, is_used=one.is_used,
        )
        for order, one in enumerate(KINDS, start=1)
        if one.code not in known
    )  # fmt: skip
    AcceptanceRule.objects.get_or_create(
        zone_id=by.zone_id,
        defaults={
            "begins": time(9), "ends": time(17), "lunch_from": time(12), "lunch_until": time(14),
            "source": PROPOSED, "mark": "D",
        },
    )  # fmt: skip
    if made:
        journal.record(
            by=by, now=now, verb="seed_acceptance", subject=Zone.objects.get(pk=by.zone_id),
            codes=[one.code for one in made],
        )  # fmt: skip
    return len(made)


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What a zone says of a check."""

    name: str
    authority: str
    office: Office | None
    statute: str = ""
    draw_percent: int | None = None
    inspectors: int = 2
    papers: tuple[str, ...] = field(default=())
    single_steps: int = 3
    single_trips: int = 2
    source: str = ""
    is_used: bool = True


@transaction.atomic
def keep_acceptance_kind(
    *, by: Actor, now: datetime, kind: AcceptanceKind, version: int, facts: KindFacts
) -> AcceptanceKind:
    """Change a check for acceptances applied for from now on; a changed one is the zone's own word."""
    access.must_set_acceptance(by)
    row = AcceptanceKind.objects.select_for_update().get(zone_id=by.zone_id, pk=kind.pk)
    journal.must_be_fresh(row, version)
    if facts.draw_percent is not None and not 0 <= facts.draw_percent <= 100:
        raise Refused(_("Type a share from 0 to 100 percent."), field="draw_percent")
    if not 1 <= facts.inspectors <= MOST_PEOPLE:
        raise Refused(
            _("Type a whole number from %(least)d to %(most)d.")
            % {"least": 1, "most": MOST_PEOPLE},
            field="inspectors",
        )
    for name in ("single_steps", "single_trips"):
        if not 0 <= getattr(facts, name) <= MOST_STEPS:
            raise Refused(
                _("Type a whole number from %(least)d to %(most)d.")
                % {"least": 0, "most": MOST_STEPS},
                field=name,
            )
    if (facts.draw_percent is None) != (row.draw_percent is None):
        raise Refused(
            _("Only a filing with random checks has a share, and it always has one."),
            field="draw_percent",
        )
    changed = journal.changes(
        row,
        {
            "name": words(facts.name, "name", 80, _("Name the check.")),
            "authority": words(facts.authority, "authority", 60, _("Name the authority.")),
            "office_id": facts.office.pk if facts.office else None,
            "statute": words(facts.statute, "statute", 200),
            "draw_percent": facts.draw_percent,
            "inspectors": facts.inspectors,
            "papers": [words(one, "papers", 80) for one in facts.papers if one.strip()],
            "single_steps": facts.single_steps,
            "single_trips": facts.single_trips,
            "source": words(facts.source, "source", 200, _("Say where this comes from.")),
            "is_used": facts.is_used,
        },
    )
    if not changed:
        return row
    if set(changed) - {"office_id", "is_used"}:
        row.mark = "D"
    row.version += 1
    row.save()
    journal.record(by=by, now=now, verb="keep_acceptance_kind", subject=row, changed=changed)
    return row


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """Hours, ways and counts by which days on sites are planned."""

    begins: time
    ends: time
    lunch_from: time
    lunch_until: time
    visit_minutes: int
    speed_kmh: int
    detour_percent: int
    days_ahead: int
    joint_steps: int
    source: str
    base: tuple[float, float] | None = None


BOUNDS = {
    "visit_minutes": (15, 480),
    "speed_kmh": (5, 120),
    "detour_percent": (100, 300),
    "days_ahead": (1, 60),
    "joint_steps": (1, 99),
}


@transaction.atomic
def keep_acceptance_rule(
    *, by: Actor, now: datetime, version: int, facts: RuleFacts
) -> AcceptanceRule:
    """Change by what days are planned."""
    access.must_set_acceptance(by)
    row = AcceptanceRule.objects.select_for_update().get(zone_id=by.zone_id)
    journal.must_be_fresh(row, version)
    if not facts.begins < facts.lunch_from <= facts.lunch_until < facts.ends:
        raise Refused(_("The hours must follow one another: begin, lunch, end."), field="begins")
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(facts, name) <= most:
            raise Refused(
                _("Type a whole number from %(least)d to %(most)d.")
                % {"least": least, "most": most},
                field=name,
            )
    if facts.base is not None and not (abs(facts.base[0]) <= 180 and abs(facts.base[1]) <= 90):
        raise Refused(_("Give longitude and latitude of WGS 84."), field="base")
    changed = journal.changes(
        row,
        {
            "begins": facts.begins, "ends": facts.ends, "lunch_from": facts.lunch_from,
            "lunch_until": facts.lunch_until, **{name: getattr(facts, name) for name in BOUNDS},
            "base": list(facts.base) if facts.base else None,
            "source": words(facts.source, "source", 200, _("Say where this comes from.")),
        },
    )  # fmt: skip
    if changed:
        row.mark = "D"
        row.version += 1
        row.save()
        journal.record(by=by, now=now, verb="keep_acceptance_rule", subject=row, changed=changed)
    return row
