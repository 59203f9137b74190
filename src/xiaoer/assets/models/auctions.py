"""The auction of idle things: lots, who may bid, deposits, the hall with its clock, and its ledger.

Everything that decides who wins stands in the hall and its ledger, which only functions of the
database write. The rest is written by verbs.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, StoredFile, Zone
from xiaoer.registry.models import Party
from xiaoer.work.models import Matter


class AuctionRules(models.Model):
    """竞价规则: a version of the rules a zone auctions by; a lot keeps the one it was noticed under.

    ``body`` is a ``terms.Terms`` as JSON, each parameter with its source and mark.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    body = models.JSONField()
    since = models.DateField()
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "auction_rules"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="auction_rules_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class DepositAccount(models.Model):
    """保证金账户: where bidders of a zone pay their deposits; a lot keeps the one of its notice.

    One is in force: the one without an end. An account that was changed stays for the lots that
    were announced with it.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=80)
    bank = models.CharField(max_length=80)
    number = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "deposit_account"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone"], condition=Q(until__isnull=True), name="deposit_account_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.number}"


class Lot(models.Model):
    """标的: an idle thing of a firm, put up for auction; money in fen.

    ``reserve_hash`` is published with the notice where the reserve is secret: SHA-256 of its salt and
    amount, which lie sealed until the end. The moments are of the server's clock.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("being checked")
        CHECKED = "checked", _("checked")
        NOTICED = "noticed", _("announced")
        LIVE = "live", _("bidding")
        ENDED = "ended", _("result to be confirmed")
        PASSED_IN = "passed_in", _("passed in")
        CONFIRMED = "confirmed", _("result confirmed")
        PUBLISHED = "published", _("result published")
        PAID = "paid", _("paid")
        HANDED_OVER = "handed_over", _("handed over")
        CLOSED = "closed", _("closed")
        DEFAULTED = "defaulted", _("buyer in default")
        WITHDRAWN = "withdrawn", _("withdrawn")

    # Said otherwise of a lot than of anything else that is confirmed, announced or closed.
    SAID: ClassVar[dict[str, str | Promise]] = {
        State.NOTICED: _("announced to bidders"),
        State.CONFIRMED: _("result confirmed"),
        State.HANDED_OVER: _("handed over to the buyer"),
        State.CLOSED: _("sold and settled"),
    }

    class Reserve(models.TextChoices):
        NONE = "none", _("no reserve")
        OPEN = "open", _("the start price is the reserve")
        SECRET = "secret", _("secret reserve")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, related_name="auction_lot", null=True
    )
    number = models.CharField(max_length=20, blank=True, help_text="such as 2026-041")
    title = models.CharField(max_length=80)
    sort = models.CharField(max_length=40, blank=True, help_text="such as 机床")
    quantity = models.CharField(max_length=60, blank=True)
    description = models.TextField(max_length=4000)
    flaws = models.TextField(max_length=2000, blank=True, help_text="known defects, as told")
    place = models.CharField(max_length=120)
    seller = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    contact_name = models.CharField(max_length=40)
    contact_phone = models.CharField(max_length=40)
    rules = models.ForeignKey(AuctionRules, on_delete=models.PROTECT, related_name="lots")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    start_fen = models.BigIntegerField()
    step_fen = models.BigIntegerField()
    deposit_fen = models.BigIntegerField()
    valuation_fen = models.BigIntegerField(null=True, blank=True)
    reserve = models.CharField(max_length=6, choices=Reserve.choices, default=Reserve.OPEN)
    reserve_hash = models.CharField(max_length=64, blank=True)
    viewing_from = models.DateField(null=True, blank=True)
    viewing_until = models.DateField(null=True, blank=True)
    viewing_place = models.CharField(max_length=120, blank=True)
    deposit_account = models.ForeignKey(
        DepositAccount, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    noticed_at = models.DateTimeField(null=True, blank=True)
    register_until = models.DateTimeField(null=True, blank=True)
    deposit_until = models.DateTimeField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    free_until = models.DateTimeField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    relisted_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="relisted_as", null=True, blank=True
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    returned_why = models.CharField(max_length=500, blank=True)
    price_fen = models.BigIntegerField(null=True, blank=True, help_text="of the sale")
    winner = models.ForeignKey(
        "Bidder", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    published_at = models.DateTimeField(null=True, blank=True)
    contract_on = models.DateField(null=True, blank=True)
    commission_fen = models.BigIntegerField(
        default=0, help_text="of the sale, kept by the exchange"
    )
    paid_at = models.DateTimeField(null=True, blank=True)
    handed_over_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "auction_lot"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "number"], condition=~Q(number=""), name="lot_number_once"
            ),
            models.CheckConstraint(
                condition=Q(start_fen__gt=0, step_fen__gt=0, deposit_fen__gte=0),
                name="lot_has_its_prices",
            ),
            models.CheckConstraint(
                condition=~Q(reserve="secret") | Q(state="draft") | ~Q(reserve_hash=""),
                name="lot_secret_reserve_is_sealed",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | (Q(free_until__gte=F("opens_at")) & Q(deposit_until__lte=F("free_until"))),
                name="lot_runs_forward",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["withdrawn", "defaulted"]) | ~Q(closed_why=""),
                name="lot_ended_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["zone", "state", "opens_at"], name="lot_of_state")]

    def __str__(self) -> str:
        return self.number or self.title

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # Django makes another
        # Closed is also what was passed in, or whose sale was annulled, and nobody's hands are on.
        if self.state == self.State.CLOSED and self.winner_id is None:
            return str(self.State.CLOSED.label)
        return self.said(self.state)

    @classmethod
    def said(cls, state: str) -> str:
        """A state of a lot in the reader's words."""
        return str(cls.SAID.get(state) or cls.State(state).label)


