"""The register of licences the zone issued, and what became of each."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, StoredFile, Zone
from xiaoer.papers.models.held import PaperKind
from xiaoer.registry.models import Party


class LicenceKind(models.Model):
    """证照种类: what a licence is called, what it says, how long it holds, as data."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    type_code = models.CharField(max_length=40, blank=True, help_text="national code of the type")
    number_form = models.CharField(
        max_length=60, default="{year}{serial:05d}", help_text="how its number is made"
    )
    fields = models.JSONField(default=list, help_text="[{code, name, name_en, is_public}] it says")
    valid_months = models.PositiveSmallIntegerField(null=True, blank=True)
    paper_kind = models.ForeignKey(
        PaperKind, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="as which paper it is held afterwards",
    )  # fmt: skip
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "licence_kind"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["zone", "code"], name="licence_kind_once")]

    def __str__(self) -> str:
        return self.name


class Licence(models.Model):
    """证照: a licence, certificate or confirmation issued here.

    ``code_hash`` is the hash of the secret in its QR code: whoever holds the paper may ask whether
    it holds. Expiry is read from ``valid_until``, never written. The signed PDF is a copy with a
    reliable signature; the national e-licence is what the province's platform returns.
    """

    class State(models.TextChoices):
        VALID = "valid", _("valid")
        SUSPENDED = "suspended", _("suspended")
        REPLACED = "replaced", _("replaced by a newer one")
        DEREGISTERED = "deregistered", _("deregistered")
        REVOKED = "revoked", _("revoked")

    class Handover(models.TextChoices):
        OFF = "off", _("no platform set")
        WAITING = "waiting", _("to be handed over")
        DONE = "done", _("handed over")
        FAILED = "failed", _("not taken yet")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(LicenceKind, on_delete=models.PROTECT, related_name="licences")
    number = models.CharField(max_length=60)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="licences", null=True, blank=True
    )
    holder_name = models.CharField(max_length=120)
    holder_code = models.CharField(max_length=18, blank=True)
    is_person = models.BooleanField(
        default=False, help_text="held by a natural person: masked before strangers"
    )
    issuer = models.CharField(max_length=80, help_text="the authority in whose name")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", null=True)
    content = models.JSONField(default=dict, help_text="what it says, by the kind's fields")
    conditions = models.CharField(max_length=500, blank=True)
    decided_on = models.DateField()
    issued_on = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="last day it holds")
    state = models.CharField(max_length=14, choices=State.choices, default=State.VALID)
    changed_on = models.DateField(null=True, blank=True, help_text="day its state last changed")
    is_automatic = models.BooleanField(default=False, help_text="decided with nobody in between")
    subject_type = models.CharField(max_length=40, blank=True, help_text="what decided it")
    subject_id = models.BigIntegerField(null=True, blank=True)
    code_hash = models.CharField(max_length=64, unique=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)
    signed_with = models.CharField(
        max_length=120, blank=True, help_text="fingerprint of the certificate"
    )
    handover = models.CharField(max_length=8, choices=Handover.choices, default=Handover.OFF)
    identifier = models.CharField(max_length=120, blank=True, help_text="by the platform")
    sealed_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="the OFD the platform sealed",
    )  # fmt: skip
    handover_tries = models.PositiveSmallIntegerField(default=0)
    handover_after = models.DateTimeField(null=True, blank=True, help_text="tried again not before")
    handover_why = models.CharField(max_length=300, blank=True, help_text="why not taken yet")
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "licence"
        ordering = ["-id"]
        constraints = [
            # A changed licence keeps its number; only one that bears it stands.
            models.UniqueConstraint(
                fields=["zone", "kind", "number"],
                condition=~Q(state="replaced"),
                name="licence_number_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="licence_ends_after_it_begins",
            ),
            # No unsigned licence leaves: a file comes with the certificate it was signed by.
            models.CheckConstraint(
                condition=Q(file__isnull=True) | ~Q(signed_with=""), name="licence_file_is_signed"
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "party", "id"], name="licence_of_party"),
            models.Index(fields=["zone", "state", "valid_until"], name="licence_by_end"),
            models.Index(fields=["zone", "subject_type", "subject_id"], name="licence_of_subject"),
            models.Index(fields=["zone", "issued_on", "id"], name="licence_by_day"),
            models.Index(fields=["zone", "number"], name="licence_by_number"),
            models.Index(
                fields=["zone", "handover_after", "id"],
                condition=Q(handover__in=["waiting", "failed"]),
                name="licence_to_hand_over",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LicenceEvent(models.Model):
    """证照变动: what became of a licence, by whom, why and on which document; append-only."""

    class What(models.TextChoices):
        ISSUED = "issued", _("issued")
        CHANGED = "changed", _("changed")
        SUSPENDED = "suspended", _("suspended")
        RESTORED = "restored", _("in force again")
        REVOKED = "revoked", _("revoked")
        DEREGISTERED = "deregistered", _("deregistered")
        EXTENDED = "extended", _("extended")
        HANDED_OVER = "handed_over", _("handed over to the platform")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=14, choices=What.choices)
    why = models.CharField(max_length=500, blank=True)
    document = models.CharField(max_length=200, blank=True)
    who = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "licence_event"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.what
