"""A project of an enterprise of East with its plan, for the tests of plans."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.town import NOW
from xiaoer.base.scope import Actor, acting
from xiaoer.work import actions as work
from xiaoer.work import queries
from xiaoer.work.models import Matter, Plan, Step
from xiaoer.work.tests.conftest import Firms

PROMISED = date(2027, 12, 31)
START = date(2026, 11, 20)


@dataclass(frozen=True)
class Planned:
    """A plan, and short ways to do things to it."""

    firms: Firms
    plan: Plan

    def of(self, who: str | Actor) -> Actor:
        return self.firms.of(who) if isinstance(who, str) else who

    def step(self, code: str, who: str | Actor = "east-admin") -> Step:
        with acting(self.of(who)):
            return Step.objects.select_related("plan").get(plan=self.plan, code=code)

    def fresh(self, who: str | Actor = "east-admin") -> Plan:
        with acting(self.of(who)):
            return Plan.objects.get(pk=self.plan.pk)

    def do(
        self, verb: str, who: str | Actor = "east-admin", now: datetime = NOW, **given: Any
    ) -> Any:
        by = self.of(who)
        with acting(by):
            return getattr(work, verb)(by=by, now=now, **given)

    def report(self, code: str, who: str | Actor = "east-admin", **said: Any) -> Any:
        now = said.pop("now", NOW)
        step = self.step(code, who)
        return self.do(
            "report_step", who, now, step=step, version=step.version,
            progress=work.Progress(**said),
        )  # fmt: skip


def matter_for(firms: Firms, subject: int = 1, title: str = "岱锋液压二期") -> Matter:
    by = firms.of("east-admin")
    with acting(by):
        return work.open_matter(
            by=by, now=NOW, kind="project", subject_id=subject, title=title,
            address=f"/projects/{subject}/", party=firms.party,
        )  # fmt: skip


def planned(firms: Firms, template: str = "new_build", **given: Any) -> Planned:
    by = firms.of("east-admin")
    matter = given.pop("matter", None) or matter_for(firms)
    given = {"title": matter.title, "starts_on": START, "promised_on": PROMISED, **given}
    with acting(by):
        kept = queries.template_in_use(by.zone_id, template) if template else None
        plan = work.make_plan(by=by, now=NOW, matter=matter, template=kept, **given)
    return Planned(firms, plan)
