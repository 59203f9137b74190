"""Plans: templates of steps, the plan of one promise, what was promised, done, and forecast."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.registry.models import Party
from xiaoer.work.models.tasks import Matter


class Doer(models.TextChoices):
    """谁办: whose a step is."""

    OWNER = "owner", _("the enterprise")
    CONTRACTOR = "contractor", _("contractor or supplier")
    DEPARTMENT = "department", _("department")
    UTILITY = "utility", _("utility")
    ZONE = "zone", _("the zone")


class DayUnit(models.TextChoices):
    """工期单位: in which days a duration or a lag is counted."""

    WORKING = "working", _("working days")
    CALENDAR = "calendar", _("calendar days")


class LinkKind(models.TextChoices):
    """搭接关系: what the later step waits for."""

    FS = "FS", _("starts after the other ends")
    SS = "SS", _("starts after the other starts")
    FF = "FF", _("ends after the other ends")
    SF = "SF", _("ends after the other starts")


class Resource(models.Model):
    """资源: what several projects of the zone need at once: inspectors, a panel, a connection team."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    capacity = models.PositiveSmallIntegerField(help_text="how many at the same time")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    source = models.CharField(max_length=200, blank=True, help_text="of the capacity")
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "resource"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="resource_code_once"),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="resource_is_some"),
        ]

    def __str__(self) -> str:
        return self.name


class PlanTemplate(models.Model):
    """计划模板: the steps of one kind of project; an edit is a new version, plans keep theirs."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        LIVE = "live", _("in use")
        RETIRED = "retired", _("retired")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    number = models.PositiveIntegerField(default=1, help_text="版本")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    released_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "plan_template"
        ordering = ["code", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "code", "number"], name="plan_template_version_once"
            ),
            models.UniqueConstraint(
                fields=["zone", "code"],
                condition=Q(state="live"),
                name="plan_template_one_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class StepShape(models.Model):
    """What a step of a template and a step of a plan have in common.

    ``low``, ``likely``, ``high`` are days of ``unit``. ``limit_count`` is the law's limit of a step
    of the government's own, in ``limit_unit``, with its source; ``needs`` the element without which
    it cannot start; ``milestone`` what its end means in the life of a project.
    """

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    phase = models.CharField(max_length=40, blank=True, help_text="such as 土地与规划")
    order = models.PositiveSmallIntegerField(default=0)
    doer = models.CharField(max_length=12, choices=Doer.choices)
    low = models.PositiveSmallIntegerField()
    likely = models.PositiveSmallIntegerField()
    high = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=10, choices=DayUnit.choices, default=DayUnit.WORKING)
    is_government = models.BooleanField(default=False, help_text="one of the government's own")
    limit_count = models.PositiveSmallIntegerField(null=True, blank=True)
    limit_unit = models.CharField(max_length=10, choices=DayUnit.choices, blank=True)
    limit_source = models.CharField(max_length=200, blank=True)
    resource_units = models.PositiveSmallIntegerField(default=0)
    needs = models.SlugField(max_length=20, blank=True, help_text="element: land, power …")
    milestone = models.SlugField(max_length=20, blank=True, help_text="started, completed …")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class TemplateStep(StepShape):
    """模板工序: one step of a template."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    template = models.ForeignKey(PlanTemplate, on_delete=models.CASCADE, related_name="steps")
    office_name = models.CharField(max_length=60, blank=True, help_text="who does it, in words")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    mark = models.CharField(max_length=2, blank=True, help_text="of its duration")

    class Meta:
        db_table = "template_step"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["template", "code"], name="template_step_code_once"),
            models.CheckConstraint(
                condition=Q(low__lte=F("likely")) & Q(likely__lte=F("high")),
                name="template_step_durations_in_order",
            ),
        ]


