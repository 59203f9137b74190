"""Watch-lists and alerts: whom economic operations look at, and what rose."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.facts.models import Metric
from xiaoer.registry.models import Party
from xiaoer.rules.models import Rule, RuleVersion
from xiaoer.work.models import Matter


class WatchList(models.Model):
    """监测名单: a list of firms (用电大户, 纳税大户 …), found by a rule or as the first of a figure."""

    class Basis(models.TextChoices):
        AMOUNT = "amount", _("the figure itself")
        INCREASE = "increase", _("the increase on a year before")
        GROWTH = "growth", _("growth on a year before")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    rule = models.ForeignKey(
        Rule, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    metric = models.ForeignKey(
        Metric, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    basis = models.CharField(max_length=10, choices=Basis.choices, default=Basis.AMOUNT)
    months = models.PositiveSmallIntegerField(default=12, help_text="so many months up to the last")
    size = models.PositiveSmallIntegerField(null=True, blank=True, help_text="the first so many")
    owner = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=1, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "watch_list"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="watch_list_code_once_in_zone"),
            models.CheckConstraint(
                condition=Q(rule__isnull=False, metric__isnull=True, size__isnull=True)
                | Q(rule__isnull=True, metric__isnull=False, size__gte=1),
                name="watch_list_by_a_rule_or_a_figure",
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1) & Q(months__lte=24), name="watch_list_months"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WatchHand(models.Model):
    """人工调整: a firm put on a list, or taken off it, by a person with a reason, until undone."""

    class Kind(models.TextChoices):
        ADD = "add", _("put on by hand")
        REMOVE = "remove", _("taken off by hand")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    watch_list = models.ForeignKey(WatchList, on_delete=models.PROTECT, related_name="hands")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    reason = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "watch_hand"
        constraints = [
            models.UniqueConstraint(
                fields=["watch_list", "party"],
                condition=Q(until__isnull=True),
                name="watch_hand_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="watch_hand_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.watch_list_id} {self.party_id}"


class WatchMember(models.Model):
    """名单企业: a firm on a list in a month, its place, and how it came there."""

    class How(models.TextChoices):
        RULE = "rule", _("by the rule")
        TOP = "top", _("among the first")
        HAND = "hand", _("put on by hand")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", db_index=False)
    watch_list = models.ForeignKey(
        WatchList, on_delete=models.PROTECT, related_name="members", db_index=False
    )
    month = models.DateField(help_text="first day of the month")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField(null=True, blank=True)
    figure = models.BigIntegerField(
        null=True, blank=True, help_text="scaled like a value; growth in %"
    )
    how = models.CharField(max_length=4, choices=How.choices)

    class Meta:
        db_table = "watch_member"
        constraints = [
            models.UniqueConstraint(
                fields=["watch_list", "month", "party"], name="watch_member_once_a_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="watch_member_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.watch_list_id} {self.month} {self.party_id}"


class Alert(models.Model):
    """预警: what a rule over a firm's series found, until it no longer holds; and what came of it.

    One of a firm and rule at a time. Whether it was right (``was_right``) is said by a person, and
    counts towards the rule's precision for good.
    """

    class State(models.TextChoices):
        NEW = "new", _("to be looked into")
        CONFIRMED = "confirmed", _("confirmed")
        FALSE_ALARM = "false_alarm", _("false alarm")
        MUTED = "muted", _("muted")
        HANDLED = "handled", _("handled")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    rule_version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+")
    since = models.DateField(help_text="as of which day the rule first said so")
    last_on = models.DateField(help_text="as of which day the rule last said so")
    ended_on = models.DateField(null=True, blank=True, help_text="as of which day it no longer did")
    raised_at = models.DateTimeField()
    figures = models.JSONField(default=dict, help_text="the rule's words as they were when it rose")
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    was_right = models.BooleanField(null=True, blank=True)
    measure = models.CharField(max_length=500, blank=True, help_text="一企一策")
    owner = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    due_on = models.DateField(null=True, blank=True)
    result = models.CharField(max_length=500, blank=True)
    muted_until = models.DateField(null=True, blank=True)
    mute_reason = models.CharField(max_length=200, blank=True)
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "alert"
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "rule", "party"],
                condition=Q(ended_on__isnull=True),
                name="alert_once_while_it_lasts",
            ),
            models.CheckConstraint(
                condition=~Q(state="muted") | Q(muted_until__isnull=False) & ~Q(mute_reason=""),
                name="alert_muted_with_reason_until_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(was_right=True),
                name="alert_confirmed_was_right",
            ),
            models.CheckConstraint(
                condition=~Q(state="false_alarm") | Q(was_right=False),
                name="alert_false_was_not_right",
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "state", "-id"], name="alert_by_state"),
            models.Index(fields=["party", "-id"], name="alert_of_party"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.party_id}"


class AlertEvent(models.Model):
    """预警经过: what happened to an alert, one line after the other."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    verb = models.CharField(max_length=30)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "alert_event"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.verb}"
