"""Applications of the largest demo zone: a batch with firms on their way, a sheet looked at."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

from xiaoer.base.scope import Actor
from xiaoer.demo.days import Days
from xiaoer.demo.ground import Ground
from xiaoer.growth import actions as growth
from xiaoer.growth.actions import TitleFacts
from xiaoer.growth.models import Application, TitleKind
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
    lines = [HEADS, f"{firms[20].name},国家制造业单项冠军企业,{year}-09-30,,样例〔{year}〕1号"]
    lines.append(f"{firms[21].name},单项冠军,{year}-09-30,,样例〔{year}〕1号")
    body = BytesIO("\n".join(lines).encode())
    growth.preview_titles(by=by, now=days.ago(3), stream=body, file_name=SHEET)


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
