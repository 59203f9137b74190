"""What follows the fall of the hammer: the price paid and passed on, the next bidder asked, and what
somebody objects to."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.assets.models.auctions import Bidder, Lot
from xiaoer.base.models import Post, Zone


class LotPayment(models.Model):
    """成交款: money of a sale as the bank moved it; what was a deposit stands among the refunds."""

    class Way(models.TextChoices):
        FROM_BUYER = "from_buyer", _("from the buyer")
        TO_SELLER = "to_seller", _("to the seller")
        TO_BUYER = "to_buyer", _("back to the buyer")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="payments")
    bidder = models.ForeignKey(
        Bidder, on_delete=models.PROTECT, related_name="payments", null=True, blank=True
    )
    way = models.CharField(max_length=10, choices=Way.choices)
    amount_fen = models.BigIntegerField()
    paid_on = models.DateField()
    bank_number = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "lot_payment"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "bank_number"], name="lot_payment_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="lot_payment_of_something"),
            models.CheckConstraint(
                condition=Q(way="to_seller") | Q(bidder__isnull=False),
                name="lot_payment_of_a_buyer",
            ),
        ]

    def __str__(self) -> str:
        return self.bank_number


class SecondChance(models.Model):
    """递补征询: the next bidder asked, after a default, whether it buys at its own last bid."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        ACCEPTED = "accepted", _("takes the offer")
        DECLINED = "declined", _("declines the offer")
        LAPSED = "lapsed", _("no answer in time")
        DROPPED = "dropped", _("no longer asked")

    SAID: ClassVar[dict[str, str | Promise]] = {
        State.ASKED: _("waiting for its answer"),
        State.ACCEPTED: _("it buys"),
        State.DECLINED: _("it does not buy"),
    }

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="chances")
    bidder = models.ForeignKey(Bidder, on_delete=models.PROTECT, related_name="chances")
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    offered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "lot_second_chance"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "bidder"], name="second_chance_once"),
            models.UniqueConstraint(
                fields=["lot"], condition=Q(state="asked"), name="second_chance_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, due_at__gte=F("offered_at")),
                name="second_chance_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True)
                | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="second_chance_ends_when_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.state}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # Django makes another
        return str(self.SAID.get(self.state) or self.State(self.state).label)


class LotObjection(models.Model):
    """异议: what the seller or a bidder of a lot objects to in what came of it, until it is decided.

    ``bidder`` empty: the seller objects. While one is open the result is not confirmed and no
    deposit of those who were in the hall goes back.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        UPHELD = "upheld", _("upheld")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    SAID: ClassVar[dict[str, str | Promise]] = {
        State.OPEN: _("objection to be decided"),
        State.UPHELD: _("objection upheld"),
        State.REJECTED: _("objection not upheld"),
        State.WITHDRAWN: _("objection taken back"),
    }

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="objections")
    bidder = models.ForeignKey(
        Bidder, on_delete=models.PROTECT, related_name="objections", null=True, blank=True
    )
    words = models.TextField(max_length=1000)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        help_text="who wrote it down for the party; empty: the party itself",
    )  # fmt: skip
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    answer = models.CharField(max_length=500, blank=True, help_text="read by every party")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "lot_objection"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "bidder"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="objection_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="objection_ends_when_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "rejected"])
                | (~Q(answer="") & Q(decided_by__isnull=False)),
                name="objection_decided_in_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.state}"

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # Django makes another
        return str(self.SAID[self.state])
