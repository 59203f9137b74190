"""What a new zone begins with on its ladders: proposals and cut-offs seen elsewhere, all editable."""

from dataclasses import dataclass
from decimal import Decimal

from xiaoer.growth.models import LadderParameter, Path, Sector

PROPOSED = "系统建议值，国家没有统一口径，由本区自定"
KIND = LadderParameter.Kind


@dataclass(frozen=True, slots=True)
class SeededParameter:
    """A parameter with its default, bounds, and what it means."""

    code: str
    name: str
    name_en: str
    value: str
    meaning: str
    meaning_en: str
    unit: str = ""
    least: str = ""
    most: str = ""
    kind: str = KIND.NUMBER
    choices: tuple[tuple[str, str, str], ...] = ()
    source: str = PROPOSED
    mark: str = "D"

    @property
    def number(self) -> Decimal | None:
        return None if self.kind == KIND.CHOICE else Decimal(self.value)


PARAMETERS = (
    SeededParameter(
        "p_near",
        "准四上线",
        "line of near above-scale",
        "0.70",
        "预测全年营收达到入统标准的几成算准四上",
        "Forecast of the year over the threshold from which a firm is near above-scale.",
        "share",
        "0.05",
        "1",
    ),
    SeededParameter(
        "p_sprout",
        "幼苗线",
        "line of sprouts",
        "0.40",
        "预测全年营收达到入统标准的几成算幼苗",
        "Forecast of the year over the threshold from which a firm is a sprout.",
        "share",
        "0.02",
        "1",
    ),
    SeededParameter(
        "p_seed",
        "种子线",
        "line of seeds",
        "0.10",
        "预测全年营收达到入统标准的几成算种子",
        "Forecast of the year over the threshold from which a firm is a seed.",
        "share",
        "0.01",
        "1",
    ),
    SeededParameter(
        "p_window",
        "推算月数",
        "months of the run rate",
        "3",
        "用最近几个月的平均值推算年内剩余月份",
        "How many last months the run rate of the forecast is the mean of.",
        "month",
        "1",
        "12",
    ),
    SeededParameter(
        "p_hold",
        "降级观察次数",
        "evaluations before a fall",
        "2",
        "连续几次月度评定低于标准才降一级；升级当月生效",
        "After how many monthly evaluations in a row below the line a firm falls one rung.",
        "month",
        "1",
        "12",
    ),
    SeededParameter(
        "p_hold_points",
        "降级缓冲",
        "margin before a fall",
        "0.05",
        "低于本级线再减去这个差才计入降级观察",
        "How far below the line of its rung a firm must be for the month to count.",
        "share",
        "0",
        "0.5",
    ),
    SeededParameter(
        "p_exit_warn",
        "退规预警线",
        "warning of falling out",
        "1.10",
        "在库企业近十二个月营收低于标准的几倍时预警；国家退库口径未核实",
        "Register members whose last twelve months are below so many times the threshold are warned of.",
        "share",
        "1",
        "3",
    ),
    SeededParameter(
        "p_seed_equity_cny",
        "种子股权融资额",
        "equity that makes a seed",
        "5000000",
        "近两年合格机构投资者实缴新增股权融资达到多少，可直接算种子",
        "New equity of two years from which a firm is a seed whatever its revenue.",
        "CNY",
        "0",
    ),
    SeededParameter(
        "allow_individual_industry",
        "个体经营户可入工业库",
        "individual businesses may enter industry",
        "0",
        "本地口径允许个体经营户申报规上工业时打开",
        "Whether the local edition lets individual businesses enter the industrial register.",
        kind=KIND.FLAG,
        source="2024、2025 年两地通知有“个体经营户”字样，本地口径须核实",
        mark="U",
    ),
    SeededParameter(
        "climb_mode",
        "攀登企业产生办法",
        "how climbing enterprises are found",
        "list",
        "名单制：以文件认定；推荐制：按得分推荐后由人确认",
        "By list: each is a decision with its document. By rank: the highest scores are proposed.",
        kind=KIND.CHOICE,
        choices=(
            ("list", "名单制", "by list"),
            ("rank", "按得分推荐、人工确认", "proposed by score, confirmed by people"),
        ),
    ),
    SeededParameter(
        "climb_quota",
        "攀登企业占比",
        "share of climbing enterprises",
        "0.5",
        "推荐制下攀登企业占规上工业企业的比例",
        "Share of above-scale industrial firms that are proposed where the mode is by rank.",
        "share",
        "0",
        "1",
    ),
    SeededParameter(
        "climb_weight_revenue",
        "攀登得分权重：营业收入",
        "weight of the climbing score: revenue",
        "30",
        "推荐制下在规上工业内按百分位排名计分，本项占多少分",
        "Where the mode is by rank: points for the rank among above-scale industry.",
        "",
        "0",
        "100",
    ),
    SeededParameter(
        "climb_weight_growth",
        "攀登得分权重：两年增速",
        "weight of the climbing score: growth of two years",
        "25",
        "推荐制下在规上工业内按百分位排名计分，本项占多少分",
        "Where the mode is by rank: points for the rank among above-scale industry.",
        "",
        "0",
        "100",
    ),
    SeededParameter(
        "climb_weight_tax",
        "攀登得分权重：税收",
        "weight of the climbing score: tax",
        "15",
        "推荐制下在规上工业内按百分位排名计分，本项占多少分",
        "Where the mode is by rank: points for the rank among above-scale industry.",
        "",
        "0",
        "100",
    ),
    SeededParameter(
        "climb_weight_research",
        "攀登得分权重：研发强度",
        "weight of the climbing score: R&D ratio",
        "15",
        "推荐制下在规上工业内按百分位排名计分，本项占多少分",
        "Where the mode is by rank: points for the rank among above-scale industry.",
        "",
        "0",
        "100",
    ),
    SeededParameter(
        "climb_weight_investment",
        "攀登得分权重：计划投资",
        "weight of the climbing score: planned investment",
        "15",
        "推荐制下在规上工业内按百分位排名计分，本项占多少分",
        "Where the mode is by rank: points for the rank among above-scale industry.",
        "",
        "0",
        "100",
    ),
    SeededParameter(
        "p_chain_revenue_cny",
        "链主推荐营收",
        "revenue of proposed chain leaders",
        "500000000",
        "推荐链主的上年营业收入下限；外省口径为 10 亿、50 亿；认定由人决定",
        "Revenue of last year from which a chain leader is proposed; people decide.",
        "CNY",
        "0",
    ),
    SeededParameter(
        "p_chain_rd_share",
        "链主推荐研发占比",
        "R&D share of proposed chain leaders",
        "0.03",
        "推荐链主的研发费用占营收下限；认定由人决定",
        "R&D over revenue from which a chain leader is proposed; people decide.",
        "share",
        "0",
        "1",
    ),
    SeededParameter(
        "p_chain_suppliers",
        "链主推荐本地配套企业数",
        "local suppliers of proposed chain leaders",
        "5",
        "推荐链主的本地配套企业数下限；供需数据不足时为缺数据",
        "Local suppliers from which a chain leader is proposed; needs data where nobody knows them.",
        "item",
        "0",
        "500",
    ),
    SeededParameter(
        "p_gaps",
        "高企储备允许差项",
        "gaps of the high-tech reserve",
        "2",
        "可补的条件差几项以内仍列入高企储备",
        "How many repairable conditions of the high-tech title the reserve may lack.",
        "item",
        "0",
        "8",
    ),
    SeededParameter(
        "p_horizon",
        "补差期限",
        "months to repair a gap",
        "12",
        "几个月内补得上的才算可补的差项",
        "Within how many months a gap must be repairable to count as one.",
        "month",
        "1",
        "36",
    ),
    SeededParameter(
        "p_leader_revenue_cny",
        "科技领军推荐营收",
        "revenue of proposed technology leaders",
        "200000000",
        "推荐科技领军企业的营业收入下限；认定由人决定",
        "Revenue from which a high-tech firm is proposed as a technology leader; people decide.",
        "CNY",
        "0",
    ),
    SeededParameter(
        "p_leader_rd_share",
        "科技领军推荐研发占比",
        "R&D share of proposed technology leaders",
        "0.05",
        "推荐科技领军企业的研发费用占营收下限；认定由人决定",
        "R&D over revenue from which a high-tech firm is proposed as a technology leader.",
        "share",
        "0",
        "1",
    ),
    SeededParameter(
        "p_numeric_gaps",
        "专精特新培育允许差项",
        "numeric gaps of the cultivation list",
        "2",
        "培育名单允许几项数值条件未达到",
        "How many numeric conditions the cultivation list of the specialisation ladder may lack.",
        "item",
        "0",
        "6",
    ),
    SeededParameter(
        "p_gap_share",
        "专精特新培育允许差距",
        "distance of the cultivation list",
        "0.20",
        "每项数值条件最多差多少",
        "How far each numeric condition of the cultivation list may be away.",
        "share",
        "0",
        "1",
    ),
    SeededParameter(
        "officer_capacity",
        "一名干部跟踪企业数",
        "firms one officer can follow",
        "20",
        "校准时按人手推算：一名包保干部能跟多少家梯队企业",
        "How many firms of the ladder one officer can follow; used when calibrating.",
        "item",
        "1",
        "500",
    ),
)


