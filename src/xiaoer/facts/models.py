"""Tables of facts: what is measured, of whom, for when, and by whose word."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, StoredFile, Zone
from xiaoer.registry.models import Party


class Metric(models.Model):
    """指标: a figure's name, meaning, unit, kind and how it adds up. Shared by all zones."""

    class Kind(models.TextChoices):
        LEVEL = "level", _("level at a date")
        FLOW = "flow", _("flow over a period")
        GROWTH = "growth", _("growth on a year before")
        RANK = "rank", _("rank")
        RATIO = "ratio", _("ratio")
        TARGET = "target", _("target")

    class Adds(models.TextChoices):
        SUM = "sum", _("sum")
        LAST = "last", _("last value")
        NEVER = "never", _("does not add up")

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    meaning = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=20, help_text="code in units, such as CNY_100m")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    adds = models.CharField(max_length=10, choices=Adds.choices, default=Adds.SUM)
    decimals = models.PositiveSmallIntegerField(default=2)
    higher_is_better = models.BooleanField(default=True)

    class Meta:
        db_table = "metric"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Source(models.Model):
    """来源: where values come from: an article, a bureau's monthly sheet, an enterprise."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    published_on = models.DateField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        db_table = "source"
        constraints = [models.UniqueConstraint(fields=["zone", "name"], name="source_once_in_zone")]

    def __str__(self) -> str:
        return self.name


class Value(models.Model):
    """数值: one figure of one subject for one period, in one of three columns.

    Bitemporal: ``known_at`` says since when it is known; a correction is a new row and the old one
    stays. ``low`` and ``high`` are equal for a plain value; one is empty for a bound (≥, >). The
    number is kept in the metric's unit, times ten to ``SCALE``, as an integer, so that sums stay
    exact and use their index under row security.
    """

    SCALE = 4

    class Column(models.TextChoices):
        REPORTED = "reported", _("reported")
        ESTIMATED = "estimated", _("estimated")
        OFFICIAL = "official", _("official")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True)
    dimension = models.CharField(max_length=120, blank=True, help_text="such as scope=city")
    starts_on = models.DateField()
    ends_on = models.DateField()
    column = models.CharField(max_length=10, choices=Column.choices)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    is_open = models.BooleanField(default=False, help_text="True: the bound itself is excluded")
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    external_ref = models.CharField(max_length=60, blank=True)
    known_at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "value"
        constraints = [
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False), name="value_says_something"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="value_period"
            ),
            models.UniqueConstraint(
                fields=[
                    "zone",
                    "metric",
                    "party",
                    "dimension",
                    "starts_on",
                    "ends_on",
                    "column",
                    "known_at",
                ],
                name="value_known_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "metric", "ends_on"],
                condition=Q(party__isnull=True),
                name="value_of_zone",
            ),
            models.Index(fields=["party", "metric", "ends_on"], name="value_of_party"),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} {self.starts_on}"


class Rollup(models.Model):
    """汇总: what enterprises' values of a month add up to in a zone; refreshed for what changed."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    column = models.CharField(max_length=10, choices=Value.Column.choices)
    total = models.BigIntegerField()
    parties = models.PositiveIntegerField()
    refreshed_at = models.DateTimeField()

    class Meta:
        db_table = "rollup"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "metric", "starts_on", "ends_on", "column"], name="rollup_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} {self.starts_on}"
