"""收件凭证: the signed paper that says what was received, made once, when somebody asks for it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from xiaoer.base.models import StoredFile, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, on_behalf
from xiaoer.papers import actions as papers
from xiaoer.papers.models import OfficialNotice
from xiaoer.permits.models import Case, CaseMaterial
from xiaoer.web.words import full_day

RECEIPT = "receipt"


@transaction.atomic
def give_receipt(*, by: Actor, now: datetime, case: Case) -> StoredFile:
    """The receipt of a submitted application as a signed PDF; asked for again it is the same one."""
    if not Case.objects.filter(zone_id=by.zone_id, pk=case.pk).exists():
        raise Refused(_("There is no such application here for you."))
    with on_behalf(by):
        row = (
            Case.objects.select_for_update(of=("self",))
            .select_related("thing_version__thing", "party", "desk")
            .get(zone_id=by.zone_id, pk=case.pk)
        )
        if row.submitted_at is None:
            raise Refused(_("A receipt is given once the application is submitted."))
        known = OfficialNotice.objects.filter(
            zone_id=row.zone_id, kind=RECEIPT, subject_type="permit_case", subject_id=row.pk
        ).first()
        if known is not None:
            return StoredFile.objects.get(zone_id=row.zone_id, pk=known.file_id)
        zone = Zone.objects.get(pk=row.zone_id)
        with override("zh-hans"):
            return papers.make_notice(
                by=by,
                now=now,
                kind=RECEIPT,
                title="收件凭证",
                number=row.number,
                addressee=row.applicant_name,
                paragraphs=_paragraphs(row),
                office_name=row.desk.name if row.desk else zone.name,
                subject=row,
                party=row.party,
            )


def _paragraphs(row: Case) -> list[str]:
    """Always Chinese, as an official paper."""
    given = row.materials.exclude(state=CaseMaterial.State.MISSING)
    papers_here = [f"{one.name}（{_how(one)}）" for one in given]
    return [
        f"您于{full_day(row.submitted_at)}提交的“{row.thing_version.thing.name}”申请已收到，"
        f"受理编号 {row.number}。",
        f"收到材料：{'；'.join(papers_here) or '无'}。",
        "我们将在法定期限内一次性告知是否受理或需要补正的全部内容。逾期不告知的，自收到之日起即为受理。",
    ]


def _how(one: CaseMaterial) -> str:
    if one.state == CaseMaterial.State.PROMISED and one.promised_until is not None:
        return f"承诺{full_day(one.promised_until)}前补交"
    return "复用已有材料" if one.state == CaseMaterial.State.HELD else "已提交"
