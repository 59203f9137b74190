"""Money of projects: four monthly series kept apart, and the plan of a year."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, Zone
from xiaoer.projects.models.reserve import Project


class Series(models.TextChoices):
    """投资口径: none is ever made from another (processes.md 5.4)."""

    IN_PLACE = "in_place", _("money in place")
    PHYSICAL = "physical", _("physical work")
    FIXED_ASSET = "fixed_asset", _("fixed-asset investment")
    FOREIGN = "foreign", _("foreign capital used")


class InvestmentMonth(models.Model):
    """月度投资: what was reached in one month in one series, as one reporter gave it.

    Nobody edits a reported figure: a correction is a new row that says which one it replaces and
    why, given by the one who reported. ``amount`` is in fen; of foreign capital in US cents.
    What the statistics bureau counts is ``statistics``; the zone never writes it from its own.
    """

    class Reporter(models.TextChoices):
        FIRM = "firm", _("the enterprise")
        ZONE = "zone", _("project office")
        STATISTICS = "statistics", _("statistics bureau")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="months")
    series = models.CharField(max_length=12, choices=Series.choices)
    month = models.DateField(help_text="its first day")
    reporter = models.CharField(max_length=10, choices=Reporter.choices)
    amount = models.BigIntegerField(help_text="fen; US cents of foreign capital")
    note = models.CharField(max_length=500, blank=True)
    reported_at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    is_current = models.BooleanField(default=True, help_text="false once replaced")

    class Meta:
        db_table = "investment_month"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "series", "month", "reporter"],
                condition=Q(is_current=True),
                name="investment_month_once",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="investment_month_is_its_first_day"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(note=""),
                name="investment_month_corrected_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) | Q(replaces__isnull=False),
                name="investment_month_below_zero_only_corrected",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "series", "month"],
                condition=Q(is_current=True),
                name="investment_month_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.month}"

    @property
    def party_ref(self) -> int | None:
        """Whose month it is, so that the firm sees its own papers."""
        return self.project.party_id


class YearPlan(models.Model):
    """年度投资计划: what a project is to reach in a year in one series; the first of a year stays."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="year_plans")
    year = models.PositiveSmallIntegerField()
    series = models.CharField(max_length=12, choices=Series.choices, default=Series.FIXED_ASSET)
    amount = models.BigIntegerField(help_text="fen; US cents of foreign capital")
    document = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=300, blank=True, help_text="why it was changed")
    set_at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        db_table = "year_plan"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year", "series"],
                condition=Q(is_current=True),
                name="year_plan_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="year_plan_is_some"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.series}"
