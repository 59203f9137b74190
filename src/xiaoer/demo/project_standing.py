"""Who stands by projects of the demo: forces, an ambassador, papers before the land, weekly minutes."""

from io import BytesIO

from django.db.models import QuerySet

from xiaoer.base.scope import acting
from xiaoer.demo.days import Days
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.projects import actions as projects
from xiaoer.projects import queries
from xiaoer.projects.models import Project, ProjectList, Stage

CHECKS = (
    ("总平面图", "fine", ""),
    ("建设工程规划许可证申请表", "lacks", "缺建设单位盖章页"),
    ("项目名称与备案证", "person", "备案证简称与营业执照不一致，请窗口核对"),
)
KEPT = (Stage.RESERVE, Stage.SIGNED, Stage.STARTED, Stage.BUILDING)


def keep_standing(ground: Ground, days: Days) -> None:
    """By the hands of the office of economy, for the first projects of the zone that fit."""
    projects.seed_pre_review(by=ground.by, now=FOUNDED)
    living = Project.objects.filter(
        zone_id=ground.zone.pk, ended_on__isnull=True, party__isnull=False
    ).order_by("id")
    building = living.filter(stage__in=[Stage.STARTED, Stage.BUILDING]).first()
    signed = living.filter(stage=Stage.SIGNED, land_signed_on__isnull=True).first()
    by = ground.hands["economy.2"].actor
    with acting(by):
        if building is not None:
            _help(ground, days, building)
        if signed is not None:
            _prepare(ground, days, signed)
        if building is not None or signed is not None:
            projects.make_project_week(by=by, now=days.now)
            _gather(ground, days, list(living.filter(stage__in=KEPT).order_by("-id")[:6]))
            _look_at_sheet(ground, days, living)


def _help(ground: Ground, days: Days, project: Project) -> None:
    """People of three offices in its task force, and one person for the construction permit."""
    by, then = ground.hands["economy.2"].actor, days.ago(20)
    since = days.local_day(then)
    there = set(project.force.filter(until__isnull=True).values_list("post_id", flat=True))
    for key in ("land.1", "power.1", "building.1"):
        if key in ground.hands and ground.hands[key].post.pk not in there:
            projects.join_force(
                by=by, now=then, project=project, post=ground.hands[key].post, since=since
            )
    ambassador = projects.name_ambassador(
        by=by, now=then, project=project, post=ground.hands["economy.2"].post, topic="施工许可",
        departments=["自然资源分局", "住建局", "人防办"], since=since,
    )  # fmt: skip
    for what, result, note in CHECKS:
        projects.pre_check(
            by=by, now=days.ago(6), ambassador=ambassador, what=what, result=result, note=note
        )


def _gather(ground: Ground, days: Days, members: list[Project]) -> None:
    """The last ceremony at which projects were taken into the reserve together."""
    by, then = ground.hands["economy.2"].actor, days.ago(30)
    day = days.local_day(then)
    facts = projects.BatchFacts(
        stage=Stage.RESERVE,
        name=f"{day.year} 年第二批储备项目",
        held_on=day,
        place="管委会一楼会议厅",
    )
    batch = projects.open_stage_batch(by=by, now=then, facts=facts)
    projects.add_to_batch(by=by, now=then, batch=batch, projects=members)


def _look_at_sheet(ground: Ground, days: Days, living: QuerySet[Project]) -> None:
    """The last sheet of a list, looked at and not taken over yet: one of its rows means nobody known."""
    by, then = ground.hands["economy.2"].actor, days.ago(2)
    day = days.local_day(then)
    row = ProjectList.objects.filter(zone_id=by.zone_id, year=day.year).order_by("id").first()
    if row is None:
        return
    names = [*living.order_by("-id").values_list("name", flat=True)[:5], "待定名的新材料项目"]
    sheet = BytesIO("\n".join(["项目名称", *names]).encode())
    projects.preview_list(
        by=by, now=then, project_list=row, stream=sheet, file_name="重点项目调整名单.csv", since=day
    )


def _prepare(ground: Ground, days: Days, project: Project) -> None:
    """Its papers are judged before the land contract; two have their conditional result."""
    by, then = ground.hands["economy.2"].actor, days.ago(25)
    offices = {
        one.pk: ground.offices["land" if one.code in ("land_use", "title", "works") else "building"]
        for one in queries.pre_review_items(ground.zone.pk)
    }
    track = projects.open_pre_review(
        by=by, now=then, project=project, agreement="入区投资协议",
        risk_letter_on=days.local_day(then), is_not_barred=True, offices=offices,
    )  # fmt: skip
    for review in queries.reviews_of(track):
        if review.item.code in ("land_use", "works"):
            moment = days.ago(8)
            projects.give_conditional(
                by=by, now=moment, review=review, on=days.local_day(moment),
                conditions="由同一企业取得土地，且图纸未作变更",
            )  # fmt: skip
