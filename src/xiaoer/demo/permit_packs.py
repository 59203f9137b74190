"""Unattended approval in the demo: items authorised by two persons, and what they decided today.

One application about construction waste agrees in every paper and is granted with nobody in
between; in the other the form says 2,300 m³ where the contract says 3,200.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

from django.db.models import QuerySet

from xiaoer.base import actions as base
from xiaoer.base import journal
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor, acting
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, IN_FORCE, Ground
from xiaoer.permits import actions as permits
from xiaoer.permits.models import AutoPack, Case, SharedRegister, Thing
from xiaoer.registry.codes import make_credit_code
from xiaoer.registry.models import Party
from xiaoer.rules.models import RuleVersion
from xiaoer.web.press import compile_pdf

SITE, CARRIER = "城北建筑垃圾消纳场", "济宁通渠渣土运输有限公司"
ROUTE = "瑞祥路—开泰路—城北消纳场"
PLATES = ("鲁H12345", "鲁H54321", "鲁H66158")
# The five items of the development zone, since the autumn its article tells of.
SINCE = datetime(2023, 9, 12, 1, 30, tzinfo=UTC)
# Two of them rest on a regulation revised since: off when it was announced, authorised anew on the
# day it came into force.
REVISED = ("hygiene", "hygiene_file")
OFF_AT = datetime(2025, 1, 17, 1, 30, tzinfo=UTC)
ANEW = datetime(2025, 1, 20, 1, 30, tzinfo=UTC)
DOCUMENT = "审批发〔2023〕9号 无人工干预审批事项授权书"
DOCUMENT_ANEW = "审批发〔2025〕2号 公共场所卫生事项无人工干预审批重新授权书"
ON_FIVE = "jedz"
OF_THE_DAY = "jhtz"
CAPITALS = {1200: "壹仟贰佰", 3200: "叁仟贰佰"}


def keep_packs(ground: Ground, firms: Firms, days: Days) -> None:
    """Switch items on, bring in what they ask, and decide two applications. In the zone's scope."""
    if ground.plan.code == ON_FIVE:
        packs = AutoPack.objects.filter(zone_id=ground.zone.pk)
        revised = packs.filter(code__in=REVISED)
        _authorise(ground, days, SINCE, packs.exclude(code__in=REVISED))
        _authorise(ground, days, ANEW, revised, DOCUMENT_ANEW)
        _tell_switches(ground, revised)
    if ground.plan.code == OF_THE_DAY:
        live = RuleVersion.objects.filter(zone_id=ground.zone.pk, state=RuleVersion.State.LIVE)
        packs = AutoPack.objects.filter(
            zone_id=ground.zone.pk, rule_code__in=live.values("rule__code")
        )
        _authorise(ground, days, days.ago(60), packs)
        _bring(ground, days, days.ago(0.2))
        builders = firms.services[20:22]
        for party, claimed, agreed in zip(builders, (1200, 2300), (1200, 3200), strict=True):
            case = _apply(ground, days, party, claimed, agreed)
            permits.decide_case(by=ground.by, now=days.ago(0.03), case=case)
        # Fetched again since, so that who sits down on a day off finds registers that are fresh.
        _bring(ground, days, days.now)


def _tell_switches(ground: Ground, packs: QuerySet[AutoPack]) -> None:
    """What the record says of a pack whose law changed."""
    switches = (
        (SINCE, "off", "on", "两人授权，影子运行无误"),
        (OFF_AT, "on", "off", "公共场所卫生管理条例修订，先停后核"),
        (ANEW, "off", "on", "按修订后的条例重新授权"),
    )
    for pack in packs:
        for at, old, new, reason in switches:
            journal.record(
                by=ground.hands["approval.1"].actor, now=at, verb="switch_pack", subject=pack,
                old=old, new=new, reason=reason,
            )  # fmt: skip


def _authorise(
    ground: Ground, days: Days, now: datetime, packs: QuerySet[AutoPack], document: str = DOCUMENT
) -> None:
    """As two persons of the approval bureau did, each reading the rule in force."""
    first, second = (ground.hands[f"approval.{number}"].post for number in (1, 2))
    for pack in packs:
        version = RuleVersion.objects.filter(
            zone_id=pack.zone_id, rule__code=pack.rule_code
        ).latest("number")
        if version.state != RuleVersion.State.LIVE:
            RuleVersion.objects.filter(pk=version.pk).update(
                state=RuleVersion.State.LIVE, released_at=now
            )
        AutoPack.objects.filter(pk=pack.pk).update(
            state=AutoPack.State.ON, switched_why="两人授权，影子运行无误", switched_at=now,
            switched_by=first, authorised_by=first, authorised_second=second, authorised_at=now,
            authorised_version=version, document=document,
            law_checked_until=days.today + timedelta(days=150),
        )  # fmt: skip


