"""Kinds of paper, and the papers a party gave once, to be used again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, StoredFile, Zone
from xiaoer.registry.models import Party


class PaperKind(models.Model):
    """材料种类: a kind of paper somebody may be asked for, and how long it holds."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    marks = models.JSONField(
        default=list,
        blank=True,
        help_text="[words] that stand on every such paper, such as a title",
    )
    valid_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="from its own date; empty: until it says"
    )
    is_reusable = models.BooleanField(default=True, help_text="held once, not asked for twice")
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "paper_kind"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["zone", "code"], name="paper_kind_once")]

    def __str__(self) -> str:
        return self.name


class PaperField(models.Model):
    """材料字段: what is read off papers of a kind, after which words it stands, how sure it must be."""

    class Sort(models.TextChoices):
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        MONEY = "money", _("money")
        DATE = "date", _("date")
        CREDIT_CODE = "credit_code", _("unified credit code")
        PLATE = "plate", _("number plate")
        ADDRESS = "address", _("address")
        NAME = "name", _("name")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(PaperKind, on_delete=models.PROTECT, related_name="fields")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    sort = models.CharField(max_length=12, choices=Sort.choices, default=Sort.TEXT)
    unit = models.CharField(max_length=20, blank=True)
    labels = models.JSONField(default=list, help_text="[words] it stands after on the paper")
    pattern = models.CharField(
        max_length=200, blank=True, help_text="regular expression with one group, tried on the text"
    )
    least_confidence = models.PositiveSmallIntegerField(
        default=90, help_text="percent; below it a person looks"
    )
    is_needed = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "paper_field"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="paper_field_once"),
            models.CheckConstraint(
                condition=Q(least_confidence__lte=100), name="paper_field_percent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HeldPaper(models.Model):
    """持有材料: a paper of a party that is here, to be used again while it holds.

    What somebody gave is ``given``; what the zone itself made (a licence, a notice) is ``issued``;
    what came by sharing is ``shared``. A newer one of the same kind and number replaces it.
    """

    class Origin(models.TextChoices):
        GIVEN = "given", _("given by the party")
        ISSUED = "issued", _("issued here")
        SHARED = "shared", _("shared by an authority")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="held_papers")
    kind = models.ForeignKey(PaperKind, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.GIVEN)
    number = models.CharField(max_length=80, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "held_paper"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "file"],
                condition=Q(withdrawn_at__isnull=True),
                name="held_paper_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "party", "kind"],
                condition=Q(withdrawn_at__isnull=True, replaced_by__isnull=True),
                name="held_paper_standing",
            ),
            models.Index(fields=["zone", "file"], name="held_paper_of_file"),
        ]

    def __str__(self) -> str:
        return self.name


class PaperConsent(models.Model):
    """复用同意: that a party let a held paper be used, for what, and when; and took that back."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(HeldPaper, on_delete=models.PROTECT, related_name="consents")
    subject_type = models.CharField(max_length=40, help_text="table of the record it is used for")
    subject_id = models.BigIntegerField()
    words = models.CharField(max_length=200, help_text="what was agreed to")
    at = models.DateTimeField()
    who = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=120, blank=True, help_text="who took it back")

    class Meta:
        db_table = "paper_consent"
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "subject_type", "subject_id"],
                condition=Q(withdrawn_at__isnull=True),
                name="paper_consent_once",
            ),
        ]

    def __str__(self) -> str:
        return self.words
