"""文书用语: what each official paper of a case says. Always Chinese, as official papers are.

Pure text from rows that are given; the same text is shown before it is sent and stands in the
signed paper. Rights of reconsideration and lawsuit: Licensing Law, article 38; the limits of both
are those of the Administrative Reconsideration Law (article 20) and the Administrative Procedure
Law (article 46).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import translation

from xiaoer.permits.definition import Period
from xiaoer.permits.models import Case, CaseItem, CaseNotice
from xiaoer.work.calendar import LOCAL
from xiaoer.work.clocks import PauseReason

REMEDIES = (
    "如不服本决定，可以自收到本决定之日起六十日内依法申请行政复议，"
    "或者自收到本决定之日起六个月内依法向人民法院提起行政诉讼。"
)
Kind = CaseNotice.Kind


@dataclass(frozen=True, slots=True)
class NoticeText:
    """One paper: its title, its paragraphs, in whose name."""

    title: str
    paragraphs: tuple[str, ...]
    office_name: str


def on(moment: datetime | date | None) -> str:
    """A day as official papers write it."""
    if moment is None:
        return "（未定）"
    day = moment.astimezone(LOCAL).date() if isinstance(moment, datetime) else moment
    return f"{day.year}年{day.month}月{day.day}日"


def text_of(notice: CaseNotice, *, deliver: Period) -> NoticeText:
    """What an ordered paper says, from the event it follows and the zone's limit to hand out."""
    said = {
        **notice.event.detail,
        "at": notice.event.at,
        "deliver": f"{deliver.count} {_UNITS.get(deliver.unit, '日')}",
    }
    with translation.override("zh-hans"):
        return _WRITERS[Kind(notice.kind)](notice.case, notice.item, said)


def _window(case: Case) -> str:
    return case.desk.name if case.desk else _lead(case)


def _lead(case: Case) -> str:
    office = case.thing_version.thing.office
    return office.name if office else "综合受理窗口"


def _office(case: Case, item: CaseItem | None) -> str:
    return item.office.name if item is not None and item.office else _lead(case)


def _thing(case: Case) -> str:
    return f"“{case.thing_version.thing.name}”"


def _accepted(case: Case, _item: CaseItem | None, said: dict[str, Any]) -> NoticeText:
    how = (
        "因法定期限内未告知补正，依照《中华人民共和国行政许可法》第三十二条，"
        f"自收到申请材料之日即{on(case.accepted_at)}起视为受理。"
        if case.is_deemed
        else f"经审查，申请材料齐全、符合法定形式，决定于{on(case.accepted_at)}予以受理。"
    )
    lines = [
        f"你（单位）提交的{_thing(case)}申请（受理编号：{case.number}）收悉。{how}",
        "办理事项：" + "；".join(str(one) for one in said.get("items", [])) + "。",
    ]
    if said.get("promised"):
        lines.append(
            "容缺受理，以下材料请按承诺的时间补交："
            + "；".join(f"{name}（{day}前）" for name, day in said["promised"])
            + "。"
        )
    lines.append("办理进度可凭受理编号查询。各事项分别计算法定时限和承诺时限，办结后统一发证。")
    return NoticeText("受理通知书", tuple(lines), _window(case))


def not_accepted_text(case: Case, why: str, reason: str) -> NoticeText:
    """Why an application is not taken: nothing is needed, another authority's, or not complete."""
    lead = f"你（单位）提交的{_thing(case)}申请（编号：{case.number}）收悉。"
    grounds = {
        Case.State.NOT_NEEDED: "经审查，该事项依法不需要取得行政许可，即时告知不受理。",
        Case.State.WRONG_PLACE: "经审查，该事项依法不属于本机关职权范围，决定不予受理。",
        Case.State.NOT_ACCEPTED: "经审查，该申请不符合法定受理条件，决定不予受理。",
    }
    lines = [lead, grounds[Case.State(why)], f"理由：{reason}"]
    if why != Case.State.NOT_NEEDED:
        lines.append(REMEDIES)
    return NoticeText("不予受理通知书", tuple(lines), _window(case))


def _not_accepted(case: Case, _item: CaseItem | None, said: dict[str, Any]) -> NoticeText:
    return not_accepted_text(case, str(said["why"]), str(said["words"]))


def supplement_text(case: Case, gaps: Sequence[dict[str, Any]], due: datetime | date) -> NoticeText:
    """Everything that is missing, of all departments, once (article 32)."""
    lines = [
        f"你（单位）提交的{_thing(case)}申请（编号：{case.number}）收悉。经各有关部门审查，"
        "需一次性补正以下内容：",
        *(
            f"{number}．{gap.get('what', '')}：{gap.get('why', '')}"
            + (f"（{gap['office']}）" if gap.get("office") else "")
            for number, gap in enumerate(gaps, 1)
        ),
        f"请于{on(due)}前补正。补正后自收到全部补正材料之日起受理；逾期未补正的，申请退回，"
        "可以重新提出。",
    ]
    return NoticeText("一次性补正告知书", tuple(lines), _window(case))


def _supplement(case: Case, _item: CaseItem | None, said: dict[str, Any]) -> NoticeText:
    gaps = [dict(one) for one in said.get("gaps", [])]
    return supplement_text(case, gaps, datetime.fromisoformat(str(said["due_at"])))


