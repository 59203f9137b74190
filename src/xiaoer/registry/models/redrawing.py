"""Proposals to re-draw cells and caseloads: what weighs how much, what stays, who would go where."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, Zone
from xiaoer.registry.models.parties import Party
from xiaoer.registry.models.places import Cell


class RedrawingRule(models.Model):
    """重划参数: what an enterprise weighs, and how far a proposal may go; a zone's own value.

    What no zone changed stands in ``redrawing/rules.py``, as a proposal of this product (mark D).
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    value = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    mark = models.CharField(max_length=2, help_text="A, V, S, B, C, U or D")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "redrawing_rule"
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="redrawing_rule_once_in_zone"),
            models.CheckConstraint(
                condition=Q(value__lte=10_000), name="redrawing_rule_has_a_bound"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class RedrawingPin(models.Model):
    """锁定: an enterprise no proposal moves: it stays in its cell, or with its officer too."""

    class Kind(models.TextChoices):
        CELL = "cell", _("stays in its cell")
        OFFICER = "officer", _("stays in its cell and with its officer")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=200)
    set_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "redrawing_pin"
        constraints = [
            models.UniqueConstraint(
                fields=["party"],
                condition=Q(ended_at__isnull=True),
                name="redrawing_pin_once_in_force",
            ),
        ]

    def __str__(self) -> str:
        return str(self.party_id)


class Redrawing(models.Model):
    """重划方案: a proposal which enterprise should be in which cell and with which officer.

    Computed by a job, looked at, accepted from a day on, and taken back; nothing of the registry
    changes before that day.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for its turn")
        RUNNING = "running", _("being computed")
        READY = "ready", _("ready to look at")
        STOPPED = "stopped", _("stopped early")
        FAILED = "failed", _("failed")
        ACCEPTED = "accepted", _("accepted")
        UNDONE = "undone", _("taken back")
        DROPPED = "dropped", _("dropped")

    class Phase(models.TextChoices):
        READING = "reading", _("reading today's map")
        SHARING = "sharing", _("sharing out the weights")
        MENDING = "mending", _("evening out and taking back needless moves")
        WRITING = "writing", _("writing the proposal")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    note = models.CharField(max_length=200, blank=True, help_text="what it is for")
    grids = models.JSONField(default=list, help_text="numbers of the grids; empty: all")
    values = models.JSONField(default=dict, help_text="the rules it was computed with")
    phase = models.CharField(max_length=10, choices=Phase.choices, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    is_stop_asked = models.BooleanField(default=False)
    message = models.CharField(max_length=500, blank=True)
    figures = models.JSONField(default=dict, help_text="mean, bounds, what was left out and why")
    moved = models.PositiveIntegerField(default=0, help_text="enterprises it would move")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    since = models.DateField(null=True, blank=True, help_text="accepted from this day on")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    applied_at = models.DateTimeField(null=True, blank=True, help_text="when it was carried out")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "redrawing"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "undone"])
                | Q(since__isnull=False, accepted_at__isnull=False, finished_at__isnull=False),
                name="accepted_redrawing_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False, applied_at__isnull=False)
                | (~Q(state="undone") & Q(undone_at__isnull=True)),
                name="redrawing_is_undone_after_it_was_applied",
            ),
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(state__in=["accepted", "undone"]),
                name="only_an_accepted_redrawing_is_applied",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="redrawing_percent"),
        ]
        indexes = [
            models.Index(
                fields=["zone", "since"],
                condition=Q(state="accepted", applied_at__isnull=True),
                name="redrawing_to_apply",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class RedrawingLine(models.Model):
    """重划明细: one enterprise of a proposal: where it is, where it would be, what it weighs."""

    class Fate(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPLIED = "applied", _("carried out")
        LEFT = "left", _("left out")
        BACK = "back", _("taken back")
        KEPT = "kept", _("not taken back")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", db_index=False)
    redrawing = models.ForeignKey(
        Redrawing, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    cell_before = models.ForeignKey(
        Cell, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cell_after = models.ForeignKey(Cell, on_delete=models.PROTECT, related_name="+", db_index=False)
    post_before = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    post_after = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    weight = models.PositiveIntegerField(help_text="points, by the rules of the proposal")
    is_pinned = models.BooleanField(default=False)
    is_moved = models.BooleanField(default=False, help_text="another cell or another officer")
    fate = models.CharField(max_length=10, choices=Fate.choices, default=Fate.PROPOSED)
    reason = models.CharField(max_length=200, blank=True, help_text="why it was left or kept")

    class Meta:
        db_table = "redrawing_line"
        constraints = [
            models.UniqueConstraint(
                fields=["redrawing", "party"], name="redrawing_names_a_firm_once"
            ),
            models.CheckConstraint(
                condition=Q(is_pinned=False) | Q(cell_before=models.F("cell_after")),
                name="pinned_firm_stays_in_its_cell",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "redrawing", "id"],
                condition=Q(is_moved=True),
                name="redrawing_moves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.redrawing_id}:{self.party_id}"
