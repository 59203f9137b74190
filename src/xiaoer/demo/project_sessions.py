"""What leaders are asked to decide on projects, a joint session with its decisions, visits of the site."""

from collections.abc import Sequence
from datetime import timedelta

from xiaoer.base.scope import acting
from xiaoer.demo.days import Days
from xiaoer.demo.ground import Ground
from xiaoer.demo.project_living import Living
from xiaoer.demo.project_past import Past
from xiaoer.projects.actions import consultations, force
from xiaoer.projects.models import Project

# Whose, the question, what can be chosen, asked so many working days ago, wanted in so many days.
ASKS = (
    (
        "凌渠装备",
        "供电两家同时要停电窗口，先给谁",
        ("先给凌渠装备", "先给嘉禾印铁", "合并为一次停电"),
        2,
        3,
    ),
    ("砺石碳材", "砺石碳材 30 亩能否先行用地", ("先行用地", "等批复", "先供 18 亩"), 3, 2),
    ("星洛封测", "星洛设备延期，启用违约条款否", ("启用", "再等两周", "换一家"), 1, 5),
)
FINDINGS = "接入点距厂界 1.2 公里，开关柜未到货；厂区东侧道路还差一段路面。"
# What is to be done, by which office, in so many days, supervised or not.
RESOLUTIONS = (
    ("供电接入由供电服务中心驻厂推进，每周报一次进度", "power", 14, True),
    ("厂区东侧道路路面铺装完成", "building", 9, False),
)
VISITS = (
    ("凌渠装备", 4, "开关柜基础已完成，等设备到货。"),
    ("岱锋二期", 2, "场地平整完成八成，图纸已送审。"),
    ("泗源新材", 6, "主厂房封顶，电缆沟正在开挖。"),
    ("标准厂房三期", 3, "十二栋主体全部完工，外墙收尾。"),
)


def keep_sessions(ground: Ground, days: Days, pairs: Sequence[tuple[Living, Past]]) -> None:
    """By the verbs of whoever looks after the projects."""
    of_short = {one.short: draft.row for one, draft in pairs if draft.row is not None}
    by = ground.hands["economy.2"].actor
    with acting(by):
        for short, question, options, ago, wanted in ASKS:
            if short in of_short:
                consultations.ask_decision(
                    by=by, now=days.ago(ago), project=of_short[short], question=question,
                    options=options, wanted_on=days.today + timedelta(days=wanted),
                )  # fmt: skip
        for short, ago, found in VISITS:
            if short in of_short:
                then = days.ago(ago)
                force.visit_site(
                    by=by, now=then, project=of_short[short], on=days.local_day(then), found=found
                )
    if "凌渠装备" in of_short:
        with acting(ground.hands["board.1"].actor):
            _consult(ground, days, of_short["凌渠装备"])


def _consult(ground: Ground, days: Days, project: Project) -> None:
    """逐企会诊 of last week: who sat there, what was found, what follows."""
    hands, then = ground.hands, days.ago(5)
    by = hands["board.1"].actor
    session = consultations.hold_consultation(
        by=by, now=then, project=project, on=days.local_day(then), chair=hands["board.1"].post,
        members=[hands["power.1"].post, hands["building.1"].post, hands["land.1"].post],
        others="凌渠智装", place="项目现场", findings=FINDINGS,
    )  # fmt: skip
    for text, office, due, is_supervised in RESOLUTIONS:
        consultations.resolve(
            by=by, now=then, project=project, text=text, consultation=session,
            due_on=days.today + timedelta(days=due), office=ground.offices[office],
            is_supervised=is_supervised,
        )  # fmt: skip
