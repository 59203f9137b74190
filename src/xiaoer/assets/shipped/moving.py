"""What a joint review of a move-in asks in a new zone, each with where it is from; rows, to be changed.

V: the text was read. D: this product's own proposal, no authority's rule.
"""

from dataclasses import dataclass

from xiaoer.assets.models import MoveInItem

OPINION, ERRAND = MoveInItem.Kind.OPINION, MoveInItem.Kind.ERRAND
_DONGHAI = "东海县项目预审：产业政策、环保、安全三项评估（2024 年，转载件）；天数为建议值"
_ALXA = "阿拉善经开区项目联审：投资实力、投资强度、选址用地（2025 年）；天数为建议值"
_COUNTY = "某县项目准入联审：能耗、消防等内容（转载件）；天数为建议值"
_TUNXI = "屯溪区标准化厂房入驻条件：本区注册纳税、安全环保达标（2025 年）；天数为建议值"
_PROPOSED = "系统建议值，不是任何机关的规定"


@dataclass(frozen=True, slots=True)
class Seed:
    """``office_name``: words of the office's name, the likeliest first, divided by 、."""

    kind: MoveInItem.Kind
    name: str
    name_en: str
    office_name: str
    days: int
    source: str
    mark: str
    to_operator: bool = False


ITEMS: dict[str, Seed] = {
    "policy": Seed(OPINION, "产业政策", "industrial policy", "经发、经济发展、发改", 3, _DONGHAI, "V"),
    "strength": Seed(OPINION, "投资实力与强度", "strength of the investor", "招商、投资促进、经发", 3, _ALXA, "V"),
    "land": Seed(OPINION, "规划与选址", "plan and site", "自然资源、规划", 3, _ALXA, "V"),
    "environment": Seed(OPINION, "生态环保", "environment", "生态环境、环保、环境", 5, _DONGHAI, "V"),
    "safety": Seed(OPINION, "安全生产", "safety at work", "应急、安监、安全", 5, _DONGHAI, "V"),
    "fire": Seed(OPINION, "消防", "fire safety", "住建、建设、消防", 5, _COUNTY, "V"),
    "energy": Seed(OPINION, "能耗与供电", "energy and power", "供电、发改、能源", 3, _COUNTY, "V"),
    "operator": Seed(OPINION, "园区承载与租赁条件", "what the park bears, terms of the lease", "", 3, _PROPOSED, "D", True),
    "contract": Seed(ERRAND, "签订入驻（租赁）合同，缴纳履约保证金", "contract and bond", "招商、投资促进、企业服务", 15, _PROPOSED, "D"),
    "register": Seed(ERRAND, "帮办本区注册、税务登记", "registration and tax in the zone", "审批、市场监管、企业服务", 10, _TUNXI, "V"),
    "eia": Seed(ERRAND, "指导办理环评手续", "environmental paperwork", "生态环境、环保、环境", 20, _TUNXI, "V"),
    "fire_check": Seed(ERRAND, "指导办理装修消防手续", "fire paperwork of the fit-out", "住建、建设、消防", 20, _PROPOSED, "D"),
    "power": Seed(ERRAND, "用电报装", "power connection", "供电", 15, _PROPOSED, "D"),
    "handover": Seed(ERRAND, "厂房交付查验", "handover of the space", "招商、投资促进、企业服务", 15, _PROPOSED, "D"),
}  # fmt: skip
