"""A zone's own list of kinds of request, and what a new zone begins with."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office, Zone
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.actions.story import may_say, must_say
from xiaoer.outreach.models import AppealKind, Programme

# Names a zone changes as it likes; the codes stay, figures of several zones are compared by them.
KINDS = (
    ("finance", "融资", "Financing"),
    ("labour", "用工", "Labour"),
    ("land", "用地与不动产", "Land and property"),
    ("power", "用电", "Power"),
    ("utilities", "水气热", "Water, gas and heat"),
    ("premises", "厂房载体", "Premises"),
    ("environment", "环保", "Environment"),
    ("traffic", "道路与物流", "Roads and logistics"),
    ("approval", "审批办证", "Approvals"),
    ("policy", "政策兑现", "Policies and claims"),
    ("technology", "科技创新", "Technology"),
    ("market", "市场与账款", "Markets and receivables"),
    ("conduct", "涉企检查与收费", "Inspections and fees"),
    ("other", "其他", "Other"),
)
PROGRAMMES = (
    ("routine", "日常走访", Programme.Kind.ROUTINE),
    ("leaders_day", "企业走访日", Programme.Kind.LEADERS_DAY),
    ("problem_day", "企业问题收集日", Programme.Kind.PROBLEM_DAY),
    ("consultation", "会诊", Programme.Kind.CONSULTATION),
    ("survey", "入企调研", Programme.Kind.SURVEY),
)


def _must_keep(by: Actor) -> None:
    if not access.is_system(by):
        access.must_be_desk(by)


@transaction.atomic
def seed_outreach(*, by: Actor, now: datetime) -> int:
    """Give a zone the kinds of request and programmes it does not have yet; how many were added."""
    _must_keep(by)
    known = set(AppealKind.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    kinds = [
        AppealKind(zone_id=by.zone_id, code=code, name=name, name_en=name_en, order=order)
        for order, (code, name, name_en) in enumerate(KINDS, start=1)
        if code not in known
    ]
    known = set(Programme.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    programmes = [
        Programme(zone_id=by.zone_id, code=code, name=name, kind=kind)
        for code, name, kind in PROGRAMMES
        if code not in known
    ]
    AppealKind.objects.bulk_create(kinds)
    Programme.objects.bulk_create(programmes)
    added = [kind.code for kind in kinds] + [programme.code for programme in programmes]
    if added:
        journal.record(
            by=by,
            now=now,
            verb="seed_outreach",
            subject=Zone.objects.get(pk=by.zone_id),
            codes=added,
        )
    return len(added)


@transaction.atomic
def keep_kind(
    *,
    by: Actor,
    now: datetime,
    code: str,
    name: str,
    name_en: str = "",
    office: Office | None = None,
    order: int = 0,
) -> AppealKind:
    """Add a kind of request, or change the name, usual office and place of one."""
    _must_keep(by)
    code = must_say(code, "code", _("Give the kind a short code."), most=30)
    name = must_say(name, "name", _("Give the kind a name."), most=60)
    kind, _made = AppealKind.objects.update_or_create(
        zone_id=by.zone_id,
        code=code,
        defaults={
            "name": name,
            "name_en": may_say(name_en, "name_en", 60),
            "office": office,
            "order": order,
        },
    )
    journal.record(
        by=by,
        now=now,
        verb="keep_kind",
        subject=kind,
        code=code,
        name=name,
        office=office.pk if office else None,
    )
    return kind