class TemplateLink(models.Model):
    """模板搭接: between two steps of a template; the lag may be negative."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    template = models.ForeignKey(PlanTemplate, on_delete=models.CASCADE, related_name="links")
    before = models.ForeignKey(TemplateStep, on_delete=models.CASCADE, related_name="+")
    after = models.ForeignKey(TemplateStep, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=2, choices=LinkKind.choices, default=LinkKind.FS)
    lag = models.SmallIntegerField(default=0)
    lag_unit = models.CharField(max_length=10, choices=DayUnit.choices, default=DayUnit.CALENDAR)

    class Meta:
        db_table = "template_link"
        constraints = [
            models.UniqueConstraint(fields=["before", "after", "kind"], name="template_link_once"),
            models.CheckConstraint(
                condition=~Q(before=F("after")), name="template_link_of_two_steps"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before_id} {self.kind} {self.after_id}"


class Plan(models.Model):
    """计划: the steps towards one promised day, reckoned backwards from it (倒排).

    ``promised_on`` changes only by a verb that keeps what was promised before (``PromiseChange``);
    ``first_promised_on`` never does. What the columns of its steps say was reckoned at
    ``reckoned_at`` for the day ``reckoned_for``. The forecast is of the last run of chance
    (``SlipForecast``), copied here so that lists need no second table.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="plan")
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    title = models.CharField(max_length=120)
    template = models.ForeignKey(
        PlanTemplate, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    starts_on = models.DateField(help_text="no step starts before it")
    promised_on = models.DateField(help_text="the last step is to end by this day")
    first_promised_on = models.DateField()
    reckoned_at = models.DateTimeField(null=True, blank=True)
    reckoned_for = models.DateField(null=True, blank=True)
    forecast_on = models.DateField(null=True, blank=True, help_text="its end at likely durations")
    slack = models.IntegerField(null=True, blank=True, help_text="calendar days; negative: lost")
    likely_on = models.DateField(null=True, blank=True, help_text="80 of 100 runs end by it")
    chance = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="percent of the runs that keep the promised day"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "plan"
        indexes = [
            # Partial: boards and schedules cost the same however many plans ended before.
            models.Index(
                fields=["zone", "promised_on"],
                condition=Q(closed_at__isnull=True),
                name="plan_open",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Step(StepShape):
    """工序: one step of a plan, with what was reckoned for it and what really happened.

    ``remaining``: days of ``unit`` that its doer said on ``remaining_on`` were left, that day
    counted, over the template's durations.
    ``early_*`` run forwards from today, ``late_*`` backwards from the promised day; ``float_days``
    are calendar days between them. ``planned_*`` is the schedule under the zone's limited resources.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="steps")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    doer_name = models.CharField(max_length=60, blank=True, help_text="such as the contractor")
    resource = models.ForeignKey(
        Resource, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    not_before = models.DateField(null=True, blank=True)
    not_after = models.DateField(null=True, blank=True, help_text="must end by it")
    started_on = models.DateField(null=True, blank=True)
    finished_on = models.DateField(null=True, blank=True)
    remaining = models.PositiveSmallIntegerField(null=True, blank=True)
    remaining_on = models.DateField(null=True, blank=True, help_text="the day it was said")
    share = models.PositiveSmallIntegerField(default=0, help_text="percent done")
    blocked_since = models.DateField(null=True, blank=True)
    blocked_by = models.CharField(max_length=80, blank=True, help_text="who or what holds it up")
    is_held = models.BooleanField(default=False, help_text="blocked by the element it needs")
    held_until = models.DateField(null=True, blank=True, help_text="when the element is to come")
    dropped_at = models.DateTimeField(null=True, blank=True)
    early_start = models.DateField(null=True, blank=True)
    early_finish = models.DateField(null=True, blank=True)
    late_start = models.DateField(null=True, blank=True)
    late_finish = models.DateField(null=True, blank=True)
    float_days = models.IntegerField(null=True, blank=True)
    is_critical = models.BooleanField(default=False)
    planned_start = models.DateField(null=True, blank=True)
    planned_finish = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "step"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="step_code_once"),
            models.CheckConstraint(
                condition=Q(low__lte=F("likely")) & Q(likely__lte=F("high")),
                name="step_durations_in_order",
            ),
            models.CheckConstraint(
                condition=Q(finished_on__isnull=True)
                | (Q(started_on__isnull=False) & Q(finished_on__gte=F("started_on"))),
                name="step_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=Q(share__lte=100), name="step_share_of_a_hundred"),
            models.CheckConstraint(
                condition=Q(blocked_since__isnull=True, blocked_by="")
                | (Q(blocked_since__isnull=False) & ~Q(blocked_by="")),
                name="step_blocked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(is_held=False, held_until__isnull=True)
                | Q(is_held=True, blocked_since__isnull=False),
                name="step_held_is_blocked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "late_start"],
                condition=Q(finished_on__isnull=True, dropped_at__isnull=True),
                name="step_open",
            ),
            models.Index(
                fields=["zone", "code", "finished_on"],
                condition=Q(finished_on__isnull=False),
                name="step_durations_learned",
            ),
        ]


class StepLink(models.Model):
    """搭接: between two steps of a plan; the lag may be negative."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="links")
    before = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="followers")
    after = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="waits")
    kind = models.CharField(max_length=2, choices=LinkKind.choices, default=LinkKind.FS)
    lag = models.SmallIntegerField(default=0)
    lag_unit = models.CharField(max_length=10, choices=DayUnit.choices, default=DayUnit.CALENDAR)

    class Meta:
        db_table = "step_link"
        constraints = [
            models.UniqueConstraint(fields=["before", "after", "kind"], name="step_link_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="step_link_of_two_steps"),
        ]

    def __str__(self) -> str:
        return f"{self.before_id} {self.kind} {self.after_id}"


class PromiseChange(models.Model):
    """改期: a promised day set anew, with the reason and who allowed it; none is ever lost."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="promises")
    promised_on = models.DateField()
    before_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "promise_change"
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.promised_on)


class Baseline(models.Model):
    """基线: a plan as it was settled on a day, to hold the actual course against."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="baselines")
    number = models.PositiveSmallIntegerField()
    promised_on = models.DateField()
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "baseline"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="baseline_number_once")
        ]

    def __str__(self) -> str:
        return str(self.number)


