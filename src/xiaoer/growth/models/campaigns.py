"""What the zone has set itself: campaigns, their targets, and when a target turns amber or red."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.facts.models import Column, Metric
from xiaoer.registry.models import Park, Party
from xiaoer.rules.models import Rule


class Campaign(models.Model):
    """行动: a campaign (年度目标, 双倍增, 攻坚行动): from when to when, what for, by which document."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300, blank=True)
    document = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField(help_text="first day of a month")
    ends_on = models.DateField(help_text="last day of a month")
    owner = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "campaign"
        ordering = ["-starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "name"], name="campaign_name_once_in_zone"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="campaign_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """目标: what a figure, or the number of firms a rule finds, is to come to, and by when.

    What is reached is never typed in: it is read from the figures, or counted by the rule. ``value``
    and ``base`` are kept in the metric's unit like a figure (times ten to ``Value.SCALE``); a count
    likewise. ``shares`` says which part of the way each month is to bring, in ten-thousandths.
    """

    class Way(models.TextChoices):
        ADD_UP = "add_up", _("adds up over the months")
        REACH = "reach", _("a level to reach")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="targets")
    name = models.CharField(max_length=80)
    metric = models.ForeignKey(
        Metric, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    column = models.CharField(
        max_length=10, choices=Column.choices, blank=True, help_text="empty: the best there is"
    )
    rule = models.ForeignKey(
        Rule, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.ADD_UP)
    park = models.ForeignKey(
        Park, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="the enterprises its people answer for",
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    starts_on = models.DateField(help_text="first day of a month")
    ends_on = models.DateField(help_text="last day of a month")
    base = models.BigIntegerField(null=True, blank=True)
    value = models.BigIntegerField()
    shares = models.JSONField(default=list, help_text="a month's part of the way, in 1/10,000")
    owner = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    source = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="why it was dropped")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "target"
        ordering = ["campaign", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(metric__isnull=False, rule__isnull=True)
                | Q(metric__isnull=True, rule__isnull=False),
                name="target_of_a_figure_or_a_count",
            ),
            models.CheckConstraint(
                condition=Q(park__isnull=True, office__isnull=True)
                | Q(park__isnull=True, party__isnull=True)
                | Q(office__isnull=True, party__isnull=True),
                name="target_has_one_scope",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="target_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(base__isnull=True) | ~Q(base=F("value")),
                name="target_differs_from_its_base",
            ),
            models.CheckConstraint(
                condition=Q(way="reach") | Q(base__isnull=True) | Q(base__gte=0),
                name="target_base_of_a_sum",
            ),
            models.UniqueConstraint(
                fields=["campaign", "name"],
                condition=Q(dropped_at__isnull=True),
                name="target_name_once_in_campaign",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "campaign"],
                condition=Q(dropped_at__isnull=True),
                name="target_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TargetRule(models.Model):
    """亮灯规则: how far a target may lag behind its plan before it turns amber, and red."""

    zone = models.OneToOneField(Zone, on_delete=models.PROTECT, related_name="+")
    amber_points = models.PositiveSmallIntegerField(help_text="percentage points behind the plan")
    red_points = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=1, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "target_rule"
        constraints = [
            models.CheckConstraint(
                condition=Q(red_points__gt=F("amber_points")), name="target_rule_red_after_amber"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amber_points}/{self.red_points}"