def _paused(case: Case, item: CaseItem | None, said: dict[str, Any]) -> NoticeText:
    reason = PauseReason(str(said["reason"])).label
    lines = (
        f"你（单位）申请的“{item.name if item else ''}”（受理编号：{case.number}），"
        f"依法需要进行{reason}：{said.get('words', '')}",
        f"所需时间预计为 {said.get('working_days', 0)} 个工作日，自{on(said['at'])}起计算。依照"
        "《中华人民共和国行政许可法》第四十五条，该时间不计算在办理期限内，现书面告知。",
    )
    return NoticeText("不计入办理期限告知书", lines, _office(case, item))


def _extended_together(case: Case, said: dict[str, Any]) -> NoticeText:
    """More time for all branches at once (article 42, second paragraph)."""
    unit = _UNITS.get(str(said.get("unit", "")), "日")
    lines = (
        f"你（单位）提交的{_thing(case)}申请（受理编号：{case.number}）由有关部门联合办理，"
        f"在 {said.get('limit', 0)} {unit}内不能办结。",
        "依照《中华人民共和国行政许可法》第四十二条第二款，经本级人民政府负责人批准，延长"
        f" {said.get('count', 0)} {unit}，至{on(_day_of(said.get('until')))}前办结。",
        f"理由：{said.get('words', '')}",
        "各事项自身的法定时限和承诺时限不因此改变。",
    )
    return NoticeText("延长办理期限告知书", lines, _window(case))


_UNITS = {"working_day": "个工作日", "calendar_day": "日"}


def _day_of(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None


def _extended(case: Case, item: CaseItem | None, said: dict[str, Any]) -> NoticeText:
    if item is None:
        return _extended_together(case, said)
    lines = (
        f"你（单位）申请的“{item.name if item else ''}”（受理编号：{case.number}），"
        "在法定期限内不能作出决定。",
        f"经本机关负责人批准，延长 {said.get('count', 0)} 个工作日，至"
        f"{on(item.statutory_due_at if item else None)}前作出决定。",
        f"理由：{said.get('words', '')}",
    )
    return NoticeText("延长办理期限告知书", lines, _office(case, item))


def _granted(case: Case, item: CaseItem | None, said: dict[str, Any]) -> NoticeText:
    name = item.name if item else ""
    lines = [
        f"你（单位）申请的“{name}”（受理编号：{case.number}），经审查，符合法定条件、标准。",
        "依照《中华人民共和国行政许可法》第三十八条，决定准予行政许可。",
        f"证照自作出决定之日起 {said.get('deliver', '')}内颁发、送达。",
    ]
    if item is not None and item.by_promise:
        lines.insert(1, "本事项按告知承诺办理；承诺不实的，依法责令改正，逾期不改的撤销许可。")
    return NoticeText("准予行政许可决定书", tuple(lines), _office(case, item))


def refusal_text(case: Case, item: CaseItem, reasons: str, remedies: str) -> NoticeText:
    """Why it is refused, what can be done, and the rights of the applicant (article 38)."""
    lines = [
        f"你（单位）申请的“{item.name}”（受理编号：{case.number}），经审查，不符合法定条件、标准，"
        "决定不予行政许可。",
        f"理由：{reasons}",
    ]
    if remedies:
        lines.append(f"补救途径：{remedies}")
    lines.append(REMEDIES)
    return NoticeText("不予行政许可决定书", tuple(lines), _office(case, item))


def _refused(case: Case, item: CaseItem | None, said: dict[str, Any]) -> NoticeText:
    if item is None:
        raise ValueError("A refusal is of an item.")
    return refusal_text(case, item, str(said.get("words", "")), str(said.get("remedies", "")))


def _defects(case: Case, _item: CaseItem | None, said: dict[str, Any]) -> NoticeText:
    lines = [
        f"对你（单位）{_thing(case)}申请（受理编号：{case.number}）联合踏勘，需整改以下问题，"
        "一次性告知：",
        *(
            f"{number}．{one.get('what', '')}"
            + (f"（依据：{one['clause']}）" if one.get("clause") else "")
            + (f"，{one['due']}前完成" if one.get("due") else "")
            + f"（{one.get('item', '')}）"
            for number, one in enumerate(said.get("defects", []), 1)
        ),
        "整改完成后请告知，仅复核以上事项。踏勘和整改时间计入办理期限。",
    ]
    return NoticeText("联合踏勘整改意见书", tuple(lines), _lead(case))


def _broken(case: Case, _item: CaseItem | None, said: dict[str, Any]) -> NoticeText:
    lines = (
        f"你（单位）申请{_thing(case)}（受理编号：{case.number}）时承诺补交“{said.get('name', '')}”，"
        f"承诺期限为{said.get('until', '')}，至今未收到。",
        "请立即补交。逾期不补的，由有关机关依法处理。",
    )
    return NoticeText("容缺材料催告书", lines, _lead(case))


_WRITERS = {
    Kind.ACCEPTED: _accepted,
    Kind.NOT_ACCEPTED: _not_accepted,
    Kind.SUPPLEMENT: _supplement,
    Kind.PAUSED: _paused,
    Kind.EXTENDED: _extended,
    Kind.GRANTED: _granted,
    Kind.REFUSED: _refused,
    Kind.DEFECTS: _defects,
    Kind.BROKEN: _broken,
}