def _bring(ground: Ground, days: Days, now: datetime) -> None:
    until = days.today + timedelta(days=400)
    code = make_credit_code(ground.plan.region_code, 9077)
    vehicle: Mapping[str, str | float | bool | None] = {
        "carrier": CARRIER,
        "is_closed": True,
        "is_recorder_online": True,
        "has_sorting": True,
    }
    room = {"capacity_left_m3": 18_400, "is_used_before": True}
    whole = {
        "violation": (),
        "waste_site": (permits.EntryFacts(SITE, SITE, room, valid_until=until),),
        "waste_carrier": (
            permits.EntryFacts(CARRIER, CARRIER, {"credit_code": code}, valid_until=until),
        ),
        "road_transport": (permits.EntryFacts(CARRIER, CARRIER, valid_until=until),),
        "waste_vehicle": tuple(
            permits.EntryFacts(plate, content=vehicle, valid_until=until) for plate in PLATES
        ),
    }  # fmt: skip
    for register, entries in whole.items():
        permits.bring_entries(
            by=ground.by, now=now, entries=entries, source="部门共享（演示）",
            register=SharedRegister.objects.get(zone_id=ground.zone.pk, code=register),
        )  # fmt: skip


def _apply(ground: Ground, days: Days, party: Party, claimed: int, agreed: int) -> Case:
    """The form says ``claimed`` cubic metres, the papers say ``agreed``."""
    by = _speaker(ground, party)
    now = days.ago(0.06)
    starts, ends = days.today + timedelta(days=3), days.today + timedelta(days=30)
    project = f"{party.name[2:4]}厂房工程"
    said = {
        "project": project, "site": SITE, "route": ROUTE, "carrier": CARRIER, "builder": party.name,
        "address": "瑞祥路 12 号", "volume": agreed, "words": CAPITALS[agreed],
        "soil": agreed - 500, "number": f"HT-{now:%Y}-{party.pk % 100000:05d}",
        "starts": _chinese(starts), "ends": _chinese(ends), "signed": _chinese(days.today),
    }  # fmt: skip
    form = {
        "project": project, "project_address": "瑞祥路 12 号", "waste_kind": "ordinary",
        "volume_m3": claimed, "soil_m3": claimed - 500, "concrete_m3": 400, "metal_m3": 60,
        "wood_m3": 40, "carrier": CARRIER, "plates": "、".join(PLATES), "site": SITE,
        "route": ROUTE, "starts_on": starts.isoformat(), "ends_on": ends.isoformat(),
        "is_at_night": "no", "crosses_city": "no",
    }  # fmt: skip
    with acting(by):
        thing = Thing.objects.get(zone_id=ground.zone.pk, code="waste_disposal")
        case = permits.open_case(
            by=by, now=now, thing=thing, party=party, contact_name=party.contact_name or "经办人",
            contact_phone=party.contact_phone or "13905370019",
        )  # fmt: skip
        permits.fill_case(by=by, now=now, case=case, form=form)
        for code, title, source in (
            ("waste_contract", "建筑垃圾处置运输合同", CONTRACT), ("waste_plan", "建筑垃圾分类处理方案", PLAN),
        ):  # fmt: skip
            permits.give_material(
                by=by, now=now, case=case, paper_code=code, upload=_sheet(title, source, said)
            )
        return permits.submit_case(by=by, now=now, case=case)


def _speaker(ground: Ground, party: Party) -> Actor:
    """Somebody with a post who speaks for the firm: what nobody surely submitted is not granted."""
    person = base.add_person(
        by=ground.by, now=FOUNDED, name=next(ground.people), work_no=f"firm-{party.pk}"
    )
    post = base.give_post(
        by=ground.by, now=FOUNDED, person=person, role=Role.ENTERPRISE, party_ref=party.pk,
        since=IN_FORCE,
    )  # fmt: skip
    return Actor(
        zone_id=ground.zone.pk, role=Role.ENTERPRISE, city_id=ground.zone.city_id,
        post_id=post.pk, person_id=person.pk, party_ref=party.pk, name=person.name,
        office=party.name,
    )  # fmt: skip


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


class Sheet(BytesIO):
    """A file as a form brings it."""

    name: str | None = None


HEAD = """#set page(width: 210mm, height: 297mm, margin: 28mm)
#set text(font: "Noto Serif SC", 12pt)
#set par(leading: 12pt, spacing: 16pt)
#let d = json(bytes(sys.inputs.data))
#align(center, text(20pt, d.title))
#v(8mm)
"""
CONTRACT = """
#grid(columns: (40mm, 1fr), row-gutter: 5mm,
  [合同编号], [#d.number], [甲方（委托方）], [#d.builder], [乙方（承运方）], [#d.carrier],
  [工程名称], [#d.project])

第一条　甲方为本项目建筑垃圾的产生单位，乙方持有道路运输经营许可证。

第二条　甲方委托乙方将本项目产生的建筑垃圾运至核准的消纳场所。

第三条　运输总量为#str(d.volume)立方米（大写：#d.words;立方米），运输期限自#d.starts;至#d.ends;。

第四条　运输路线：#d.route;，每日20时至次日5时运输。

第五条　消纳场所：#d.site;。

签订日期：#d.signed
"""
PLAN = """
建设单位：#d.builder

工程名称：#d.project

工程地址：#d.address

产生总量：#str(d.volume)立方米

工程渣土：#str(d.soil)立方米

混凝土块：400立方米

金属：60立方米

木材：40立方米

资源化利用量：500立方米

消纳场所：#d.site

运输路线：#d.route

运输时间：自#d.starts;至#d.ends;。
"""


def _sheet(title: str, source: str, said: Mapping[str, object]) -> Sheet:
    stream = Sheet(compile_pdf(HEAD + source, {"title": title, **said}))
    stream.name = f"{title}.pdf"
    return stream
