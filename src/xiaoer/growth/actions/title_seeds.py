"""Kinds of titles a new zone begins with; each with its source and mark, all the zone's to change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xiaoer.base import journal
from xiaoer.base.models import Zone
from xiaoer.base.scope import Actor
from xiaoer.growth import access
from xiaoer.growth.models import TitleKind

NATIONAL, PROVINCIAL, MUNICIPAL, ZONE = "national", "provincial", "municipal", "zone"
TITLE, PLATFORM, TALENT, FACTORY = "title", "platform", "talent", "factory"
PRODUCT, PILOT, HONOUR, CARRIER = "product", "pilot", "honour", "carrier"
RD_ORG = "provincial_rd_org"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind as it is shipped. ``update``: month and day of the yearly update."""

    code: str
    name: str
    name_en: str
    level: str
    family: str
    months: int | None = None
    update: tuple[int, int] | None = None
    feeds: str = ""
    rule: str = ""
    source: str = ""
    mark: str = "U"

    @property
    def is_single(self) -> bool:
        """Firms have many platforms, plants and products of a kind, but one title."""
        return self.family in (TITLE, PILOT)


_CULTIVATION = "优质中小企业梯度培育管理办法（工信部企业〔2026〕2号）"
_HNTE = "高新技术企业认定管理办法（国科发火〔2016〕32号）"
_TSME = "科技型中小企业评价办法（国科发政〔2017〕115号）"

