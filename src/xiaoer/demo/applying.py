"""Applications of the largest demo zone: a batch with firms on their way, a sheet looked at."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

from xiaoer.base import files
from xiaoer.base.scope import Actor
from xiaoer.base.tables import look_at_sheet
from xiaoer.demo.days import Days
from xiaoer.demo.ground import Ground
from xiaoer.growth import actions as growth
from xiaoer.growth.actions import TitleFacts
from xiaoer.growth.models import Application, TitleKind, TitleSheet
from xiaoer.registry.models import Party

State = Application.State
SHEET = "称号名单（样例）.csv"
HEADS = "企业名称,称号,认定日期,有效期至,文号"


def keep_applications(ground: Ground, firms: Sequence[Party], days: Days) -> None:
    """What the innovation desk has in hand; told by the desk's own verbs."""
    if ground.plan.code != "jhtz":
        return
    by, then = ground.hands["desk.2"].actor, days.ago(30)
    year = days.today.year
    kinds = {kind.code: kind for kind in TitleKind.objects.filter(zone=ground.zone)}
    batch = growth.open_batch(
        by=by,
        now=then,
        kind=kinds["champion"],
        name=f"{year}年申报",
        year=year,
        opens_on=date(year, 5, 1),
        closes_on=date(year, 12, 20),
    )
    moves = (
        (),
        (State.PREPARING,),
        (State.SUBMITTED,),
        (State.PREPARING, State.SUBMITTED),
        (State.SUBMITTED, State.RECOMMENDED),
        (State.SUBMITTED, State.RECOMMENDED, State.GRANTED),
        (State.SUBMITTED, State.REFUSED),
    )
    for firm, steps in zip(firms[:14:2], moves, strict=True):
        row = growth.plan_application(
            by=by, now=then, party=firm, kind=kinds["champion"], batch=batch
        )
        for turn, state in enumerate(steps):
            now = days.ago(24 - 6 * turn)
            _move(row, state, by=by, now=now, on=now.date())
    _look_at_sheet(ground, firms[20].name, days)


def _look_at_sheet(ground: Ground, firm: str, days: Days) -> None:
    """A sheet the desk has looked at and not taken over; a preview tries each row and takes it back,
    which the building of the demo, one transaction without savepoints, cannot."""
    hand, now = ground.hands["desk.2"], days.ago(3)
    said = f"{days.today.year}-09-30 样例1号"
    lines = [HEADS, f"{firm},国家制造业单项冠军企业,{said}", f"{firm},单项冠军,{said}"]
    body = BytesIO("\n".join(lines).encode())
    file = files.keep_file(by=hand.actor, now=now, stream=body, name=SHEET, look=look_at_sheet)
    TitleSheet.objects.create(
        zone=ground.zone,
        post=hand.post,
        file=file,
        file_name=SHEET,
        holds=TitleSheet.Holds.TITLES,
        rows=[
            {"row_no": 2, "what": lines[1], "outcome": "created", "reason": "", "advice": ""},
            {
                "row_no": 3,
                "what": lines[2],
                "outcome": "rejected",
                "reason": "没有名为“单项冠军”的称号。",
                "advice": "可能是：国家制造业单项冠军企业。请按称号种类里的名称填写。",
            },
        ],
        created=1,
        rejected=1,
        at=now,
    )


def _move(row: Application, state: str, *, by: Actor, now: datetime, on: date) -> None:
    if state == State.GRANTED:
        growth.grant_application(
            by=by,
            now=now,
            application=row,
            facts=TitleFacts(granted_on=on, document="样例：认定通知"),
        )
    elif state == State.REFUSED:
        growth.refuse_application(
            by=by, now=now, application=row, on=on, reason="主导产品全球排名证明不足"
        )
    else:
        growth.move_application(by=by, now=now, application=row, to=state, on=on)
