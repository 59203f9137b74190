"""拿地即开工: what is prepared and judged before the land contract, without legal force until then."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.projects.models.reserve import Project
from xiaoer.work.models import Task


class PreReviewItem(models.Model):
    """预审事项: a drawing or permit that can be prepared before the land is won; the zone's own list."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    office_name = models.CharField(max_length=60, blank=True, help_text="who judges it, in words")
    working_days = models.PositiveSmallIntegerField(help_text="for the conditional result")
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "pre_review_item"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="pre_review_item_once"),
            models.CheckConstraint(
                condition=Q(working_days__gt=0), name="pre_review_item_takes_days"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PreReviewBar(models.Model):
    """预审除外: what is never judged before the land is won, with the text that says so."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "pre_review_bar"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["zone", "code"], name="pre_review_bar_once")]

    def __str__(self) -> str:
        return self.name


class PreReviewTrack(models.Model):
    """模拟审批: one project's way before its land contract; the firm bears the risk by its letter.

    ``checked_by`` says, as a person, that nothing bars it. Papers (agreement, risk letter) are pinned.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("before the land contract")
        FINAL = "final", _("turned final")
        VOID = "void", _("void")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="tracks")
    agreement = models.CharField(max_length=200, help_text="the investment agreement")
    risk_letter_on = models.DateField(help_text="the firm's letter that it bears the risk")
    checked_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    opened_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True, help_text="land contract, or land lost")
    ended_why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "pre_review_track"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=~Q(state="void"), name="pre_review_track_one_living"
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_on__isnull=True)
                | (~Q(state="running") & Q(ended_on__isnull=False)),
                name="pre_review_track_ends_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.agreement


class PreReview(models.Model):
    """预审: one drawing or permit of a track; its result has no legal force until it turns final."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("being prepared")
        CONDITIONAL = "conditional", _("conditional result, no legal force")
        FINAL = "final", _("final")
        VOID = "void", _("void")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    track = models.ForeignKey(PreReviewTrack, on_delete=models.PROTECT, related_name="reviews")
    item = models.ForeignKey(PreReviewItem, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREPARED)
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    conditional_on = models.DateField(null=True, blank=True)
    conditions = models.CharField(max_length=300, blank=True, help_text="what it depends on")
    number = models.CharField(max_length=60, blank=True, help_text="of the final paper")
    final_on = models.DateField(null=True, blank=True)
    void_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "pre_review"
        ordering = ["item__order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["track", "item"], name="pre_review_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["conditional", "final"]) | Q(conditional_on__isnull=False),
                name="pre_review_conditional_first",
            ),
            models.CheckConstraint(
                condition=Q(state="final", final_on__isnull=False)
                | (~Q(state="final") & Q(final_on__isnull=True)),
                name="pre_review_final_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.item_id)