class LotFile(models.Model):
    """标的图片: a picture, or a paper that shows whose it is."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("picture")
        TITLE = "title", _("proof of ownership")
        PAPER = "paper", _("other paper")
        CONTRACT = "contract", _("contract")
        HANDOVER = "handover", _("handover form")
        NOTICE = "notice", _("announcement")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "lot_file"
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Bidder(models.Model):
    """竞买人: a party registered for one lot, with its agent; to others it is a number only.

    ``rank``: of a holder of pre-emption, 1 before 2; empty: none. ``alias`` is given at random when
    it is admitted.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("to be looked at")
        ADMITTED = "admitted", _("admitted")
        REFUSED = "refused", _("not admitted")
        LEFT = "left", _("withdrawn")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="bidders")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    agent_name = models.CharField(max_length=40)
    agent_phone = models.CharField(max_length=40)
    mandate = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    rank_why = models.CharField(max_length=200, blank=True, help_text="such as tenant, co-owner")
    alias = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.APPLIED)
    deposit_code = models.CharField(
        max_length=16, help_text="stands in the remark of the transfer; names lot and bidder"
    )
    paid_fen = models.BigIntegerField(default=0, help_text="what statements say came for it")
    applied_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    refused_why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "auction_bidder"
        constraints = [
            models.UniqueConstraint(fields=["lot", "party"], name="bidder_once_a_lot"),
            models.UniqueConstraint(fields=["lot", "alias"], name="bidder_alias_once"),
            models.UniqueConstraint(fields=["zone", "deposit_code"], name="bidder_code_once"),
            models.CheckConstraint(
                condition=~Q(state="admitted") | Q(alias__isnull=False),
                name="bidder_admitted_under_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refused_why=""),
                name="bidder_refused_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.alias or '–'}"


class DepositStatement(models.Model):
    """保证金流水: a statement of the deposit account as the exchange's bank gave it."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=40)
    first_on = models.DateField()
    last_on = models.DateField()
    at = models.DateTimeField()
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    file_name = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict, help_text="how many rows became what; rejected ones")

    class Meta:
        db_table = "deposit_statement"

    def __str__(self) -> str:
        return f"{self.account} {self.first_on}"


class DepositLine(models.Model):
    """保证金明细: a line of a statement: money that came, counted once by the bank's own number.

    ``bidder`` empty: nobody knows whose it is yet.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(DepositStatement, on_delete=models.PROTECT, related_name="lines")
    bank_number = models.CharField(max_length=60)
    at = models.DateTimeField()
    payer = models.CharField(max_length=80)
    payer_account = models.CharField(max_length=40, blank=True)
    remark = models.CharField(max_length=200, blank=True)
    amount_fen = models.BigIntegerField()
    bidder = models.ForeignKey(
        Bidder, on_delete=models.PROTECT, related_name="deposits", null=True, blank=True
    )
    matched_at = models.DateTimeField(null=True, blank=True)
    matched_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "deposit_line"
        constraints = [
            models.UniqueConstraint(fields=["zone", "bank_number"], name="deposit_line_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="deposit_line_came_in"),
        ]

    def __str__(self) -> str:
        return self.bank_number


class Refund(models.Model):
    """退款: a deposit to be given back, kept for the price, or forfeited; with its day of payment."""

    class Kind(models.TextChoices):
        BACK = "back", _("given back")
        TO_PRICE = "to_price", _("kept as part of the price")
        FORFEITED = "forfeited", _("forfeited")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(
        DepositLine, on_delete=models.PROTECT, related_name="refunds", related_query_name="refund"
    )
    kind = models.CharField(max_length=9, choices=Kind.choices)
    amount_fen = models.BigIntegerField()
    due_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)
    done_on = models.DateField(null=True, blank=True)
    bank_number = models.CharField(max_length=60, blank=True, help_text="of the payment back")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "deposit_refund"
        constraints = [
            # A line may be parted: so much forfeited, what was paid too much given back.
            models.UniqueConstraint(fields=["line", "kind"], name="refund_once_a_kind"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_of_something"),
            models.CheckConstraint(
                condition=~Q(kind="forfeited") | ~Q(why=""), name="forfeited_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.kind}"


class Ban(models.Model):
    """禁入: a party that may not bid, from a day to a day, such as after a default."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    why = models.CharField(max_length=300)
    since = models.DateField()
    until = models.DateField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "auction_ban"
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="ban_runs_forward")
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.until}"


class Hall(models.Model):
    """竞价厅: the one row every bid on a lot passes through, and its clock.

    Only functions of the database write it. ``price_fen`` is what is bid at present; ``head`` is the
    hash of the ledger's last line. ``ends_at`` moves with each bid that comes within ``extend_s`` of
    it after ``free_until``. While ``paused_at`` stands no bid counts and no time passes.
    """

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="hall")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    opens_at = models.DateTimeField()
    free_until = models.DateTimeField()
    ends_at = models.DateTimeField()
    extend_s = models.PositiveIntegerField(help_text="seconds")
    must_bid_free = models.BooleanField(default=False)
    start_fen = models.BigIntegerField()
    step_fen = models.BigIntegerField()
    most_fen = models.BigIntegerField(help_text="above it nobody bids: a slip of the finger")
    has_secret = models.BooleanField(default=False)
    is_reserve_met = models.BooleanField(default=False)
    price_fen = models.BigIntegerField(null=True)
    leader = models.ForeignKey(
        Bidder, on_delete=models.PROTECT, related_name="+", null=True,
        db_constraint=False, db_index=False,
    )  # fmt: skip
    leader_alias = models.PositiveSmallIntegerField(null=True)
    leader_rank = models.PositiveSmallIntegerField(null=True)
    seq = models.BigIntegerField(default=0)
    bids = models.IntegerField(default=0)
    extensions = models.IntegerField(default=0)
    last_at = models.DateTimeField()
    head = models.BinaryField()
    free_bidders = ArrayField(
        models.BigIntegerField(), default=list, help_text="who bid before free_until"
    )
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(
        max_length=10, db_default="", default="", help_text="sold, no_bid, passed_in or stopped"
    )

    class Meta:
        db_table = "auction_hall"
        indexes = [
            # By what no bid changes, so that a bid writes no index.
            models.Index(fields=["lot"], condition=Q(ended_at__isnull=True), name="hall_open")
        ]

    def __str__(self) -> str:
        return str(self.lot_id)


class Audience(models.Model):
    """围观: how many follow a hall through one process of the server, as it said last.

    Only a function of the database writes it; what was said long ago counts nobody.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="audiences")
    process = models.CharField(max_length=32)
    watchers = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "auction_audience"
        constraints = [
            models.UniqueConstraint(fields=["process", "lot"], name="audience_once_a_process")
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.watchers}"


class LedgerLine(models.Model):
    """账本: one thing that happened in a hall, chained by its hash to the one before; never changed.

    ``text`` is what was hashed, exactly: a stranger recomputes the chain from it alone. What a line
    points to is not asked for again by the database: the functions that alone write lines take it
    from rows they hold, and a bid should not pay for three more questions.
    """

    pk = models.CompositePrimaryKey("lot_id", "seq")
    zone = models.ForeignKey(
        Zone, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, related_name="lines", db_constraint=False, db_index=False
    )
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    bidder = models.ForeignKey(
        Bidder, on_delete=models.PROTECT, related_name="+", null=True,
        db_constraint=False, db_index=False,
    )  # fmt: skip
    amount_fen = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=16)
    price_fen = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    ref = models.UUIDField(null=True, help_text="the bidder's own number of the bid: twice is once")
    text = models.CharField(max_length=2000)
    hash = models.BinaryField()

    class Meta:
        db_table = "auction_line"
        constraints = [
            models.UniqueConstraint(
                fields=["bidder", "ref"], condition=Q(ref__isnull=False), name="bid_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.seq}"


class Flag(models.Model):
    """疑点: something about a lot the host should look at; never shown to the public."""

    class Why(models.TextChoices):
        SAME_ADDRESS = "same_address", _("two bidders from one address")
        SAME_DEVICE = "same_device", _("two bidders on one device")
        ONE_BIDDER = "one_bidder", _("one bidder only")
        PATTERN = "pattern", _("prices that look agreed")
        RELATED = "related", _("a firm related to the seller")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="flags")
    why = models.CharField(max_length=12, choices=Why.choices)
    detail = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    cleared_why = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "auction_flag"
        constraints = [
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | ~Q(cleared_why=""),
                name="flag_cleared_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.why}"


class Watching(models.Model):
    """到场: from where a bidder was in the hall, for the flags; kept apart from what is published."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    bidder = models.ForeignKey(Bidder, on_delete=models.PROTECT, related_name="+")
    address_hash = models.CharField(max_length=64)
    device_hash = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "auction_watching"
        constraints = [
            models.UniqueConstraint(
                fields=["bidder", "address_hash", "device_hash"], name="watching_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.bidder_id)


class LotHost(models.Model):
    """主持: who hosts a lot: pauses, goes on, confirms the result."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="host")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "lot_host"

    def __str__(self) -> str:
        return str(self.lot_id)


class SealedReserve(models.Model):
    """保留价: a secret reserve and its salt; nobody reads it but the functions of the hall."""

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="sealed_reserve")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    salt = models.CharField(max_length=64)

    class Meta:
        db_table = "sealed_reserve"

    def __str__(self) -> str:
        return str(self.lot_id)


class Seat(models.Model):
    """席位: a session of a bidder in a hall; its bids carry the secret of the seat.

    Whoever signs out, or whose session ends, sits no more: the database asks the session itself.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    bidder = models.ForeignKey(Bidder, on_delete=models.PROTECT, related_name="seats")
    key_hash = models.CharField(max_length=64, unique=True)
    session_key = models.CharField(max_length=40)
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "auction_seat"

    def __str__(self) -> str:
        return str(self.bidder_id)


class MovedClock(models.Model):
    """拨快的时钟: by how much the halls of a demo zone run ahead, so that its past really took place.

    Only the owner of the database writes it, in maintenance: no zone that works has a row.
    """

    zone = models.OneToOneField(Zone, on_delete=models.PROTECT, related_name="+")
    ahead = models.DurationField(help_text="added to the database's clock; may be less than zero")

    class Meta:
        db_table = "moved_clock"

    def __str__(self) -> str:
        return str(self.ahead)
