"""What people of the demo asked to be reminded of, the robots of two offices, and what came of it.

The demo sends nothing out: what stands here as sent is told, not sent.
"""

from datetime import datetime, time, timedelta

from xiaoer.base.models import Office
from xiaoer.base.scope import Actor, acting
from xiaoer.demo.days import Days
from xiaoer.demo.desks import hand_at
from xiaoer.demo.ground import Ground
from xiaoer.work import actions as work
from xiaoer.work.actions import Choice
from xiaoer.work.calendar import LOCAL
from xiaoer.work.models import Delivery, Hook
from xiaoer.work.wires import Outcome

OFFICER, DESK = "3-07/0", "desk.1"
ROBOT = "https://oapi.dingtalk.com/robot/send?access_token=demo"
GROUP = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=demo"
RECEIVER = "https://xietong.example.com/hooks/xiaoer"
SIGNS = "SECdemo"
ARRIVED = Outcome(True, 200, took_ms=184)
BUSY = Outcome(False, 502, "对方返回 502。", took_ms=2210)
SILENT = Outcome(False, None, "服务器没有按时应答。", took_ms=5004)
GONE = Outcome(False, 404, "对方返回 404。", is_final=True, took_ms=96)


def tell_reminders(ground: Ground, days: Days) -> None:
    """An officer with a robot of her own, the desk with the robots of its office."""
    officer, desk = hand_at(ground, OFFICER).actor, hand_at(ground, DESK).actor
    chosen_at = days.ago(4)
    with acting(officer):
        mine = _robot(officer, chosen_at, "07 单元走访群", "dingtalk", ROBOT)
        work.choose_reminders(
            by=officer,
            now=chosen_at,
            choices=(
                Choice("due", "page", days=1),
                Choice("overdue", "page"),
                Choice("overdue", "hook", hook_id=mine.pk, hour=8),
                Choice("red_light", "page", pierces=True),
                Choice("no_contact", "hook", hook_id=mine.pk, days=60, hour=8),
            ),
        )
    with acting(desk):
        office = Office.objects.get(zone_id=desk.zone_id, pk=desk.office_id or 0)
        group = _robot(desk, chosen_at, "服务中心工作群", "wecom", GROUP, office)
        old = _robot(desk, chosen_at, "旧协同平台", "generic", RECEIVER, office)
        for robot in (group, old):
            work.choose_for_office(
                by=desk,
                now=chosen_at,
                hook=robot,
                choices=[
                    Choice("red_light", "hook", hook_id=robot.pk, hour=8),
                    Choice("overdue", "hook", hook_id=robot.pk, hour=8),
                ],
            )
        work.choose_reminders(by=desk, now=chosen_at, choices=[Choice("due", "page", days=1)])
    yesterday = days.calendar.add_working_days(days.today, -1)
    _tell(ground, datetime.combine(yesterday, time(8), LOCAL), [BUSY, SILENT, ARRIVED], old)
    _tell(ground, days.day_ago(0, 0.5), [ARRIVED], old)


def _robot(
    by: Actor, now: datetime, name: str, style: str, url: str, office: Office | None = None
) -> Hook:
    new = work.add_hook(
        by=by, now=now, name=name, style=style, url=url, secret=SIGNS, office=office
    )
    return new.hook


def _tell(ground: Ground, at: datetime, outcomes: list[Outcome], old: Hook) -> None:
    """The digests of a moment: one morning every server is busy, and one server is gone for good."""
    by = ground.by
    with acting(by):
        work.make_reminders(by=by, now=at)
        for sent in Delivery.objects.filter(zone_id=by.zone_id, made_at=at).order_by("id"):
            _try(by, sent, [GONE] if sent.hook_id == old.pk else outcomes)


def _try(by: Actor, sent: Delivery, outcomes: list[Outcome]) -> None:
    """Attempts one after the other, each when its pause is over."""
    now = sent.made_at
    for number, outcome in enumerate(outcomes):
        now += timedelta(minutes=1 + number)
        claimed = work.claim_delivery(by=by, now=now, delivery_id=sent.pk)
        if claimed is not None:
            work.record_attempt(
                by=by, now=now, delivery_id=sent.pk, claim=claimed.claim, outcome=outcome
            )
