"""What a zone begins with for statistical entry: rules, cut-offs and papers, as they were read.

Nothing here is a constant: each becomes a row with its source and mark, for the zone to change. The
cut-offs are days seen in published notices of other places; none is used until the zone says which.
"""

from dataclasses import dataclass

from xiaoer.projects.models import EntryPath, StatPaperKind, StatRule

GUIDE = "固定资产投资项目入库资料与注意事项（转载件）"
SYSTEM = "国家统计局 固定资产投资统计报表制度"
PROPOSED = "系统建议值，不是任何机关的规定"
CONSTRUCTION, PURCHASE = EntryPath.CONSTRUCTION, EntryPath.PURCHASE
Part = StatPaperKind.Part
# Facts a paper shows: its date, and the project's name, code, builder and place as it writes them.
DATE, NAME, CODE, PARTY, PLACE = "made_on", "name", "code", "party", "place"
FACTS = (DATE, NAME, CODE, PARTY, PLACE)

# code, value, source, mark
RULES = (
    (StatRule.Code.LEAST_TOTAL, 5_000_000, SYSTEM, "A"),
    (StatRule.Code.DAYS_BEFORE, 5, PROPOSED, "D"),
)
# name, day of the month, source, mark, used
CUTOFFS = (
    ("每月 5 日（见于县级指南）", 5, "县级入统指南（转载件）", "V", False),
    ("每月 8 日（见于区级通知）", 8, "区级统计部门通知", "V", False),
    ("每月 10 日（见于区级通知）", 10, "区级统计部门通知", "V", True),
    ("每月 20 日（省级旧规定）", 20, "省级旧规定（已不确定是否有效）", "V", False),
)


@dataclass(frozen=True, slots=True)
class SeededPaper:
    """A paper the library asks for. An empty path is both."""

    code: str
    name: str
    name_en: str
    part: str
    path: str = ""
    shows: tuple[str, ...] = ()
    is_required: bool = True
    mark: str = "V"


PAPERS = (
    SeededPaper(
        "licence", "营业执照（统一社会信用代码）", "business licence with its code", Part.LICENCE,
        shows=(PARTY,),
    ),
    SeededPaper(
        "filing", "备案、核准或审批文件", "filing, confirmation or approval", Part.FILING,
        shows=(DATE, NAME, CODE, PARTY),
    ),
    SeededPaper(
        "contract", "施工合同（工期、金额、双方盖章）", "construction contract", Part.CONTRACT,
        CONSTRUCTION, (DATE, NAME, PARTY),
    ),
    SeededPaper(
        "site_photo", "现场照片（时间、地点、项目名称）", "photograph with time, place and name",
        Part.PHOTO, CONSTRUCTION, (DATE, NAME, PLACE),
    ),
    SeededPaper(
        "purchase_contract", "设备购置合同", "purchase contract", Part.CONTRACT, PURCHASE,
        (DATE, PARTY),
    ),
    SeededPaper(
        "payment", "当年付款凭证或发票", "payment or invoice of the year", Part.PAYMENT, PURCHASE,
        (DATE, PARTY),
    ),
    SeededPaper(
        "delivery_photo", "设备到货照片", "photograph of the delivery", Part.DELIVERY, PURCHASE,
        (DATE, PLACE),
    ),
    SeededPaper(
        "construction_permit", "施工许可证（大项目曾要求）", "construction permit, of large projects",
        Part.OTHER, CONSTRUCTION, (DATE, NAME, PARTY), is_required=False, mark="C",
    ),
    SeededPaper(
        "land", "土地手续（大项目曾要求）", "papers of the land, of large projects", Part.OTHER,
        CONSTRUCTION, (DATE, PARTY), is_required=False, mark="C",
    ),
    SeededPaper(
        "planning", "规划许可证（大项目曾要求）", "planning permit, of large projects", Part.OTHER,
        CONSTRUCTION, (DATE, NAME, PARTY), is_required=False, mark="C",
    ),
    SeededPaper(
        "environment", "环评文件（大项目曾要求）", "environmental paper, of large projects", Part.OTHER,
        CONSTRUCTION, (DATE, NAME), is_required=False, mark="C",
    ),
)  # fmt: skip
