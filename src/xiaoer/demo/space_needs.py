"""Who looks for space in the demo: firms that grow, somebody from outside, the enterprise one can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.fitting import Ask, What
from xiaoer.assets.models import SpaceNeed
from xiaoer.base.scope import Actor
from xiaoer.demo.days import Days
from xiaoer.demo.desks import hand_at
from xiaoer.demo.ground import Ground
from xiaoer.demo.names import SPEAKS_FOR
from xiaoer.registry.models import Party


@dataclass(frozen=True, slots=True)
class Search:
    """A need: what for, whose (a firm of the zone, or somebody new), how far it has come."""

    name: str
    industry: str
    least: int
    most: int | None
    asks: tuple[Ask, ...]
    ago: float
    days: int
    who: str = ""
    firm: str = ""
    shown: int = 0
    answer: str = ""
    words: str = ""
    park: str = ""


def _must(what: What, amount: str = "1") -> Ask:
    return Ask(what, Decimal(amount))


def _wish(what: What, amount: str = "1") -> Ask:
    return Ask(what, Decimal(amount), is_hard=False)


SEARCHES: tuple[Search, ...] = (
    Search(
        "光伏热场二期", "石墨及碳素制品制造", 9000, 12000,
        (_must(What.HEIGHT, "9"), _must(What.POWER, "1500"), _wish(What.GAS), _wish(What.RENT, "1400")),
        9, 45, who="长三角某光伏材料公司", shown=2, answer="likes", words="周四带工艺工程师来看", park="P1",
    ),
    Search(
        "精密轴承磨加工车间", "轴承、齿轮和传动部件制造", 4000, 5500,
        (_must(What.LOAD, "2000"), _must(What.CRANE, "5"), _wish(What.COLUMN, "9")),
        4, 60, who="胶东某轴承公司",
    ),
    Search(
        "新材料扩产仓储", "初级形态塑料及合成树脂制造", 3000, None,
        (_must(What.FIRE, "3"), _wish(What.FLOOR, "1"), _wish(What.RENT, "1200")),
        2, 30, firm=SPEAKS_FOR, shown=1,
    ),
    Search(
        "食品冷链加工", "食品制造", 6000, 8000,
        (_must(What.STEAM), _must(What.DRAINAGE, "30"), _must(What.GAS)),
        16, 20, who="某预制菜企业", shown=1, answer="no", words="没有蒸汽，自建锅炉不划算",
    ),
)  # fmt: skip


def keep_space_needs(ground: Ground, days: Days) -> None:
    """Needs of the zone at which one can sit, each as far as it has come. In the zone's scope."""
    if ground.plan.code != "jhtz":
        return
    desk = hand_at(ground, "desk.1").actor
    for one in SEARCHES:
        _keep(ground, desk, one, days)


def _keep(ground: Ground, desk: Actor, one: Search, days: Days) -> None:
    at = days.ago(one.ago)
    firms = Party.objects.filter(zone_id=ground.zone.pk, name=one.firm) if one.firm else None
    need = assets.open_need(
        by=desk, now=at, party=firms.first() if firms is not None else None,
        facts=assets.NeedFacts(
            name=one.name, industry=one.industry, who=one.who, contact="",
            area_least_m2=Decimal(one.least),
            area_most_m2=None if one.most is None else Decimal(one.most), asks=one.asks,
            from_on=days.today + timedelta(days=one.days),
            park=next((park for park in ground.parks if park.code == one.park), None),
        ),
    )  # fmt: skip
    if one.shown:
        _show(desk, need, one, days)


def _show(desk: Actor, need: SpaceNeed, one: Search, days: Days) -> None:
    """The best fits of the day are shown; the last of them is answered."""
    later = days.ago(one.ago / 2)
    found = queries.fits_of(need, today=days.today, limit=one.shown, of_a_building=1)
    rows: Sequence[queries.UnitFit] = found.rows
    showings = [
        showing
        for row in rows
        for showing in assets.show_units(by=desk, now=later, need=need, units=row.units)
    ]
    for showing in showings if one.answer else ():
        assets.answer_showing(
            by=desk, now=days.ago(one.ago / 4), showing=showing, answer=one.answer, words=one.words
        )
