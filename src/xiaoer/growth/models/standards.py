"""Reference tables of the state, editable because they change and none is read from the source here."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, Zone
from xiaoer.growth.models.ladders import MARKS, Sector
from xiaoer.registry.models import Party


class StatThreshold(models.Model):
    """四上标准: from what a firm of a sector is above scale, from a day to a day.

    ``industries``: divisions and classes of GB/T 4754-2017, such as ``06-46`` or ``7020,7030``;
    classes go before divisions.
    """

    class Basis(models.TextChoices):
        MAIN_REVENUE = "main_revenue", _("main business revenue")
        REVENUE = "revenue", _("revenue")
        QUALIFICATION = "qualification", _("construction qualification")
        ACTIVITY = "activity", _("development activity")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    sector = models.CharField(max_length=20, choices=Sector.choices)
    industries = models.CharField(max_length=200)
    basis = models.CharField(max_length=20, choices=Basis.choices)
    threshold_fen = models.BigIntegerField(null=True, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS)
    source = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "stat_threshold"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "sector", "effective_from"], name="stat_threshold_once_since"
            ),
            models.UniqueConstraint(
                fields=["zone", "sector"],
                condition=Q(effective_to__isnull=True),
                name="stat_threshold_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["main_revenue", "revenue"], threshold_fen__gt=0)
                | Q(basis__in=["qualification", "activity"], threshold_fen__isnull=True),
                name="stat_threshold_has_a_line_where_it_counts_money",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="stat_threshold_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.sector


class SizeStandard(models.Model):
    """划型标准: what makes a firm of a sector large, medium or small (中小企业划型标准规定).

    Large: every bound of the column is reached; medium and small likewise; micro: the rest. A bound
    left empty is not looked at in this sector.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    sector = models.SlugField(max_length=20)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)
    industries = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)
    large_employees = models.PositiveIntegerField(null=True, blank=True)
    large_revenue_fen = models.BigIntegerField(null=True, blank=True)
    large_assets_fen = models.BigIntegerField(null=True, blank=True)
    medium_employees = models.PositiveIntegerField(null=True, blank=True)
    medium_revenue_fen = models.BigIntegerField(null=True, blank=True)
    medium_assets_fen = models.BigIntegerField(null=True, blank=True)
    small_employees = models.PositiveIntegerField(null=True, blank=True)
    small_revenue_fen = models.BigIntegerField(null=True, blank=True)
    small_assets_fen = models.BigIntegerField(null=True, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    mark = models.CharField(max_length=1, choices=MARKS)
    source = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "size_standard"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "sector", "effective_from"], name="size_standard_once_since"
            ),
            models.UniqueConstraint(
                fields=["zone", "sector"],
                condition=Q(effective_to__isnull=True),
                name="size_standard_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="size_standard_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.sector


class ForecastOverride(models.Model):
    """预测调整: a signed word of staff on a firm's year, with its reason; the computed one stays beside.

    The last one known counts; ``withdrawn_at``: from then on the computed forecast counts again.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    forecast_fen = models.BigIntegerField()
    computed_fen = models.BigIntegerField(null=True, help_text="what was computed at the time")
    reason = models.CharField(max_length=300)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "forecast_override"
        constraints = [
            models.CheckConstraint(
                condition=Q(forecast_fen__gte=0), name="forecast_override_not_negative"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="forecast_override_says_why"),
        ]
        indexes = [models.Index(fields=["zone", "year", "party"], name="forecast_override_of_year")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.year}"
