"""Licences of the demo: one in force, one about to run out, one revoked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from xiaoer.base.scope import acting
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import Ground
from xiaoer.papers import actions as papers
from xiaoer.papers.models import LicenceKind


@dataclass(frozen=True, slots=True)
class Issued:
    """One licence: its kind, so many working days ago, and how many days are left of it."""

    kind: str
    ago: int
    left: int
    says: Mapping[str, str]
    revoked: str = ""


LICENCES = (
    Issued("food_licence", 30, 1795, {"business_address": "崇文大道 26 号", "subject_form": "餐饮服务经营者",
                                      "business_items": "热食类食品制售"}),
    Issued("hygiene_licence", 160, 20, {"business_address": "瑞祥路 9 号", "place_type": "宾馆",
                                        "area": "1200 平方米"}),
    Issued("drainage_permit", 90, 1700, {"business_address": "同济路 41 号", "volume": "35 立方米",
                                         "drainage": "餐饮排水户，经隔油池排入市政污水管"},
           revoked="以提供虚假检测报告取得许可，依法撤销"),
)  # fmt: skip


def keep_licences(ground: Ground, firms: Firms, days: Days) -> None:
    """Issued by the approval bureau in the last months. Called inside the zone's scope."""
    hand = ground.hands["approval.1"]
    kinds = {kind.code: kind for kind in LicenceKind.objects.filter(zone_id=ground.zone.pk)}
    with acting(hand.actor):
        for one, party in zip(LICENCES, firms.services[40:], strict=False):
            now = days.ago(one.ago)
            licence = papers.issue_licence(
                by=hand.actor, now=now, kind=kinds[one.kind], party=party, holder_name=party.name,
                holder_code=party.credit_code, issuer=hand.office.name, office=hand.office,
                content={**one.says, "representative": party.contact_name or "法定代表人"},
                valid_from=now.date(), valid_until=days.today + timedelta(days=one.left), subject=None,
            )  # fmt: skip
            if one.revoked:
                papers.revoke_licence(
                    by=hand.actor, now=days.ago(4), licence=licence, why=one.revoked,
                    document="济高审批撤〔2026〕3号 行政许可撤销决定书",
                )  # fmt: skip
