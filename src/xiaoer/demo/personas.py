"""The people a stranger may be, from picture 10: whose desk, in which words, with which icon."""

from dataclasses import dataclass

from xiaoer.base.models import Account
from xiaoer.demo.carriers import OPERATOR, OPERATOR_ACCOUNT
from xiaoer.demo.desks import hand_at
from xiaoer.demo.ground import Ground, Hand
from xiaoer.demo.models import Persona
from xiaoer.demo.names import SPEAKER, SPEAKER_PHONE
from xiaoer.demo.zones import CITY_PERSON

Side = Persona.Side


@dataclass(frozen=True, slots=True)
class Cast:
    """The zones with their people, and the city's account."""

    grounds: dict[str, Ground]
    city: Account


@dataclass(frozen=True, slots=True)
class Part:
    """One persona; ``key`` is a post of the zone's offices, or a cell and the officer's number."""

    zone: str
    key: str
    job: str
    job_en: str
    place: str
    place_en: str
    icon: str


PARTS = (
    Part("jhtz", "3-07/0", "网格员", "Grid officer", "高新区 07 单元", "High-tech Zone, cell 07", "device-mobile"),
    Part("jhtz", "board.1", "区级领导", "Zone leader", "高新区管委会", "High-tech Zone board", "flag"),
    Part("jhtz", "desk.1", "服务台调度", "Service desk", "高新区服务中心", "High-tech Zone", "message"),
    Part("jhtz", "power.1", "供电服务", "Power supply", "高新区供电中心", "High-tech Zone", "bolt"),
    Part("jedz", "economy.1", "经济运行", "Economic operations", "经开区经发局", "Development Zone", "chart-line"),
    Part("jhtz", "2-04/1", "包保干部", "Steward", "高新区 04 单元", "High-tech Zone, cell 04", "heart-handshake"),
    Part("jhtz", "economy.2", "项目专班", "Project task force", "高新区经发局", "High-tech Zone", "crane"),
    Part("jhtz", "statistics.1", "统计", "Statistics", "高新区统计局", "High-tech Zone", "table"),
    Part("jhtz", "approval.1", "行政审批", "Approvals", "高新区审批局", "High-tech Zone", "rubber-stamp"),
    Part("jhtz", "ecology.1", "生态环境", "Ecology", "高新区环境分局", "High-tech Zone", "recycle"),
    Part("jedz", "environment.1", "营商环境", "Business environment", "经开区营商办", "Development Zone", "scale"),
    Part("jedz", "desk.1", "服务台调度", "Service desk", "经开区服务中心", "Development Zone", "message-2"),
    Part("jedz", "finance.1", "财政金融", "Finance", "经开区财政金融局", "Development Zone", "coin-yuan"),
    Part("canal", "1-02/0", "网格员", "Grid officer", "运河经开区 02 单元", "Canal Zone, cell 02", "device-mobile"),
    Part("jhtz", "exchange.1", "交易中心", "Exchange centre", "高新区交易中心", "High-tech Zone", "gavel"),
    Part("jedz", "exchange.1", "交易中心", "Exchange centre", "经开区交易中心", "Development Zone", "gavel"),
    Part("jhtz", "invest.1", "招商", "Investment promotion", "高新区投资促进局", "High-tech Zone", "building-warehouse"),
    Part("jhtz", "party.1", "系统管理", "Administrator", "高新区党政办", "High-tech Zone", "settings"),
)  # fmt: skip


def shown_hands(ground: Ground) -> list[Hand]:
    """The people of a zone whose desks can be entered."""
    return [hand_at(ground, part.key) for part in PARTS if part.zone == ground.plan.code]


def seat_personas(cast: Cast) -> None:
    """Write down who can be entered, in the order of the page."""
    rows = [_row(order, part, cast.grounds[part.zone]) for order, part in enumerate(PARTS, start=1)]
    rows += [
        Persona(
            order=len(rows) + 1,
            account=Account.objects.get(username=SPEAKER_PHONE),
            name=SPEAKER,
            job="企业",
            job_en="Enterprise",
            place="泗源新材",
            place_en="Siyuan New Materials",
            icon="building-factory-2",
            zone_code="jhtz",
            side=Side.OUTSIDE,
        ),
        Persona(
            order=len(rows) + 3,
            account=Account.objects.get(username=OPERATOR_ACCOUNT),
            name=OPERATOR,
            job="园区运营",
            job_en="Park operator",
            place="高新装备园区运营",
            place_en="Park operator of the High-tech Zone",
            icon="building-bank",
            zone_code="jhtz",
            side=Side.OUTSIDE,
        ),
        Persona(
            order=len(rows) + 2,
            account=cast.city,
            name=CITY_PERSON,
            job="市级",
            job_en="City",
            place="济宁市",
            place_en="Jining",
            icon="building-bank",
            side=Side.OUTSIDE,
        ),
    ]
    Persona.objects.bulk_create(rows)


def _row(order: int, part: Part, ground: Ground) -> Persona:
    hand = hand_at(ground, part.key)
    account = hand.person.account
    if account is None:
        raise RuntimeError(f"{hand.name} has no account")
    return Persona(
        order=order,
        account=account,
        name=hand.name,
        job=part.job,
        job_en=part.job_en,
        place=part.place,
        place_en=part.place_en,
        icon=part.icon,
        zone_code=part.zone,
    )
