"""What the three zones consist of: offices, posts, grids, parks. Facts only; nothing is built here.

Offices follow the real structure of such zones and parks carry the names the articles print;
every person is invented. A post without a name gets an invented one.
"""

from dataclasses import dataclass, field

from xiaoer.base.models import Office, Role

Kind = Office.Kind


@dataclass(frozen=True, slots=True)
class OfficePlan:
    """An office with the posts in it, the head first: (name or empty, title)."""

    key: str
    name: str
    name_en: str
    role: Role
    posts: tuple[tuple[str, str], ...]
    kind: str = Kind.DEPARTMENT
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A command office (指挥部) or task force (专班): who leads it and who is in it, by post key."""

    name: str
    name_en: str
    kind: str
    purpose: str
    lead: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZonePlan:
    """One zone. ``second_officers`` cells have two officers; ``caseload`` is about how many
    enterprises an officer answers for."""

    code: str
    name: str
    name_en: str
    short: str
    short_en: str
    region_code: str
    complaint_phone: str
    offices: tuple[OfficePlan, ...]
    teams: tuple[TeamPlan, ...]
    cells: tuple[int, ...]
    second_officers: int
    industrial: int
    services: int
    origin: tuple[float, float]
    columns: int
    parks: tuple[tuple[str, str], ...] = ()
    monitoring: int = 0
    officer_names: dict[str, str] = field(default_factory=dict)
    shown_posts: frozenset[str] = frozenset()


def _department(
    key: str, name: str, name_en: str, role: Role = Role.DEPARTMENT, head: str = "", size: int = 2
) -> OfficePlan:
    posts = ((head, "负责人"), *((("", "工作人员"),) * (size - 1)))
    return OfficePlan(key, name, name_en, role, posts)


def _offices(
    *,
    desk: str,
    desk_en: str,
    leaders: tuple[str, ...],
    heads: dict[str, str],
    promoters: tuple[str, str],
    operators: tuple[tuple[str, str, str], ...],
) -> tuple[OfficePlan, ...]:
    """The offices every such zone has; ``heads`` names their heads where the demo shows them."""
    head = heads.get
    titles = ("管委会主任", *(("管委会副主任",) * (len(leaders) - 1)))
    return (
        OfficePlan(
            "party", "党政办公室", "Party and administration office", Role.ADMINISTRATOR,
            ((head("party", ""), "主任"), ("", "信息管理员")),
        ),
        OfficePlan(
            "board", "管委会", "Zone board", Role.ZONE_LEADER,
            tuple(zip(leaders, titles, strict=True)),
        ),
        OfficePlan(
            "desk", desk, desk_en, Role.SERVICE_DESK,
            ((head("desk", ""), "主任"), ("", "调度员"), ("", "回访员")),
        ),
        _department("economy", "经发局", "Economic development bureau", Role.ECONOMY, head("economy", "")),
        _department("approval", "行政审批局", "Administrative approval bureau", Role.APPROVAL, head("approval", "")),
        _department("innovation", "科创中心", "Innovation centre", Role.INNOVATION, head("innovation", "")),
        _department("finance", "财政金融局", "Finance bureau", Role.FINANCE, head("finance", "")),
        _department("exchange", "公共资源交易中心", "Public resource exchange centre", Role.EXCHANGE, head("exchange", "")),
        _department("environment", "营商办", "Business environment office", Role.ENVIRONMENT, head("environment", ""), 4),
        _department("statistics", "统计局", "Statistics bureau", Role.STATISTICS, head("statistics", "")),
        _department("land", "自然资源分局", "Natural resources branch", head=head("land", "")),
        _department("power", "供电服务中心", "Power supply service centre", head=head("power", "")),
        _department("ecology", "生态环境分局", "Ecology and environment branch", head=head("ecology", "")),
        _department("labour", "人社局", "Human resources bureau", head=head("labour", "")),
        _department("building", "住建局", "Housing and construction bureau", head=head("building", "")),
        *(
            OfficePlan(
                key, name, name_en, Role.DEPARTMENT, (("", "企业服务经理"), ("", "运维主管")),
                Kind.PARK_BODY, "园区公共设施的运营与维护",
            )
            for key, name, name_en in operators
        ),
        OfficePlan(
            "invest", "投资促进局", "Investment promotion bureau", Role.INVESTMENT,
            tuple(zip(promoters, ("负责人", "招商专员"), strict=True)),
        ),
    )  # fmt: skip


JHTZ = ZonePlan(
    code="jhtz",
    name="济宁高新区",
    name_en="Jining High-tech Zone",
    short="济宁高新区",
    short_en="High-tech Zone",
    region_code="370871",
    complaint_phone="0537-1000101",
    offices=_offices(
        desk="园区发展服务中心",
        desk_en="Park development service centre",
        leaders=("韩立群", "", "", ""),
        heads={
            "party": "钟望舒",
            "desk": "吴桐",
            "approval": "秦若",
            "statistics": "章明澈",
            "power": "陈曼",
            "ecology": "岑远帆",
            "environment": "童砚秋",
        },
        promoters=("闻知意", "洪屿"),
        operators=(
            ("park_a", "高端装备园区公司", "High-end equipment park company"),
            ("park_b", "生命健康园区公司", "Life and health park company"),
        ),
    ),
    teams=(
        TeamPlan(
            "新型工业化与制造强市指挥部", "Command office for new industrialisation", Kind.COMMAND,
            "攀登计划、问题化解、执行调度并联运行", "board.1",
            ("economy.1", "innovation.1", "finance.1", "power.1"),
        ),
        TeamPlan(
            "绿色低碳指挥部", "Command office for green and low-carbon growth", Kind.COMMAND,
            "绿色工厂、节能改造与无废园区", "board.2", ("ecology.1", "economy.2", "building.1"),
        ),
        TeamPlan(
            "重点外资项目工作专班", "Task force for key foreign projects", Kind.TASK_FORCE,
            "县级领导包保，部门常驻，一线推进", "board.3", ("desk.1", "approval.1", "land.1"),
        ),
    ),
    cells=(10, 10, 9, 9, 9),
    second_officers=37,
    industrial=2363,
    services=42,
    monitoring=28,
    origin=(116.62, 35.36),
    columns=7,
    parks=(
        ("P1", "国际高端装备产业园"),
        ("P2", "中韩高端装备产业园"),
        ("P3", "金科国际生命健康科技城"),
        ("P4", "航空航天城"),
        ("P5", "智能终端产业园"),
    ),
    officer_names={"3-07": "周敏", "2-04b": "倪若川"},
    shown_posts=frozenset({"power.1", "approval.1", "ecology.1"}),
)  # fmt: skip

JEDZ = ZonePlan(
    code="jedz",
    name="济宁经济技术开发区",
    name_en="Jining Economic and Technological Development Zone",
    short="济宁经开区",
    short_en="Development Zone",
    region_code="370829",
    complaint_phone="0537-1000102",
    offices=_offices(
        desk="企业服务中心",
        desk_en="Enterprise service centre",
        leaders=("",) * 12,
        heads={
            "desk": "苏宛",
            "economy": "孟祥宇",
            "innovation": "方知夏",
            "finance": "郑恺",
            "exchange": "苗青",
            "environment": "魏嘉禾",
        },
        promoters=("楼望川", "桑榆"),
        operators=(("park_a", "新材料园区公司", "New materials park company"),),
    ),
    teams=(
        TeamPlan(
            "人才科技工作指挥部", "Command office for talent and technology", Kind.COMMAND,
            "汇总企业技术与人才需求，对接高校院所", "board.2",
            ("innovation.1", "labour.1", "finance.1"),
        ),
        TeamPlan(
            "重中之重项目推进专班", "Task force for top-priority projects", Kind.TASK_FORCE,
            "逐企会诊，要素保障", "board.1", ("economy.1", "land.1", "power.1"),
        ),
    ),
    cells=(5, 5, 4),
    second_officers=2,
    industrial=346,
    services=60,
    origin=(116.32, 35.40),
    columns=5,
    parks=(("P1", "新能源新材料产业园"), ("P2", "节能环保产业园"), ("P3", "电子信息产业园")),
    shown_posts=frozenset({"economy.1", "finance.1", "environment.1"}),
)  # fmt: skip

CANAL = ZonePlan(
    code="canal",
    name="济宁运河经济开发区",
    name_en="Jining Canal Economic Development Zone",
    short="运河经开区",
    short_en="Canal Zone",
    region_code="370811",
    complaint_phone="0537-1000103",
    offices=_offices(
        desk="企业服务中心",
        desk_en="Enterprise service centre",
        leaders=("", "", ""),
        heads={},
        promoters=("丁问渠", "祝西洲"),
        operators=(("park_a", "智造园区公司", "Smart manufacturing park company"),),
    ),
    teams=(
        TeamPlan(
            "重点项目一对一包保专班", "One-to-one task force for key projects", Kind.TASK_FORCE,
            "拿地即开工，全程跟踪", "board.1", ("economy.1", "land.1", "approval.1"),
        ),
    ),
    cells=(4, 4),
    second_officers=0,
    industrial=172,
    services=8,
    origin=(116.50, 35.26),
    columns=3,
    parks=(
        ("P1", "中南高科"),
        ("P2", "立国5G产业园"),
        ("P3", "中建智造港"),
        ("P4", "汽车组件产业园"),
        ("P5", "新材料孵化产业园"),
    ),
    officer_names={"1-02": "柏若舟"},
)  # fmt: skip

ZONES = (JHTZ, JEDZ, CANAL)
CITY_PERSON = "何允"
FIXED_NAMES = frozenset(
    {name for plan in ZONES for office in plan.offices for name, _title in office.posts if name}
    | {name for plan in ZONES for name in plan.officer_names.values()}
    | {CITY_PERSON, "赵砚"}
)
