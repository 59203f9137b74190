"""The papers of a joint acceptance: the acceptance notice, the one list of defects, the joint opinion.

Official papers are always Chinese, and signed; without the key nothing leaves, and the act waits.
"""

from collections.abc import Sequence
from datetime import date, datetime

from xiaoer.base import files
from xiaoer.base.models import StoredFile
from xiaoer.base.scope import Actor
from xiaoer.papers.actions.notices import make_notice
from xiaoer.permits.actions.acceptance_tasks import window
from xiaoer.permits.models import Acceptance, AcceptanceCheck, AcceptanceKind, Defect

WAYS = {Defect.Way.PAPERS: "书面复核", Defect.Way.SITE: "现场复核"}
SEALED = "本意见书汇总各部门依法分别作出的结果；各分项结果各自生效，未列事项不受其影响。"


def day_words(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _make(
    row: Acceptance, title: str, kind: str, paragraphs: Sequence[str], *, by: Actor, now: datetime
) -> StoredFile:
    """Signed, kept, and pinned so that the owner finds it on the page of its acceptance."""
    file = make_notice(
        by=by, now=now, kind=kind, title=title, number=row.number,
        addressee=row.party.name if row.party else row.project.owner_name or row.project.name,
        paragraphs=paragraphs, office_name=window(row.zone_id).name, subject=row, party=row.party,
    )  # fmt: skip
    files.pin_file(
        by=by, now=now, file=file, subject=row, name=f"{title} {row.number}.pdf", is_shown=True
    )
    return file


def _what(row: Acceptance) -> str:
    area = f"，建筑面积{row.area_m2}平方米" if row.area_m2 else ""
    return f"{row.project.name}{row.part}{area}"


def acceptance_notice(
    row: Acceptance, checks: Sequence[AcceptanceCheck], later: str, *, by: Actor, now: datetime
) -> StoredFile:
    """受理通知书."""
    names = "、".join(one.kind.name for one in checks)
    return _make(
        row, "联合验收受理通知书", "acceptance",
        [
            f"你单位提交的{_what(row)}联合验收申请，经审查予以受理，受理编号{row.number}。",
            f"本次联合验收事项：{names}。",
            f"容缺后补资料：{later}" if later else "",
            "现场验收时间另行通知。",
        ],
        by=by, now=now,
    )  # fmt: skip


def defects_notice(
    row: Acceptance, defects: Sequence[Defect], *, by: Actor, now: datetime
) -> StoredFile:
    """整改意见: one paper of all departments."""
    points = [
        f"{place}. 【{one.check_row.office.name if one.check_row.office else one.check_row.kind.authority}】"
        f"{one.what}{f'（{one.place}）' if one.place else ''}；依据：{one.clause}；"
        f"整改期限：{day_words(one.due_on)}；复核方式：{WAYS[Defect.Way(one.way)]}。"
        for place, one in enumerate(defects, start=1)
    ]
    return _make(
        row, "联合验收整改清单", "acceptance_defects",
        [f"{_what(row)}现场联合验收发现下列问题，请逐项整改：", *points,
         "整改完成后请报告窗口，只对上述问题复核。"],
        by=by, now=now,
    )  # fmt: skip


def joint_opinion(
    row: Acceptance, checks: Sequence[AcceptanceCheck], *, by: Actor, now: datetime
) -> StoredFile:
    """联合验收意见书: the one conclusion with every separate result."""
    results = [
        f"{place}. {one.kind.name}（{one.office.name if one.office else one.kind.authority}）："
        f"{one.result_number}，{day_words(one.result_on)}。"
        for place, one in enumerate(
            (one for one in checks if one.kind.turn == AcceptanceKind.Turn.SITE), start=1
        )
    ]
    return _make(
        row, "联合验收意见书", "acceptance_opinion",
        [f"{_what(row)}经联合验收，各事项结果如下：", *results, "结论：联合验收通过。", SEALED],
        by=by, now=now,
    )  # fmt: skip
