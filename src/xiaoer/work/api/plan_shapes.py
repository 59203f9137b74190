"""What the API says and takes of plans."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from xiaoer.work.models import DayUnit, Doer, LinkKind, Plan, PlanTemplate

Id = Annotated[int, Field(ge=1, le=9223372036854775807)]
Short = Annotated[str, Field(max_length=500)]
PlanLight = Literal["red", "amber", "green", "grey"]


class PlanOut(Schema):
    """A plan with its forecast; ``slack`` in calendar days, negative: lost; ``chance`` in percent."""

    id: int
    title: str
    matter_id: int
    party_id: int | None
    template_id: int | None
    starts_on: date
    promised_on: date
    first_promised_on: date
    forecast_on: date | None
    slack: int | None
    chance: int | None
    likely_on: date | None
    reckoned_at: datetime | None
    closed_at: datetime | None
    version: int


class PlanLineOut(PlanOut):
    """A plan in a list: its light, how many steps must start this week, how many are held up."""

    light: PlanLight
    soon: int
    held: int


class PlanPageOut(Schema):
    rows: list[PlanLineOut]
    total: int


class PlanStepOut(Schema):
    """A step as reckoned for today."""

    id: int
    code: str
    name: str
    name_en: str
    phase: str
    doer: Doer
    who: str
    low: int
    likely: int
    high: int
    unit: DayUnit
    is_government: bool
    limit_count: int | None
    limit_unit: str
    limit_source: str
    needs: str
    milestone: str
    not_before: date | None
    not_after: date | None
    started_on: date | None
    finished_on: date | None
    share: int
    remaining: int | None
    blocked_by: str
    blocked_since: date | None
    early_start: date
    early_finish: date
    late_start: date
    late_finish: date
    float_days: int
    is_critical: bool
    version: int


class PlanLinkOut(Schema):
    """The later step waits for the earlier."""

    id: int
    before_id: int
    after_id: int
    kind: LinkKind
    lag: int
    lag_unit: DayUnit


class PlanViewOut(Schema):
    """A plan with its steps and links; ``conflict``: facts that cannot all hold, when it is lost."""

    plan: PlanOut
    light: PlanLight
    ends_on: date
    slack: int
    government_percent: int | None
    is_provisional: bool
    steps: list[PlanStepOut]
    links: list[PlanLinkOut]
    conflict: list[str]


class PlanMovedOut(Schema):
    name: str
    before: date
    after: date
    days: int


class PlanWhatIfOut(Schema):
    """What a change would move, before anybody saves it."""

    before_on: date
    ends_on: date
    slack: int
    moved: list[PlanMovedOut]


class StepToStartOut(Schema):
    """A step whose last day to start comes soon, or has passed."""

    step_id: int
    step: str
    plan_id: int
    plan: str
    who: str
    late_start: date
    float_days: int | None
    is_critical: bool
    is_overdue: bool
    blocked_by: str


class StepHeldOut(Schema):
    """Who holds up whom, since when."""

    step_id: int
    step: str
    plan_id: int
    plan: str
    who: str
    needs: str
    blocked_by: str
    since: date
    until: date | None
    days: int


class SlipForecastOut(Schema):
    ran_at: datetime
    runs: int
    seed: int
    promised_on: date
    chance: int
    early_on: date
    middle_on: date
    likely_on: date
    movers: list[dict[str, object]]
    learned: list[str]


class BaselineOut(Schema):
    number: int
    promised_on: date
    reason: str
    at: datetime


class PlanTemplateOut(Schema):
    id: int
    code: str
    name: str
    number: int
    state: PlanTemplate.State
    source: str
    mark: str
    version: int


class NewPlanIn(Schema):
    """``template_id`` of a version in use; without it the plan begins without steps."""

    matter_id: Id
    title: Annotated[str, Field(max_length=120)]
    starts_on: date
    promised_on: date
    template_id: Id | None = None


class StepProgressIn(Schema):
    """What is null stays as it was; ``version`` is that of the step as it was read."""

    version: int
    started_on: date | None = None
    finished_on: date | None = None
    share: int | None = None
    remaining: int | None = None
    note: Short = ""
    is_correction: bool = False


class PlanStepIn(Schema):
    """A step as a planner says it; low and high default to likely."""

    name: Annotated[str, Field(max_length=80)]
    doer: Doer
    likely: int
    low: int | None = None
    high: int | None = None
    unit: DayUnit = DayUnit.WORKING
    name_en: Annotated[str, Field(max_length=120)] = ""
    phase: Annotated[str, Field(max_length=40)] = ""
    order: Annotated[int, Field(ge=0, le=30000)] | None = None
    doer_name: Annotated[str, Field(max_length=60)] = ""
    office_id: Id | None = None
    post_id: Id | None = None
    is_government: bool = False
    limit_count: Annotated[int, Field(ge=0, le=2000)] | None = None
    limit_unit: DayUnit | Literal[""] = ""
    limit_source: Annotated[str, Field(max_length=200)] = ""
    resource_id: Id | None = None
    resource_units: Annotated[int, Field(ge=0, le=1000)] = 0
    needs: Annotated[str, Field(max_length=20, pattern=r"^[a-z_-]*$")] = ""
    milestone: Annotated[str, Field(max_length=20, pattern=r"^[a-z_-]*$")] = ""
    not_before: date | None = None
    not_after: date | None = None


class NewStepIn(PlanStepIn):
    after_id: Id | None = None
    before_id: Id | None = None


class ChangedStepIn(PlanStepIn):
    version: int


class StepVersionIn(Schema):
    version: int


class StepReasonIn(Schema):
    version: int
    reason: Short


class StepBlockIn(Schema):
    version: int
    blocked_by: Annotated[str, Field(max_length=80)]


class PlanLinkIn(Schema):
    before_id: Id
    after_id: Id
    kind: LinkKind = LinkKind.FS
    lag: int = 0
    lag_unit: DayUnit = DayUnit.CALENDAR


class PromisedDayIn(Schema):
    version: int
    promised_on: date
    reason: Short


class PlanReasonIn(Schema):
    reason: Short = ""


class PlanRunsIn(Schema):
    runs: int = 10_000


class PlanAdoptIn(Schema):
    version: int
    template_id: Id


class PlanLinesIn(Schema):
    """What a sheet says of many steps, written all or not at all; ``version`` is the plan's."""

    version: int
    lines: list["PlanSheetLineIn"]


class PlanSheetLineIn(Schema):
    step_id: Id
    likely: int | None = None
    not_before: date | None = None
    not_after: date | None = None
    started_on: date | None = None
    finished_on: date | None = None
    share: int | None = None
    remaining: int | None = None
    note: Short = ""


PlanLinesIn.model_rebuild()


def plan_out(plan: Plan) -> dict[str, object]:
    """The columns of a plan that its shapes share."""
    return {name: getattr(plan, name) for name in PlanOut.model_fields}
