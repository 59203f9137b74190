"""What the zone makes: numbers of licences one after another, and official notices."""

from django.db import models

from xiaoer.base.models import StoredFile, Zone
from xiaoer.papers.models.licences import LicenceKind
from xiaoer.registry.models import Party


class LicenceSerial(models.Model):
    """证照流水号: the last number given to a kind of licence in a year, so that no two share one."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(LicenceKind, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "licence_serial"
        constraints = [
            models.UniqueConstraint(fields=["zone", "kind", "year"], name="licence_serial_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


class OfficialNotice(models.Model):
    """文书: an official notice made and signed here, such as of acceptance or of a decision.

    ``code_hash`` is the hash of the secret in its QR code, as of a licence. Never changed: what was
    wrong is put right by another notice.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="official_notices", null=True, blank=True
    )
    kind = models.SlugField(max_length=40)
    title = models.CharField(max_length=80)
    number = models.CharField(max_length=60)
    addressee = models.CharField(max_length=120)
    is_person = models.BooleanField(
        default=False, help_text="to a natural person: masked before strangers"
    )
    office_name = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=40, help_text="table of the record it is about")
    subject_id = models.BigIntegerField()
    code_hash = models.CharField(max_length=64, unique=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    signed_with = models.CharField(max_length=120, help_text="fingerprint of the certificate")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "official_notice"
        ordering = ["-id"]
        constraints = [
            # No unsigned paper leaves.
            models.CheckConstraint(
                condition=~models.Q(signed_with=""), name="official_notice_is_signed"
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "subject_type", "subject_id"], name="official_notice_of_subject"
            ),
            models.Index(fields=["zone", "party", "id"], name="official_notice_of_party"),
        ]

    def __str__(self) -> str:
        return self.number