@dataclass(frozen=True, slots=True)
class SeededCutoff:
    path: str
    day: int
    month: int | None
    name: str
    source: str
    sector: str = ""
    mark: str = "A"


ELSEWHERE = "外地通知所见，本地日期以区统计局当年通知为准："
CUTOFFS = (
    SeededCutoff(Path.MONTHLY, 7, None, "", ELSEWHERE + "深圳福田 2026 年每月 7 日前"),
    SeededCutoff(Path.JAN_FEB, 31, 1, "一二月批", ELSEWHERE + "深圳福田 2026 年 1 月底"),
    SeededCutoff(Path.YEARLY, 21, 11, "第一批", ELSEWHERE + "2024-11-21 与 2025-01-02 两批"),
    SeededCutoff(Path.YEARLY, 2, 1, "第二批", ELSEWHERE + "2024-11-21 与 2025-01-02 两批"),
)


@dataclass(frozen=True, slots=True)
class SeededPaper:
    code: str
    name: str
    name_en: str
    path: str = ""
    sector: str = ""


PAPERS_SOURCE = "多地统计部门入库通知所列材料的并集"
PAPERS = (
    SeededPaper("licence", "营业执照", "business licence"),
    SeededPaper("income_statement", "截至上月的利润表", "income statement up to the last month"),
    SeededPaper(
        "vat_schedule",
        "增值税申报表及附表一（累计销售额达标）",
        "VAT return with schedule 1, cumulative sales at the threshold",
    ),
    SeededPaper(
        "project_approval",
        "项目立项批复或备案（新建投产）",
        "approval or filing of the project, if newly built",
        Path.MONTHLY,
    ),
    SeededPaper(
        "site_photos",
        "厂区、大门、车间照片（含核查人）",
        "photos of site, gate and workshop with the checker in them",
    ),
    SeededPaper("audit_form", "调查单位审核（纳入）申报表", "form for entry of a statistical unit"),
    SeededPaper("unit_form", "法人单位基本情况表", "form about the legal person"),
    SeededPaper(
        "output_12m",
        "近 12 个月产值与营业收入",
        "output and revenue of the last 12 months",
        sector=Sector.INDUSTRY,
    ),
    SeededPaper(
        "construction_certificate",
        "建筑业企业资质证书",
        "qualification certificate of construction",
        sector=Sector.CONSTRUCTION,
    ),
    SeededPaper(
        "development_licence",
        "房地产开发企业资质证书",
        "licence for real estate development",
        sector=Sector.REALESTATE_DEV,
    ),
)