TITLES: Sequence[Kind] = (
    Kind("tsme", "科技型中小企业", "Technology SME", NATIONAL, TITLE, 12, (3, 31),
         "tsme_valid_to", "tsme", _TSME, "B"),
    Kind("innovative", "创新型中小企业", "Innovative SME", PROVINCIAL, TITLE, 36, None,
         "innovative_valid_to", "innovative", _CULTIVATION, "B"),
    Kind("srdi", "专精特新中小企业", "Specialised and innovative SME", PROVINCIAL, TITLE, 36,
         (5, 31), "srdi_valid_to", "srdi", _CULTIVATION, "B"),
    Kind("srdi_municipal", "市级专精特新中小企业", "Specialised SME of the city", MUNICIPAL, TITLE,
         36, None, "", "", "市级认定文件", "U"),
    Kind("giant", "专精特新“小巨人”企业", "Little giant", NATIONAL, TITLE, 36, (5, 31),
         "giant_valid_to", "giant", _CULTIVATION, "B"),
    Kind("key_giant", "重点“小巨人”企业", "Key little giant", NATIONAL, TITLE, 36, None,
         "", "key_giant", "财建〔2024〕148号", "C"),
    Kind("hnte", "高新技术企业", "High-tech enterprise", NATIONAL, TITLE, 36, None,
         "hnte_valid_to", "hnte", _HNTE, "B"),
    Kind("gazelle", "山东省瞪羚企业", "Gazelle of Shandong", PROVINCIAL, TITLE, 36, None,
         "gazelle_valid_to", "gazelle", "鲁工信发〔2020〕8号", "C"),
    Kind("champion", "国家制造业单项冠军企业", "National manufacturing champion", NATIONAL, TITLE,
         36, (5, 31), "champion_valid_to", "champion", "工信部政法〔2023〕138号", "B"),
    Kind("champion_shandong", "山东省制造业单项冠军企业", "Manufacturing champion of Shandong",
         PROVINCIAL, TITLE, 36, None, "", "champion_shandong", "鲁经信产〔2017〕143号", "B"),
    Kind("first_set", "首台（套）技术装备和关键核心零部件", "First set of equipment", PROVINCIAL,
         PRODUCT, None, None, "", "first_set", "山东省首台（套）年度通知", "C"),
)  # fmt: skip
PLATFORMS: Sequence[Kind] = (
    Kind("enterprise_technology_centre", "国家企业技术中心", "National enterprise technology centre",
         NATIONAL, PLATFORM, feeds=RD_ORG),
    Kind("key_laboratory", "全国重点实验室", "National key laboratory", NATIONAL, PLATFORM,
         feeds=RD_ORG),
    Kind("engineering_research_centre", "国家工程研究中心", "National engineering research centre",
         NATIONAL, PLATFORM, feeds=RD_ORG),
    Kind("academician_workstation_national", "国家级院士工作站",
         "Academician workstation, national", NATIONAL, PLATFORM),
    Kind("postdoctoral_workstation", "国家级博士后科研工作站", "Postdoctoral workstation",
         NATIONAL, TALENT),
    Kind("maker_space_national", "国家级众创空间", "National maker space", NATIONAL, CARRIER),
    Kind("incubator_national", "国家级科技企业孵化器", "National incubator", NATIONAL, CARRIER),
    Kind("enterprise_technology_centre_provincial", "省级企业技术中心",
         "Provincial enterprise technology centre", PROVINCIAL, PLATFORM, feeds=RD_ORG),
    Kind("engineering_laboratory_provincial", "省级工程研究中心",
         "Provincial engineering research centre", PROVINCIAL, PLATFORM, feeds=RD_ORG),
    Kind("key_laboratory_provincial", "省级重点实验室", "Provincial key laboratory", PROVINCIAL,
         PLATFORM, feeds=RD_ORG),
    Kind("technology_innovation_centre_provincial", "省级技术创新中心",
         "Provincial technology innovation centre", PROVINCIAL, PLATFORM, feeds=RD_ORG),
    Kind("industrial_design_centre_provincial", "省级工业设计中心",
         "Provincial industrial design centre", PROVINCIAL, PLATFORM),
    Kind("academician_workstation_provincial", "省级院士工作站",
         "Academician workstation, provincial", PROVINCIAL, PLATFORM),
    Kind("other_science_technology_provincial", "其他省级科技类平台",
         "Other provincial platform of technology", PROVINCIAL, PLATFORM),
    Kind("postdoctoral_practice_base", "省级博士后创新实践基地",
         "Provincial postdoctoral practice base", PROVINCIAL, TALENT),
    Kind("other_talent_provincial", "其他省级人才类平台", "Other provincial talent platform",
         PROVINCIAL, TALENT),
    Kind("maker_space_provincial", "省级众创空间", "Provincial maker space", PROVINCIAL, CARRIER),
    Kind("enterprise_technology_centre_municipal", "市级企业技术中心",
         "Enterprise technology centre of the city", MUNICIPAL, PLATFORM),
    Kind("one_enterprise_one_technology_centre", "市级“一企一技术”研发中心",
         "One firm, one technology: R&D centre of the city", MUNICIPAL, PLATFORM),
    Kind("technology_innovation_centre_municipal", "市级技术创新中心",
         "Technology innovation centre of the city", MUNICIPAL, PLATFORM),
    Kind("other_science_technology_municipal", "其他市级科技类平台",
         "Other platform of technology of the city", MUNICIPAL, PLATFORM),
    Kind("talent_municipal", "市级人才平台", "Talent platform of the city", MUNICIPAL, TALENT),
    Kind("carrier_zone", "共建创新载体", "Co-built carrier of innovation", ZONE, CARRIER),
)  # fmt: skip
OTHERS: Sequence[Kind] = (
    Kind("green_factory_national", "国家级绿色工厂", "National green factory", NATIONAL, FACTORY),
    Kind("green_factory_provincial", "省级绿色工厂", "Provincial green factory", PROVINCIAL, FACTORY),
    Kind("smart_factory_provincial", "省级智能工厂", "Provincial smart factory", PROVINCIAL, FACTORY),
    Kind("digital_workshop_provincial", "省级数字化车间", "Provincial digital workshop", PROVINCIAL,
         FACTORY),
    Kind("digital_pilot_provincial", "山东省中小企业数字化转型试点企业",
         "Provincial pilot of digital transformation", PROVINCIAL, PILOT),
    Kind("honour_national", "国家级荣誉", "National honour", NATIONAL, HONOUR),
    Kind("honour_provincial", "省级荣誉", "Provincial honour", PROVINCIAL, HONOUR),
    Kind("honour_municipal", "市级荣誉", "Honour of the city", MUNICIPAL, HONOUR),
    Kind("provincial_international_cooperation_park", "山东省国际合作特色园区",
         "Provincial park of international cooperation", PROVINCIAL, HONOUR),
)  # fmt: skip
KINDS: Sequence[Kind] = (*TITLES, *PLATFORMS, *OTHERS)


@transaction.atomic
def seed_title_kinds(*, by: Actor, now: datetime) -> int:
    """Give a zone the kinds it lacks. What it has is never changed."""
    access.must_keep_titles(by)
    kinds = TitleKind.objects.filter(zone_id=by.zone_id)
    known = set(kinds.values_list("code", flat=True))
    named = set(kinds.values_list("name", "level"))
    new = [
        TitleKind(
            zone_id=by.zone_id,
            code=kind.code,
            name=kind.name,
            name_en=kind.name_en,
            level=kind.level,
            family=kind.family,
            validity_months=kind.months,
            update_month=kind.update[0] if kind.update else None,
            update_day=kind.update[1] if kind.update else None,
            is_single=kind.is_single,
            feeds=kind.feeds,
            rule_code=kind.rule,
            source=kind.source,
            mark=kind.mark,
            order=order,
        )
        for order, kind in enumerate(KINDS)
        if kind.code not in known and (kind.name, kind.level) not in named
    ]
    TitleKind.objects.bulk_create(new)
    if new:
        journal.record(
            by=by,
            now=now,
            verb="seed_title_kinds",
            subject=Zone.objects.get(pk=by.zone_id),
            codes=[kind.code for kind in new],
        )
    return len(new)
