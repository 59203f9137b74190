"""A proposal to re-draw cells and caseloads that waits to be looked at, and firms that stay put."""

from xiaoer.base.scope import acting
from xiaoer.demo.days import Days
from xiaoer.demo.firms import Firms
from xiaoer.demo.ground import Ground
from xiaoer.registry import actions as registry

SHOWN_IN = "jhtz"
# Tighter than the zone's own bound: today nobody is far above it.
EVEN = 105
NOTE = "明年网格包保重划（试算）"
PINNED = (
    ("officer", "在办诉求较多，由原包保人员跟进到底"),
    ("officer", "扩建项目正在验收，暂不换人"),
    ("cell", "新厂区跨两个单元，等地址变更后再定"),
)


def propose(ground: Ground, firms: Firms, days: Days) -> None:
    """The desk had a proposal computed yesterday; nobody has accepted it yet."""
    if ground.plan.code != SHOWN_IN:
        return
    by = ground.hands["desk.1"].actor
    with acting(by):
        for party, (kind, reason) in zip(firms.industrial[40::300], PINNED, strict=False):
            registry.pin_enterprise(by=by, now=days.ago(2), party=party, kind=kind, reason=reason)
        row = registry.ask_redrawing(by=by, now=days.ago(1), note=NOTE, values={"bound_most": EVEN})
        registry.work_on_redrawing(by=by, now=days.ago(1), number=row.pk)
