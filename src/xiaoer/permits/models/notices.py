"""Official papers of a case: one row for each that is due, made by a job, signed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import StoredFile, Zone
from xiaoer.permits.models.cases import Case, CaseEvent, CaseItem


class CaseNotice(models.Model):
    """文书: an official paper a case calls for, such as the notice of acceptance.

    The act is the event; the paper follows it within seconds. One that could not be made says why
    and can be made again: an act is not undone because a key file is missing.
    """

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", _("notice of acceptance")
        NOT_ACCEPTED = "not_accepted", _("notice of non-acceptance")
        SUPPLEMENT = "supplement", _("notice of what is to be supplemented")
        PAUSED = "paused", _("notice of time not counted")
        EXTENDED = "extended", _("notice of more time")
        GRANTED = "granted", _("decision to grant")
        REFUSED = "refused", _("decision not to grant")
        DEFECTS = "defects", _("list of defects")
        BROKEN = "broken", _("notice of a promise not kept")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    item = models.ForeignKey(
        CaseItem, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    number = models.CharField(max_length=60)
    ordered_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    problem = models.CharField(max_length=300, blank=True, help_text="why it could not be made")

    class Meta:
        db_table = "case_notice"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "kind"], name="case_notice_once"),
        ]
        indexes = [models.Index(fields=["case", "id"], name="case_notice_of_case")]

    def __str__(self) -> str:
        return self.number
