"""What was read off a paper, by which engine, how surely, and where on the page."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, StoredFile, Zone
from xiaoer.papers.models.held import PaperKind


class Reading(models.Model):
    """识读: one reading of a file as a paper of a kind. Never changed: read again, it is a new row.

    ``lines`` is all that was seen: ``[{page, text, confidence, box}]``, box as four points in parts
    of the page's width and height. ``signs`` are things a person should be told, such as a picture
    saved by an editing program; they never help to a grant.
    """

    class State(models.TextChoices):
        DONE = "done", _("read")
        UNREADABLE = "unreadable", _("could not be read")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(PaperKind, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices)
    why = models.CharField(max_length=300, blank=True, help_text="why it could not be read")
    way = models.CharField(max_length=12, blank=True, help_text="text_layer or ocr")
    engine = models.CharField(max_length=200, help_text="engine, version and hash of its models")
    fields_hash = models.CharField(max_length=64, help_text="of the kind's fields as they stood")
    pages = models.PositiveSmallIntegerField(default=0)
    turned = models.SmallIntegerField(default=0, help_text="degrees the page was turned by")
    took_ms = models.PositiveIntegerField()
    lines = models.JSONField(default=list)
    signs = models.JSONField(default=list, help_text="[{code, words}]")
    at = models.DateTimeField()

    class Meta:
        db_table = "reading"
        ordering = ["-id"]
        constraints = [
            # What could not be read may be tried again, as a new row.
            models.UniqueConstraint(
                fields=["zone", "file", "kind", "engine", "fields_hash"],
                condition=Q(state="done"),
                name="reading_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="unreadable") | ~Q(why=""), name="reading_says_why_not"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.kind_id}"


class FieldRead(models.Model):
    """读出字段: one field as it stood on the paper, as a value, with confidence and place.

    ``value`` is normal (ISO day, plain number, code without blanks); empty: it was not found, or
    what was found is no such value.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="fields")
    code = models.SlugField(max_length=60)
    text = models.CharField(max_length=500, blank=True)
    value = models.CharField(max_length=500, blank=True)
    confidence = models.FloatField(help_text="0 to 1; of the least sure character's line")
    page = models.PositiveSmallIntegerField(default=1)
    box = models.JSONField(null=True, blank=True, help_text="[x, y, width, height] in parts of it")
    others = models.JSONField(default=list, help_text="[other readings of it that disagree]")

    class Meta:
        db_table = "field_read"
        constraints = [
            models.UniqueConstraint(fields=["reading", "code"], name="field_read_once"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1), name="field_read_confidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.value}"


class Quarantine(models.Model):
    """隔离: a file that came and was not let in, with the reason; a person lets it in or drops it."""

    class State(models.TextChoices):
        HELD = "held", _("kept apart")
        RELEASED = "released", _("let in by a person")
        DROPPED = "dropped", _("thrown away")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="bytes")
    why = models.CharField(max_length=300)
    party_ref = models.BigIntegerField(null=True)
    came_from = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.HELD)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "quarantine"
        ordering = ["-id"]
        indexes = [models.Index(fields=["zone", "state", "at"], name="quarantine_by_state")]

    def __str__(self) -> str:
        return self.name
