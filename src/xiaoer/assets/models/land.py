"""Land: what was promised with standard land and how it is kept; the steps from plan to exit."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.assets.models.carriers import Parcel
from xiaoer.base.models import Office, Post, StoredFile, Zone
from xiaoer.registry.models import Party


class IndicatorKind(models.Model):
    """标准地指标种类: what standard land is judged by (投资强度, 亩均税收 …), with its source."""

    class Way(models.TextChoices):
        LEAST = "least", _("at least")
        MOST = "most", _("at most")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=30)
    way = models.CharField(max_length=5, choices=Way.choices, default=Way.LEAST)
    usual = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    ended_on = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "land_indicator_kind"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="land_indicator_kind_once")
        ]

    def __str__(self) -> str:
        return self.name


class LandIndicator(models.Model):
    """控制指标: what a parcel must come to, by when, as set in the notice and signed.

    One that ended (the land was given back, or it was struck from the notice) stays with its checks.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="indicators")
    kind = models.ForeignKey(IndicatorKind, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    due_on = models.DateField(null=True, blank=True, help_text="to be looked at from this day")
    is_signed = models.BooleanField(default=False, help_text="stands in the supervision contract")
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "land_indicator"
        constraints = [
            models.UniqueConstraint(
                fields=["parcel", "kind"],
                condition=Q(ended_on__isnull=True),
                name="land_indicator_once",
            ),
            models.CheckConstraint(
                condition=Q(is_signed=False) | Q(due_on__isnull=False),
                name="land_indicator_signed_has_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "due_on"],
                condition=Q(is_signed=True, ended_on__isnull=True),
                name="land_indicator_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.parcel_id} {self.kind_id}"


class LandCheck(models.Model):
    """履约核查: what an indicator really was on a day; empty ``amount``: asked, not known."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(LandIndicator, on_delete=models.PROTECT, related_name="checks")
    on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    is_met = models.BooleanField(null=True, help_text="empty: cannot be said")
    basis = models.CharField(max_length=200, help_text="what it was taken from")
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    what_follows = models.CharField(max_length=300, blank=True, help_text="reward, time, buy-back")
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "land_check"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=False) | Q(is_met__isnull=True),
                name="land_check_without_an_amount_says_nothing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.on}"


class LandStep(models.Model):
    """用地环节: a parcel entered a stage by a paper, on the day of the fact (``fact_on``).

    One entered by mistake is taken back, with the reason, and stays to be read; ``before`` is what
    the parcel was until then.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=8, choices=Parcel.Stage.choices)
    fact_on = models.DateField()
    due_on = models.DateField(null=True, blank=True, help_text="the next stage is due by it")
    paper = models.CharField(max_length=120, help_text="such as 国有建设用地使用权出让合同")
    paper_number = models.CharField(max_length=60, blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    words = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    why_taken_back = models.CharField(max_length=300, blank=True)
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "land_step"
        ordering = ["fact_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("fact_on")),
                name="land_step_due_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | ~Q(why_taken_back=""),
                name="land_step_taken_back_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "parcel", "-fact_on", "-id"],
                condition=Q(taken_back_at__isnull=True),
                name="land_step_latest",
            )
        ]

    def __str__(self) -> str:
        return f"{self.parcel_id} {self.stage}"


class LandStageRule(models.Model):
    """用地环节规则: by which papers a stage is entered, what comes next, and whose office is asked."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=8, choices=Parcel.Stage.choices)
    papers = models.JSONField(
        default=list, help_text="what the papers are called, usual ones first"
    )
    next_words = models.CharField(max_length=200, help_text="what is to be done from here")
    limit_code = models.CharField(max_length=40, blank=True, help_text="a time limit of the zone")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "land_stage_rule"
        constraints = [
            models.UniqueConstraint(fields=["zone", "stage"], name="land_stage_rule_once")
        ]

    def __str__(self) -> str:
        return self.stage


class LandPledge(models.Model):
    """履约监管协议: signed beside the land contract; the indicators it names are binding from then on."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="pledges")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    land_contract = models.CharField(max_length=60, help_text="its number: 出让合同编号")
    signed_on = models.DateField()
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_on = models.DateField(null=True, blank=True)
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "land_pledge"
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="land_pledge_number_once"),
            models.UniqueConstraint(
                fields=["parcel"],
                condition=Q(ended_on__isnull=True),
                name="land_pledge_one_in_force",
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(land_contract=""), name="land_pledge_double_contract"
            ),
        ]

    def __str__(self) -> str:
        return self.number
