"""Contact cards and their prints."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, StoredFile, Zone
from xiaoer.registry.models import Party


class ContactCard(models.Model):
    """服务企业联系卡: an enterprise's card; its code opens the request form without signing in.

    Only the hash of the code is a key to rows; the code itself is kept so that the card can be
    printed again.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="cards")
    code = models.CharField(max_length=32, unique=True)
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True, blank=True)
    handed_out_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "contact_card"
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(withdrawn_at__isnull=True), name="card_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"card of {self.party_id}"


class CardPrint(models.Model):
    """印卡: a print of more cards than anybody should wait for, made by a job.

    ``told_at`` moves while somebody is really at it; a server killed in between leaves it standing.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    cards = models.JSONField(
        default=list, help_text="numbers of the cards, in the order of printing"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0, help_text="cards drawn so far")
    message = models.CharField(max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "card_print"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", file__isnull=False) | ~Q(state="done"),
                name="card_print_ready_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"print of {len(self.cards)} cards"
