"""Firms about to move in: one asked of all offices today, one that waits for its decision, one with a
task list, one whose time to settle went by."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO

from xiaoer.assets import actions as assets
from xiaoer.assets.models import MoveIn, Unit
from xiaoer.assets.queries import free_units
from xiaoer.base import files
from xiaoer.base.models import StoredFile
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.demo.names import SPEAKS_FOR
from xiaoer.registry.models import Party
from xiaoer.web.press import compile_pdf

_SHEET = """
#set page(width: 420pt, height: 594pt, margin: 50pt)
#set text(font: "Noto Serif SC", size: 13pt, lang: "zh")
#align(center, text(size: 22pt)[入驻项目申请表])
#v(18pt)
本表为演示材料：项目内容、产能与工艺、用电与排放、拟用面积，由企业填写一次，供各部门和园区运营方共同审查。
"""
# What moves in, the firm where the registry lacks it, what it makes, 万元.
RING = ("光伏热场材料加工项目", "", "年产石墨热场 3000 套，无生产废水，粉尘经布袋除尘后排放", 6_800)
PUMP = ("智能水泵装配项目", "鲁西清源泵业有限公司", "年装配水泵 2 万台，仅组装与试水", 3_200)
GEAR = ("精密齿轮加工项目", "", "年产精密齿轮 40 万件，含热处理工序", 9_500)
GLASS = ("光学镜片冷加工项目", "", "年加工光学镜片 600 万片，研磨废水循环使用", 2_100)
COAT = ("塑料件喷涂项目", "鲁南彩饰塑胶有限公司", "年喷涂塑料件 200 万件，使用溶剂型涂料", 1_500)
ASKED = (
    ("产业政策", "economy", 3), ("规划与选址", "land", 3), ("生态环保", "ecology", 5),
    ("消防", "building", 5), ("能耗与供电", "power", 3),
)  # fmt: skip


def keep_move_ins(ground: Ground, firms: Firms, days: Days) -> None:
    """The zone of most personas only; the others keep what was brought in of the past."""
    if ground.plan.code != "jhtz":
        return
    units = list(free_units(ground.zone.pk, days.today).filter(building__operator__isnull=False))
    paper = _paper(ground)
    gear, ring = firms.industrial[40], firms.industrial[41]
    row = _review(ground, days.ago(9), GEAR, gear, units[:1], paper)
    _say(ground, days.ago(6), row, {"生态环保": ("if", "热处理须配套油烟净化，取得排污登记")})
    assets.decide_move_in(
        by=ground.hands["board.1"].actor, now=days.ago(5), move_in=row, verdict="conditional",
        words="热处理油烟净化设施与主体设备同时安装", chores=_chores(ground),
    )  # fmt: skip
    assets.make_move_in_papers(by=ground.by, now=days.ago(5), move_in=row)
    row = _review(ground, days.ago(12), COAT, None, units[1:2], paper)
    _say(ground, days.ago(9), row, {"生态环保": ("no", "溶剂型涂料不符合本园区规划环评准入清单")})
    assets.decide_move_in(
        by=ground.hands["board.1"].actor, now=days.ago(8), move_in=row, verdict="refused",
        words="不符合园区规划环评准入要求；改用水性涂料后可重新申请",
    )  # fmt: skip
    assets.make_move_in_papers(by=ground.by, now=days.ago(8), move_in=row)
    _let_lapse(ground, firms, days, units[5:6], paper)
    row = _review(ground, days.ago(2), PUMP, None, units[2:3], paper)
    _say(ground, days.ago(1), row, {})
    row = _review(ground, days.ago(1), RING, ring, units[3:5], paper)
    _say(ground, days.ago(0.4), row, {}, only=("economy",))
    own = Party.objects.get(zone_id=ground.zone.pk, name=SPEAKS_FOR)
    assets.open_move_in(
        by=ground.hands["desk.1"].actor,
        now=days.ago(0.5),
        facts=assets.MoveInFacts(
            name="高纯粉体二期", party=own, content="扩建高纯粉体包装线，需层高 8 米以上",
            from_on=days.today + timedelta(days=60), investment_fen=2_600 * 1_000_000,
        ),
    )  # fmt: skip


def _let_lapse(
    ground: Ground, firms: Firms, days: Days, units: Sequence[Unit], paper: StoredFile
) -> None:
    """Approved long ago, and nobody came: whoever sees it through is asked what becomes of it."""
    row = _review(ground, days.ago(49), GLASS, firms.industrial[42], units, paper)
    _say(ground, days.ago(46), row, {})
    assets.decide_move_in(
        by=ground.hands["board.1"].actor, now=days.ago(43), move_in=row, verdict="approved",
        chores=[],
    )  # fmt: skip
    assets.make_move_in_papers(by=ground.by, now=days.ago(43), move_in=row)
    assets.lapse_move_ins(by=ground.by, now=days.ago(1))
    assets.make_move_in_papers(by=ground.by, now=days.ago(1), move_in=row)


def _paper(ground: Ground) -> StoredFile:
    pdf = compile_pdf(_SHEET, {})
    return files.keep_file(
        by=ground.by, now=FOUNDED, stream=BytesIO(pdf), name="入驻项目申请表.pdf"
    )


def _review(
    ground: Ground,
    now: datetime,
    what: tuple[str, str, str, int],
    party: Party | None,
    units: Sequence[Unit],
    paper: StoredFile,
) -> MoveIn:
    name, who, content, wan = what
    keeper = ground.hands["economy.1"].actor
    row = assets.open_move_in(
        by=keeper, now=now, units=units,
        facts=assets.MoveInFacts(
            name=name, party=party, who=who, content=content, investment_fen=wan * 1_000_000,
            from_on=now.date() + timedelta(days=45),
        ),
    )  # fmt: skip
    assets.add_move_in_paper(
        by=keeper, now=now, move_in=row, name="入驻项目申请表",
        upload=BytesIO(files.bytes_of(paper)), file_name="入驻项目申请表.pdf",
    )  # fmt: skip
    asks = [assets.Ask(topic, count, ground.offices[key]) for topic, key, count in ASKED]
    operators = {unit.building.operator for unit in units if unit.building.operator}
    asks += [assets.Ask("园区承载与租赁条件", 3, operator=party) for party in operators]
    return assets.start_review(
        by=keeper, now=now, move_in=row, asks=asks, decider=ground.hands["board.1"].post
    )


def _say(
    ground: Ground,
    now: datetime,
    row: MoveIn,
    against: dict[str, tuple[str, str]],
    only: Sequence[str] = (),
) -> None:
    """Everybody agrees but those named; with ``only`` the others have not spoken yet."""
    keys = {ground.offices[key].pk: key for _topic, key, _days in ASKED}
    for one in row.opinions.all():
        key = keys.get(one.office_id or 0)
        if only and key not in only:
            continue
        by = ground.hands[f"{key}.1"].actor if key else ground.by
        says, words = against.get(one.topic, ("yes", ""))
        if one.operator_id is not None:
            by = ground.by
        assets.give_opinion(by=by, now=now, opinion=one, says=says, words=words)


def _chores(ground: Ground) -> list[assets.Chore]:
    named = {
        "签订入驻（租赁）合同，缴纳履约保证金": ("economy", 15), "指导办理环评手续": ("ecology", 20),
        "用电报装": ("power", 15), "厂房交付查验": ("desk", 15),
    }  # fmt: skip
    return [assets.Chore(name, count, ground.offices[key]) for name, (key, count) in named.items()]
