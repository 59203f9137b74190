"""Sheets brought in."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, StoredFile, Zone
from xiaoer.registry.models.parties import Party


class ImportRun(models.Model):
    """导入: one sheet brought in: previewed, committed, perhaps undone.

    Read = created + updated + unchanged + rejected, always (a database constraint).
    """

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("previewed")
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        COMMITTED = "committed", _("committed")
        FAILED = "failed", _("failed")
        UNDONE = "undone", _("undone")

    class Goal(models.TextChoices):
        PREVIEW = "preview", _("look at it")
        GOOD_ROWS = "good_rows", _("bring in the good rows")
        ALL_ROWS = "all_rows", _("bring in all rows or none")
        UNDO = "undo", _("take it back")

    class Phase(models.TextChoices):
        READING = "reading", _("reading the sheet")
        CHECKING = "checking", _("checking the rows")
        WRITING = "writing", _("writing")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    file_name = models.CharField(max_length=200)
    sheet = models.CharField(max_length=100, blank=True)
    layout = models.CharField(max_length=64, blank=True, help_text="fingerprint of the headers")
    mapping = models.JSONField(default=dict, help_text="column index to field key")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWED)
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, help_text="rows dealt with so far")
    message = models.CharField(max_length=500, blank=True)
    goal = models.CharField(max_length=10, choices=Goal.choices, default=Goal.PREVIEW)
    phase = models.CharField(max_length=10, choices=Phase.choices, blank=True)
    seen = models.JSONField(default=dict, help_text="columns with samples, other sheets, notes")
    kept = models.JSONField(default=list, help_text="what taking back left, each with its reason")
    at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when the goal was set")
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "import_run"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="committed")
                | Q(read=F("created") + F("updated") + F("unchanged") + F("rejected")),
                name="import_loses_no_row",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """导入行: a row that changed something, is doubtful or was rejected; others are only counted.

    Created parties carry the run's number themselves, so a clean sheet of a hundred thousand rows
    writes no row here.
    """

    class Outcome(models.TextChoices):
        UPDATED = "updated", _("updated")
        DOUBTFUL = "doubtful", _("doubtful")
        REJECTED = "rejected", _("rejected")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="rows")
    row_no = models.PositiveIntegerField(help_text="as counted in the sheet, from 1")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True)
    party_version = models.PositiveIntegerField(null=True, blank=True)
    before = models.JSONField(default=dict, help_text="values the row replaced")
    problems = models.JSONField(default=list)
    cells = models.JSONField(default=list, help_text="the row as it stood in the sheet")

    class Meta:
        db_table = "import_row"
        indexes = [models.Index(fields=["zone", "run", "row_no"], name="import_row_order")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.row_no}"


class KnownLayout(models.Model):
    """版式: how the columns of a sheet were matched once, so that nobody matches them again."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=30)
    layout = models.CharField(max_length=64)
    mapping = models.JSONField()
    learned_at = models.DateTimeField()

    class Meta:
        db_table = "known_layout"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "purpose", "layout"], name="layout_learned_once"
            ),
        ]

    def __str__(self) -> str:
        return self.layout[:12]
