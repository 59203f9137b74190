"""What a zone's land cycle begins with: papers and clocks of the stages, indicators of standard land.

Every line is a row the zone may change. V: the text was read; U: custom, no text was found; D: this
product's own proposal, no authority's rule.
"""

from dataclasses import dataclass
from decimal import Decimal

from xiaoer.assets.models import IndicatorKind, Parcel

Stage, Way = Parcel.Stage, IndicatorKind.Way
PROPOSED = "系统建议值，不是任何机关的规定"
STANDARD = "通许县“标准地”出让控制指标办法；鄂尔多斯“标准地”出让工作方案"
REVIEW = "县级工业项目联审办法一例：投资强度不低于 300 万元/亩、亩均税收不低于 30 万元（含承租企业）、容积率不低于 1.0"
CUSTOM = "各地常见控制指标，未见统一原文"


@dataclass(frozen=True, slots=True)
class StageSeed:
    """``limit_code``: within which of the zone's limits the next stage is due."""

    stage: str
    papers: tuple[str, ...]
    next_words: str
    limit_code: str
    source: str
    mark: str


STAGES = (
    StageSeed(
        Stage.PLANNED, ("控制性详细规划批复", "规划条件", "土地征收、农用地转用批复"),
        "完成区域评估和控制指标，发布出让公告", "land.planned",
        "《城乡规划法》第三十八条：未确定规划条件的地块，不得出让", "V",
    ),
    StageSeed(
        Stage.OFFERED, ("国有建设用地使用权出让公告", "招商推介地块清单"),
        "签订出让合同和履约监管协议，完成供地", "land.offered", CUSTOM, "U",
    ),
    StageSeed(
        Stage.SUPPLIED, ("国有建设用地使用权出让合同", "国有建设用地划拨决定书", "土地使用权转让合同"),
        "按合同约定动工建设", "land.supplied", CUSTOM, "U",
    ),
    StageSeed(
        Stage.IN_USE, ("建筑工程施工许可证", "动工确认书", "竣工验收备案表"),
        "到期前办理续期或退出", "land.in_use",
        "《城市房地产管理法》第二十二条：至迟于届满前一年申请续期", "U",
    ),
    StageSeed(
        Stage.EXITED, ("收回国有建设用地使用权决定书", "土地收购协议", "退出协议"),
        "重新规划或再次出让", "land.exited", PROPOSED, "D",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KindSeed:
    code: str
    name: str
    name_en: str
    unit: str
    way: str
    usual: Decimal | None
    source: str
    mark: str


KINDS = (
    KindSeed("investment_per_mu", "投资强度", "Investment intensity", "万元/亩", Way.LEAST,
             Decimal(300), REVIEW, "V"),
    KindSeed("tax_per_mu", "亩均税收", "Tax per mu", "万元/亩·年", Way.LEAST,
             Decimal(30), REVIEW, "V"),
    KindSeed("output_per_mu", "亩均产值", "Output per mu", "万元/亩·年", Way.LEAST, None, CUSTOM, "U"),
    KindSeed("plot_ratio", "容积率", "Plot ratio", "", Way.LEAST, Decimal("1.0"), REVIEW, "V"),
    KindSeed("energy_per_output", "单位产值能耗", "Energy per output", "吨标准煤/万元", Way.MOST,
             None, STANDARD, "V"),
    KindSeed("emissions", "主要污染物排放", "Main emissions", "吨/年", Way.MOST, None, STANDARD, "V"),
    KindSeed("research_share", "研发投入占比", "Share of research spending", "%", Way.LEAST, None,
             CUSTOM, "U"),
)  # fmt: skip