class BaselineStep(models.Model):
    """基线工序: when a step was to start and end, as settled."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="steps")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="settled")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        db_table = "baseline_step"
        constraints = [
            models.UniqueConstraint(fields=["baseline", "step"], name="baseline_step_once")
        ]

    def __str__(self) -> str:
        return str(self.step_id)


class StepReport(models.Model):
    """进展: what somebody reported of a step, on which day; kept for good."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="reports")
    at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    share = models.PositiveSmallIntegerField()
    started_on = models.DateField(null=True, blank=True)
    finished_on = models.DateField(null=True, blank=True)
    remaining = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "step_report"
        ordering = ["-id"]
        indexes = [models.Index(fields=["step", "-id"], name="step_report_of_step")]

    def __str__(self) -> str:
        return f"{self.share}%"


class SlipForecast(models.Model):
    """误期预测: many runs of a plan with durations drawn by chance; repeatable by its seed."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="forecasts")
    ran_at = models.DateTimeField()
    runs = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    promised_on = models.DateField()
    chance = models.PositiveSmallIntegerField(help_text="percent that keep the promised day")
    early_on = models.DateField(help_text="10 of 100 runs end by it")
    middle_on = models.DateField(help_text="50 of 100 runs end by it")
    likely_on = models.DateField(help_text="80 of 100 runs end by it")
    movers = models.JSONField(
        default=list, help_text="[{step, name, share}] what moves the end most, largest first"
    )
    learned = ArrayField(
        models.CharField(max_length=40),
        default=list,
        help_text="codes of steps whose durations were learned from the zone's own",
    )

    class Meta:
        db_table = "slip_forecast"
        indexes = [models.Index(fields=["plan", "-id"], name="slip_forecast_of_plan")]

    def __str__(self) -> str:
        return f"{self.chance}%"
