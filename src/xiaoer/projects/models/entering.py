"""How a project enters the statistical library: rules and papers as rows, and where each stands."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, Zone
from xiaoer.projects.models.reserve import Project


class EntryPath(models.TextChoices):
    """入统类别: what a project buys decides which papers it shows."""

    CONSTRUCTION = "construction", _("construction project")
    PURCHASE = "purchase", _("purchase of equipment only")


class StatRule(models.Model):
    """入统规则: a number the library goes by, as the zone set it, with its source and mark."""

    class Code(models.TextChoices):
        LEAST_TOTAL = "least_total", _("least planned total investment")
        DAYS_BEFORE = "days_before", _("days before a cut-off on which tasks are given")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20, choices=Code.choices)
    value = models.BigIntegerField(help_text="yuan, or days")
    source = models.CharField(max_length=200)
    mark = models.CharField(max_length=2, help_text="A, V, S, B, C, U or D")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "stat_rule"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="stat_rule_once"),
            models.CheckConstraint(condition=Q(value__gt=0), name="stat_rule_is_some"),
        ]

    def __str__(self) -> str:
        return self.code


class StatCutoff(models.Model):
    """入统截止日: the day of every month until which papers are taken, as an office says it."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    day = models.PositiveSmallIntegerField(help_text="of the month")
    source = models.CharField(max_length=200)
    mark = models.CharField(max_length=2, help_text="A, V, S, B, C, U or D")
    is_used = models.BooleanField(default=False, help_text="the one this zone goes by")
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "stat_cutoff"
        ordering = ["day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(day__gte=1, day__lte=31), name="stat_cutoff_is_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StatPaperKind(models.Model):
    """入统材料: a paper the library asks for; ``shows`` are the facts to be read from it."""

    class Part(models.TextChoices):
        LICENCE = "licence", _("business licence")
        FILING = "filing", _("filing or approval")
        CONTRACT = "contract", _("contract")
        PHOTO = "photo", _("photograph of the site")
        PAYMENT = "payment", _("proof of payment")
        DELIVERY = "delivery", _("photograph of the delivery")
        OTHER = "other", _("other")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=12, choices=EntryPath.choices, blank=True)
    part = models.CharField(max_length=10, choices=Part.choices)
    shows = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    is_required = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200)
    mark = models.CharField(max_length=2, help_text="A, V, S, B, C, U or D")
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "stat_paper_kind"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="stat_paper_kind_once"),
        ]

    def __str__(self) -> str:
        return self.name


class StatEntry(models.Model):
    """入统: where a project stands on its way into the library of investment statistics.

    That it is in the library is a decision of the statistics bureau, recorded by a person with its
    document; figures of the bureau count from the month of ``entered_on`` (先入库、后有数).
    """

    class State(models.TextChoices):
        GATHERING = "gathering", _("papers are gathered")
        HANDED_IN = "handed_in", _("handed in")
        RETURNED = "returned", _("returned")
        ENTERED = "entered", _("in the library")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="stat_entry")
    path = models.CharField(max_length=12, choices=EntryPath.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.GATHERING)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    opened_at = models.DateTimeField()
    handed_in_on = models.DateField(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    returned_why = models.CharField(max_length=300, blank=True)
    entered_on = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "stat_entry"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="entered", entered_on__isnull=False) & ~Q(document="")
                | ~Q(state="entered") & Q(entered_on__isnull=True),
                name="stat_entry_entered_by_a_document",
            ),
            models.CheckConstraint(
                condition=~Q(state="handed_in") | Q(handed_in_on__isnull=False),
                name="stat_entry_handed_in_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(returned_on__isnull=False) & ~Q(returned_why=""),
                name="stat_entry_returned_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "state"], condition=~Q(state="entered"), name="stat_entry_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.state}"


class StatPaper(models.Model):
    """已收入统材料: a paper that is here, with what it says; others are compared with it."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(StatEntry, on_delete=models.PROTECT, related_name="papers")
    kind = models.ForeignKey(StatPaperKind, on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField()
    made_on = models.DateField(null=True, blank=True, help_text="its own date")
    name_on_it = models.CharField(max_length=80, blank=True, help_text="name of the project")
    code_on_it = models.CharField(max_length=30, blank=True, help_text="code of the project")
    party_on_it = models.CharField(max_length=80, blank=True, help_text="who builds or buys")
    place_on_it = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=200, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "stat_paper"
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "kind"],
                condition=Q(withdrawn_at__isnull=True),
                name="stat_paper_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.kind_id)
