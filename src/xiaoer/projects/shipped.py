"""What a zone begins with: conditions of stages and rules of lights, each with source and mark."""

from dataclasses import dataclass

from xiaoer.projects.models import LightRule, Project, Stage, StageCondition

Kind = StageCondition.Kind
Of = Project.Kind
BUILT = (Of.NEW_BUILD, Of.FIT_OUT, Of.INFRASTRUCTURE, Of.REAL_ESTATE)
ON_LAND = (Of.NEW_BUILD, Of.INFRASTRUCTURE, Of.REAL_ESTATE)

_LIBRARY = "项目储备库通行做法，未见统一条文"
_PROPOSED = "系统建议值，不是任何机关的规定"
_STATISTICS = "固定资产投资项目入库资料与注意事项（转载件）"


@dataclass(frozen=True, slots=True)
class SeededCondition:
    """One condition of a stage. ``test`` of a fact; ``kinds`` empty: every kind of project."""

    stage: str
    code: str
    kind: str
    name: str
    name_en: str
    source: str
    mark: str
    test: str = ""
    kinds: tuple[str, ...] = ()


CONDITIONS = (
    SeededCondition(Stage.RESERVE, "owner", Kind.FACT, "有建设主体", "who builds it is known",
                    _LIBRARY, "S", test="owner"),
    SeededCondition(Stage.RESERVE, "content", Kind.FACT, "有建设内容", "what is built is described",
                    _LIBRARY, "S", test="content"),
    SeededCondition(Stage.RESERVE, "investment", Kind.FACT, "有计划总投资",
                    "the planned investment is known", _LIBRARY, "S", test="investment"),
    SeededCondition(Stage.RESERVE, "site", Kind.FACT, "有选址", "the site is known",
                    _PROPOSED, "D", test="site"),
    SeededCondition(Stage.RESERVE, "answerer", Kind.FACT, "有牵头科室或责任人",
                    "an office or officer answers for it", _PROPOSED, "D", test="answerer"),
    SeededCondition(Stage.RESERVE, "funding", Kind.PERSON, "资金来源讲得清",
                    "where the money comes from is plausible", _PROPOSED, "D"),
    SeededCondition(Stage.SIGNED, "agreement", Kind.PAPER, "正式投资协议（备忘录、意向书不算）",
                    "the formal agreement (a memorandum does not count)",
                    "签约口径各地不一，待核对", "U"),
    SeededCondition(Stage.SIGNED, "contract", Kind.FACT, "有合同额", "the contract sum is known",
                    "签约口径各地不一，待核对", "U", test="contract"),
    SeededCondition(Stage.STARTED, "firm", Kind.FACT, "项目公司已注册",
                    "the project company is registered", _PROPOSED, "D", test="firm",
                    kinds=(Of.NEW_BUILD, Of.FIT_OUT, Of.UPGRADE)),
    SeededCondition(Stage.STARTED, "filing", Kind.FACT, "已备案（有项目代码）",
                    "filed on the platform (it has its code)",
                    "企业投资项目核准和备案管理条例第十三条", "V", test="filing"),
    SeededCondition(Stage.STARTED, "land", Kind.FACT, "土地合同已签",
                    "the land contract is signed", _PROPOSED, "D", test="land",
                    kinds=(Of.NEW_BUILD,)),
    SeededCondition(Stage.STARTED, "contract", Kind.PAPER, "施工合同", "construction contract",
                    _STATISTICS, "V", kinds=BUILT),
    SeededCondition(Stage.STARTED, "permit", Kind.PAPER, "施工许可证", "construction permit",
                    "建筑法第七条", "V", kinds=ON_LAND),
    SeededCondition(Stage.STARTED, "photos", Kind.PAPER, "开工现场照片（带时间、地点）",
                    "photos of the site with time and place", _STATISTICS, "V", kinds=BUILT),
    SeededCondition(Stage.STARTED, "purchase", Kind.PAPER, "设备采购合同",
                    "contract of the equipment", _STATISTICS, "V", kinds=(Of.UPGRADE,)),
    SeededCondition(Stage.STARTED, "piling", Kind.PERSON,
                    "已打桩或做永久性工程（平整场地不算开工）",
                    "piles or permanent works (levelling land is no start)",
                    _STATISTICS, "C", kinds=BUILT),
    SeededCondition(Stage.BUILDING, "progress", Kind.PERSON, "现场有形象进度",
                    "work is to be seen on the site", _PROPOSED, "D"),
    SeededCondition(Stage.COMPLETED, "acceptance", Kind.PAPER, "竣工验收报告（五方）",
                    "report of the owner's completion acceptance",
                    "建设工程质量管理条例第十六条", "V", kinds=BUILT),
    SeededCondition(Stage.COMPLETED, "joint", Kind.PAPER, "联合验收意见书",
                    "opinion of the joint acceptance", "联合验收办法各地不一，待核对", "U",
                    kinds=BUILT),
    SeededCondition(Stage.COMPLETED, "delivery", Kind.PAPER, "设备到货、安装单据",
                    "papers of delivery and installation", _STATISTICS, "V", kinds=(Of.UPGRADE,)),
    SeededCondition(Stage.PRODUCING, "in_use", Kind.PERSON,
                    "主体和配套建成，形成生产能力，正式投入使用",
                    "main works and auxiliaries are finished, accepted and formally in use",
                    "固定资产投资统计指标解释（转载件）", "V"),
    SeededCondition(Stage.PRODUCING, "output", Kind.PAPER, "投产证明（产品、用电或销售单据）",
                    "proof of production (products, power or sales)", _PROPOSED, "D"),
    SeededCondition(Stage.FULL, "target", Kind.PAPER, "达效核对表（营收、税收、用工对照承诺）",
                    "sheet of turnover, tax and jobs against the promise", _PROPOSED, "D"),
    SeededCondition(Stage.FULL, "months", Kind.PERSON, "连续 12 个月达到承诺",
                    "the promise was reached for 12 months", _PROPOSED, "D"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeededLight:
    """From which figure amber, from which red."""

    code: str
    name: str
    name_en: str
    unit: str
    amber: int | None
    red: int | None
    source: str
    mark: str


Unit = LightRule.Unit
_YINCHUAN = "参照银川市 2025 年重大项目亮灯办法（转载件）"
LIGHTS = (
    SeededLight("progress", "年度投资落后序时进度", "investment of the year behind elapsed time",
                Unit.POINTS, 10, 30, _YINCHUAN, "D"),
    SeededLight("start", "计划开工未开工", "a planned start is overdue", Unit.MONTHS, 0, 3,
                _YINCHUAN, "D"),
    SeededLight("statistics", "开工未入统", "started and not in statistics", Unit.MONTHS, 1, 2,
                _YINCHUAN, "D"),
    SeededLight("lost", "答应的投产日已保不住", "the promised day is lost", Unit.DAYS, None, 1,
                _PROPOSED, "D"),
    SeededLight("chance", "按期把握低于", "the chance of the promised day is below", Unit.PERCENT,
                80, 20, _PROPOSED, "D"),
    SeededLight("zone_promise", "政府答应的事过期", "what the zone promised is overdue", Unit.DAYS,
                None, 1, _PROPOSED, "D"),
    SeededLight("element", "要素过了需用日还没到位", "an element is missing past its day",
                Unit.DAYS, None, 1, _PROPOSED, "D"),
    SeededLight("report_day", "上月投资最迟几日报齐", "by which day last month's figures are due",
                Unit.DAYS, 15, None, "各地 5 日、8 日、10 日、20 日不一，可改", "D"),
)  # fmt: skip
