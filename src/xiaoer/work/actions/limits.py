"""Limits: how long things may take, as data with their source; changed by administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.work import access
from xiaoer.work.actions.checking import last_hand, plain
from xiaoer.work.clocks import LimitUnit
from xiaoer.work.models import LimitRule

MOST = {
    LimitUnit.WORKING_DAY: 750,
    LimitUnit.CALENDAR_DAY: 1100,
    LimitUnit.HOUR: 2400,
    LimitUnit.WORKING_HOUR: 2400,
    LimitUnit.MONTH: 36,
}


@dataclass(frozen=True, slots=True)
class Seed:
    """A limit a new zone begins with: value, where it is from, and how well that was read.

    V: the text was read. U: custom, no text was found. D: this product's own proposal, no
    authority's rule. All are for the zone to change.
    """

    name: str
    count: int
    unit: LimitUnit
    source: str
    mark: str
    is_pausable: bool = False


_SHANDONG = "山东省企业诉求“接诉即办”平台（2020年5月）"
_PROPOSED = "系统建议值，不是任何机关的规定"
SEEDS: Mapping[str, Seed] = {
    "appeal.start": Seed("联系企业", 1, LimitUnit.WORKING_DAY, _SHANDONG, "V"),
    "appeal.reply": Seed("答复企业", 3, LimitUnit.WORKING_DAY, _SHANDONG, "V"),
    "appeal.solve": Seed("办结", 15, LimitUnit.WORKING_DAY, _SHANDONG, "V"),
    "appeal.hard": Seed("疑难诉求办结", 30, LimitUnit.WORKING_DAY, _SHANDONG, "V"),
    "appeal.sign": Seed(
        "部门签收", 4, LimitUnit.WORKING_HOUR, "各地惯例 2 至 4 个工作小时，未见原文", "U"
    ),
    "appeal.return": Seed(
        "退回改派", 1, LimitUnit.WORKING_DAY, "衡阳市规划部门12345办理办法（2020年2月）", "V"
    ),
    "appeal.visit_back": Seed(
        "回访", 1, LimitUnit.WORKING_DAY, "某局12345工单办理办法：次日电话回访（转载件）", "V"
    ),
    "appeal.ask_again": Seed("办结后再问", 30, LimitUnit.CALENDAR_DAY, _PROPOSED, "D"),
    "correction.decide": Seed("更正申请办结", 5, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "visit.log": Seed("走访补记", 7, LimitUnit.CALENDAR_DAY, _PROPOSED, "D"),
    "project.backdate": Seed("项目进度补报", 10, LimitUnit.CALENDAR_DAY, _PROPOSED, "D"),
    "acceptance.papers": Seed(
        "联合验收资料核查", 5, LimitUnit.WORKING_DAY, "兰州经济技术开发区联合验收（2021年）", "V"
    ),
    "acceptance.visit": Seed(
        "联合验收现场", 5, LimitUnit.WORKING_DAY, "兰州经济技术开发区联合验收（2021年）", "V"
    ),
    "acceptance.window": Seed("联合验收窗口办理", 1, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "acceptance.list": Seed("整改清单送达", 2, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "acceptance.recheck": Seed(
        "整改复核", 3, LimitUnit.WORKING_DAY, "各地 3 至 5 个工作日，未见统一原文", "U"
    ),
    "acceptance.decide": Seed("分项验收结果", 3, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "acceptance.filing": Seed(
        "竣工验收备案", 15, LimitUnit.CALENDAR_DAY, "《建设工程质量管理条例》第四十九条", "V"
    ),
    "work.oversee": Seed("负责人催办", 1, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "work.escalate": Seed(
        "逾期提请区领导", 5, LimitUnit.WORKING_DAY,
        "参照某局12345工单办理办法：逾期 5 个工作日以上通报（转载件）", "D",
    ),
    "element.near": Seed("要素与承诺到期前提醒", 7, LimitUnit.CALENDAR_DAY, _PROPOSED, "D"),
    "move_in.take_on": Seed("入驻申请承接", 1, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "move_in.decide": Seed("入驻联审决定", 3, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "move_in.reserve": Seed("入驻获批后预留载体", 60, LimitUnit.CALENDAR_DAY, _PROPOSED, "D"),
    "permit.draft": Seed("申请草稿保留", 30, LimitUnit.CALENDAR_DAY, _PROPOSED, "D"),
    "permit.bad_rating": Seed("差评核实答复", 5, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "permit.deliver": Seed(
        "颁发、送达证照", 10, LimitUnit.WORKING_DAY, "行政许可法第四十四条", "V"
    ),
    "permit.near": Seed("容缺材料到期前提醒", 3, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "permit.recheck": Seed("整改后复核", 3, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "permit.visit": Seed("约定现场核查", 2, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "land.planned": Seed("规划后出让", 12, LimitUnit.MONTH, _PROPOSED, "D"),
    "land.offered": Seed("出让后签订合同", 60, LimitUnit.CALENDAR_DAY, _PROPOSED, "D"),
    "land.pledge": Seed("供地后签订履约监管协议", 30, LimitUnit.CALENDAR_DAY, _PROPOSED, "D"),
    "land.supplied": Seed("供地后动工", 12, LimitUnit.MONTH, "出让合同约定，各地惯例，未见统一原文", "U"),
    "land.idle": Seed(
        "约定动工日届满后闲置调查", 12, LimitUnit.MONTH, "《闲置土地处置办法》第二条（未读原文）", "U"
    ),
    "land.in_use": Seed(
        "使用权届满前申请续期", 12, LimitUnit.MONTH,
        "《城市房地产管理法》第二十二条（未读原文）", "U",
    ),
    "land.exited": Seed("退出后再次安排", 12, LimitUnit.MONTH, _PROPOSED, "D"),
    "land.near": Seed("用地环节到期前提醒", 30, LimitUnit.CALENDAR_DAY, _PROPOSED, "D"),
    "land.check": Seed("标准地指标核查前提醒", 30, LimitUnit.CALENDAR_DAY, _PROPOSED, "D"),
    "space.lease_end": Seed("租约将到期企业纳入招商询问", 180, LimitUnit.CALENDAR_DAY, _PROPOSED, "D"),
    "space.find": Seed("推荐载体", 5, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "space.answer": Seed("看房答复", 5, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
    "work.instruction": Seed("批示反馈", 5, LimitUnit.WORKING_DAY, _PROPOSED, "D"),
}  # fmt: skip


@transaction.atomic
def seed_limits(*, by: Actor, now: datetime) -> int:
    """Add the limits a zone does not have yet; what it changed stays. How many were added."""
    access.must_keep_settings(by)
    known = set(LimitRule.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    missing = [
        LimitRule(
            zone_id=by.zone_id,
            code=code,
            name=seed.name,
            count=seed.count,
            unit=seed.unit,
            is_pausable=seed.is_pausable,
            source=seed.source,
            mark=seed.mark,
        )
        for code, seed in SEEDS.items()
        if code not in known
    ]
    if missing:
        LimitRule.objects.bulk_create(missing)
        journal.record(
            by=by,
            now=now,
            verb="seed_limits",
            subject=Zone.objects.get(pk=by.zone_id),
            codes=[rule.code for rule in missing],
        )
    return len(missing)


@transaction.atomic
def set_limit(
    *,
    by: Actor,
    now: datetime,
    code: str,
    version: int,
    count: int,
    unit: str,
    amber_share: int,
    source: str,
    is_pausable: bool = False,
) -> LimitRule:
    """Change a limit for what begins from now on; tasks already given keep the limit they began with.

    A changed limit is the zone's own word: its source is what the administrator writes, and its
    mark falls to D.
    """
    access.must_keep_settings(by)
    rules = LimitRule.objects.select_for_update().filter(zone_id=by.zone_id)
    rule = rules.filter(code=code).first() if code.isprintable() else None
    if rule is None:
        raise Refused(_("There is no limit with the code %(code)s.") % {"code": code}, field="code")
    if rule.version != version:
        raise Refused(
            _("This limit was changed meanwhile (%(who)s). Load the page again and look at it.")
            % {"who": last_hand("limit_rule", rule.pk, by) or "–"}
        )
    source = plain(source, "source", most=200)
    _must_be_sound(count, unit, amber_share, source)
    before = {"count": rule.count, "unit": rule.unit, "amber_share": rule.amber_share}
    is_other = (rule.count, rule.unit, rule.is_pausable) != (count, unit, is_pausable)
    rule.count, rule.unit, rule.amber_share = count, unit, amber_share
    rule.is_pausable = is_pausable
    if is_other or rule.source != source:
        rule.mark = "D"
    rule.source = source
    rule.version += 1
    rule.save()
    journal.record(
        by=by, now=now, verb="set_limit", subject=rule, code=code, old=before, count=count,
        unit=unit, amber_share=amber_share, source=rule.source,
    )  # fmt: skip
    return rule


def _must_be_sound(count: int, unit: str, amber_share: int, source: str) -> None:
    if unit not in LimitUnit.values:
        raise Refused(_("Choose one of the units offered."), field="unit")
    most = MOST[LimitUnit(unit)]
    if not 1 <= count <= most:
        raise Refused(_("Type a whole number from 1 to %(most)d.") % {"most": most}, field="count")
    if not 1 <= amber_share <= 100:
        raise Refused(_("Type a share from 1 to 100 percent."), field="amber_share")
    if not source:
        raise Refused(_("Say where the limit comes from."), field="source")
