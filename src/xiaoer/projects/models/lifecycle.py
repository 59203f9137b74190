"""What the life of a project is judged by, and what is done along it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Attachment, Office, Post, StoredFile, Zone
from xiaoer.projects.models.reserve import Project, ProjectList, Stage
from xiaoer.registry.models import Party


class StageCondition(models.Model):
    """进入条件: what must stand before a project enters a stage; every row may be changed.

    A ``paper`` is met by a file pinned to the project and named for it; a ``fact`` by what the
    project's own columns say (``test`` names which); ``person``: somebody looked and says so.
    ``kinds`` empty: of every kind of project.
    """

    class Kind(models.TextChoices):
        PAPER = "paper", _("paper")
        FACT = "fact", _("fact")
        PERSON = "person", _("somebody looks")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    test = models.SlugField(max_length=30, blank=True, help_text="of a fact: what is looked at")
    kinds = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "stage_condition"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "stage", "code"], name="stage_condition_once"),
            models.CheckConstraint(
                condition=(Q(kind="fact") & ~Q(test="")) | (~Q(kind="fact") & Q(test="")),
                name="stage_condition_fact_names_its_test",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ConditionProof(models.Model):
    """条件核对: a paper handed in for a condition, or what somebody says who looked.

    The latest counts; earlier ones stay. That something is not so only a person says.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="proofs")
    condition = models.ForeignKey(StageCondition, on_delete=models.PROTECT, related_name="+")
    is_met = models.BooleanField()
    paper = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        db_table = "condition_proof"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "condition"],
                condition=Q(is_current=True),
                name="condition_proof_once",
            ),
            models.CheckConstraint(
                condition=Q(is_met=True) | (Q(post__isnull=False) & ~Q(note="")),
                name="condition_proof_only_a_person_denies",
            ),
        ]

    def __str__(self) -> str:
        return str(self.condition_id)


class StageBatch(models.Model):
    """项目批次: several projects planned, kept in reserve, started or completed at one ceremony."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    name = models.CharField(max_length=80)
    held_on = models.DateField()
    place = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "stage_batch"
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "name"], name="stage_batch_name_once"),
            models.CheckConstraint(
                condition=Q(stage__in=["planned", "reserve", "started", "completed"]),
                name="stage_batch_of_four_kinds",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BatchedProject(models.Model):
    """批次项目: a project counted in a batch; in one of each kind."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(StageBatch, on_delete=models.PROTECT, related_name="members")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="batches")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_why = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "batched_project"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "stage"],
                condition=Q(removed_at__isnull=True),
                name="batched_project_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.project_id)


class Element(models.TextChoices):
    """五要素一体化: the five elements of one chain."""

    TRACKING = "tracking", _("tracking")
    REVIEW = "review", _("review")
    CONVERSION = "conversion", _("key conversion")
    STATISTICS = "statistics", _("results into statistics")
    SERVICE = "service", _("service and supervision")


class ChainStep(models.Model):
    """五要素环节: where a project stands in one of the five elements, and what came out.

    A change closes the row (``until``) and opens another, so that the way stays readable.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("came to a halt")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="chain")
    element = models.CharField(max_length=12, choices=Element.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "chain_step"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "element"],
                condition=Q(until__isnull=True),
                name="chain_step_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="chain_step_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | ~Q(outcome=""), name="chain_step_stopped_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "element"],
                condition=Q(until__isnull=True, state="running"),
                name="chain_step_running",
            )
        ]

    def __str__(self) -> str:
        return self.element


class MechanismAct(models.Model):
    """五项机制: one thing done for a project or a firm under one of the five mechanisms."""

    class Kind(models.TextChoices):
        HELP = "help", _("help and agency")
        PROMISE = "promise", _("service promise")
        FRONT_LINE = "front_line", _("front-line office")
        DIRECT = "direct", _("direct information")
        REWARD = "reward", _("reward and penalty")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    is_penalty = models.BooleanField(default=False, help_text="罚劣, of reward and penalty")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="acts", null=True, blank=True
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    on = models.DateField()
    what = models.CharField(max_length=300)
    outcome = models.CharField(max_length=300, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "mechanism_act"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False) | Q(party__isnull=False),
                name="mechanism_act_is_for_somebody",
            ),
            models.CheckConstraint(
                condition=Q(is_penalty=False) | Q(kind="reward"),
                name="mechanism_act_penalty_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_why=""),
                name="mechanism_act_withdrawn_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "kind", "on"],
                condition=Q(withdrawn_at__isnull=True),
                name="mechanism_act_counted",
            )
        ]

    def __str__(self) -> str:
        return self.what


class LightRule(models.Model):
    """亮灯规则: from which figure a light of projects is amber and from which red; in versions.

    An edit ends the row and adds the next number; what was lit before can be explained by it.
    Empty: never of that colour.
    """

    class Unit(models.TextChoices):
        POINTS = "points", _("percentage points")
        PERCENT = "percent", _("percent")
        DAYS = "days", _("days")
        MONTHS = "months", _("months")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=20)
    number = models.PositiveIntegerField(default=1, help_text="版本")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=8, choices=Unit.choices)
    amber = models.PositiveSmallIntegerField(null=True, blank=True)
    red = models.PositiveSmallIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True, help_text="looked at")
    is_current = models.BooleanField(default=True)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    set_at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "light_rule"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "code", "number"], name="light_rule_version_once"
            ),
            models.UniqueConstraint(
                fields=["zone", "code"], condition=Q(is_current=True), name="light_rule_one_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class ListSheet(models.Model):
    """清单导入: a sheet of a list's projects brought in: looked at first, then taken over."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("previewed")
        COMMITTED = "committed", _("taken over")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project_list = models.ForeignKey(ProjectList, on_delete=models.PROTECT, related_name="sheets")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    file_name = models.CharField(max_length=200)
    since = models.DateField(help_text="from which day the projects stand on the list")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWED)
    rows = models.JSONField(default=list, help_text="each row: what it says and what becomes of it")
    created = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "list_sheet"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class HandOver(models.Model):
    """项目移交: a project that moves to another zone: asked and decided here, taken on there.

    One row on each side; neither points into the other zone. What the other zone reads is the copy
    in ``summary``, as it stood on the day.
    """

    class Direction(models.TextChoices):
        OUT = "out", _("to another zone")
        IN = "in", _("from another zone")

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        REFUSED = "refused", _("refused")
        SENT = "sent", _("handed over")
        WAITING = "waiting", _("waits to be taken on")
        TAKEN = "taken", _("taken on")
        DECLINED = "declined", _("not taken on")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    other_zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="hand_overs", null=True, blank=True
    )
    name = models.CharField(max_length=80)
    summary = models.JSONField(default=dict)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State.choices)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    decided_why = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "hand_over"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="asked"), name="hand_over_one_asked"
            ),
            models.CheckConstraint(
                condition=~Q(zone=F("other_zone")), name="hand_over_to_another_zone"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "declined"])
                | (Q(decided_by__isnull=False) & ~Q(decided_why="")),
                name="hand_over_only_a_person_refuses",
            ),
        ]

    def __str__(self) -> str:
        return self.name
