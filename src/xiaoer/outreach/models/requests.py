"""Requests (诉求) that only the enterprise closes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.outreach.models.days import Booking
from xiaoer.outreach.models.visits import Programme, Visit
from xiaoer.registry.models import Party
from xiaoer.work.models import Matter


class AppealKind(models.Model):
    """诉求类别: a zone's own list (融资, 用工, 用地, 用电 …) with the office that usually leads."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "appeal_kind"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="appeal_kind_once_in_zone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the reader's language, as far as the zone gave one."""
        is_chinese = (get_language() or "zh").startswith("zh")
        return self.name if is_chinese else self.name_en or self.name


class Appeal(models.Model):
    """诉求: a difficulty an enterprise brings; answered by the zone, closed by the enterprise alone.

    Two independent results: what was done (``result``) and how the enterprise finds it
    (``satisfaction``). States follow processes.md 4.2; the three clocks (start, reply, solve) are
    computed from the moments kept here.
    """

    class Channel(models.TextChoices):
        CARD = "card", _("contact card")
        ENTERPRISE = "enterprise", _("enterprise page")
        VISIT = "visit", _("visit")
        PHONE = "phone", _("telephone")
        PROBLEM_DAY = "problem_day", _("problem day")
        HALL = "hall", _("service hall")
        OBSERVER = "observer", _("observer")

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        REGISTERED = "registered", _("registered")
        DISPATCHED = "dispatched", _("dispatched")
        WORKING = "working", _("being handled")
        PARKED = "parked", _("parked with a promised date")
        ANSWERED = "answered", _("answered, waiting for the enterprise")
        CONFIRMED = "confirmed", _("confirmed by the enterprise")
        UNCONFIRMED = "unconfirmed", _("unconfirmed: enterprise not reached")
        NOT_ACCEPTED = "not_accepted", _("not accepted")
        MERGED = "merged", _("merged")
        TRANSFERRED = "transferred", _("transferred elsewhere")
        WITHDRAWN = "withdrawn", _("withdrawn")
        TAKEN_BACK = "taken_back", _("taken back as mistaken")

    class Urgency(models.TextChoices):
        NORMAL = "normal", _("normal")
        URGENT = "urgent", _("urgent")
        CRITICAL = "critical", _("production is stopped")

    class Result(models.TextChoices):
        SOLVED = "solved", _("solved")
        PARTLY = "partly", _("partly solved")
        PLANNED = "planned", _("a date is fixed")
        IMPOSSIBLE = "impossible", _("explained why it is not possible")

    class Refusal(models.TextChoices):
        """不予受理的情形: the lawful reasons, and no other, for which a request is not accepted."""

        LAWSUIT = "lawsuit", _("it is before a court or in arbitration")
        RECONSIDERATION = "reconsideration", _("it is in administrative reconsideration")
        PETITION = "petition", _("it is being handled as a petition")
        SECRETS = "secrets", _("it concerns state, business or personal secrets")
        CONTRACT = "contract", _("it is a dispute of a contract between firms")
        REPEATED = "repeated", _("the same facts were already closed")
        NOT_COMPETENT = "not_competent", _("it lies outside the powers of the zone")

    class Through(models.TextChoices):
        """Through what the enterprise's own word reached the zone."""

        ENTERPRISE = "enterprise", _("enterprise page")
        LINK = "link", _("receipt's link")
        RETURN_VISIT = "return_visit", _("return visit")

    class Ball(models.TextChoices):
        """球在谁手里: who has to move next."""

        DESK = "desk", _("service desk")
        HANDLER = "handler", _("handling office")
        ENTERPRISE = "enterprise", _("enterprise")
        ELSEWHERE = "elsewhere", _("another authority")
        NOBODY = "nobody", _("nobody")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    receipt_no = models.CharField(max_length=20, help_text="SQ-2026-1187")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="appeals")
    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, null=True, blank=True)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="appeals", null=True, blank=True
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True)
    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, related_name="appeals", null=True, blank=True
    )
    kind = models.ForeignKey(AppealKind, on_delete=models.PROTECT, null=True, blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.NORMAL)
    is_hard = models.BooleanField(default=False, help_text="30 days instead of 15")
    title = models.CharField(max_length=80)
    body = models.TextField(max_length=4000)
    money_fen = models.BigIntegerField(null=True, blank=True)
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    is_phone_verified = models.BooleanField(
        default=False, help_text="False: stated, not called back"
    )
    track_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED)
    ball = models.CharField(max_length=12, choices=Ball.choices, default=Ball.DESK)
    first_post = models.ForeignKey(
        Post,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="首接负责",
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="牵头"
    )
    handler = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    was_returned = models.BooleanField(default=False, help_text="may be returned once")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    not_accepted_for = models.CharField(max_length=20, choices=Refusal.choices, blank=True)
    transferred_to = models.CharField(max_length=120, blank=True)
    external_ref = models.CharField(max_length=60, blank=True)
    filed_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    level = models.PositiveSmallIntegerField(default=0, help_text="how often it went one level up")
    supervised_at = models.DateTimeField(null=True, blank=True, help_text="督办")
    filed_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True, help_text="first answer")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="latest answer")
    closed_at = models.DateTimeField(null=True, blank=True)
    start_due_at = models.DateTimeField(null=True, blank=True)
    reply_due_at = models.DateTimeField(null=True, blank=True)
    solve_due_at = models.DateTimeField(null=True, blank=True, help_text="promised")
    rule_due_at = models.DateTimeField(null=True, blank=True, help_text="上级规定")
    # The clock that runs now (start, reply or solve), kept so that a list can sort and light by it.
    running_due_at = models.DateTimeField(null=True, blank=True)
    running_amber_at = models.DateTimeField(null=True, blank=True)
    promised_on = models.DateField(null=True, blank=True, help_text="of a parked one")
    result = models.CharField(max_length=12, choices=Result.choices, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_through = models.CharField(max_length=12, choices=Through.choices, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    satisfaction_words = models.CharField(max_length=500, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    ask_again_on = models.DateField(null=True, blank=True, help_text="30 days after confirmation")
    asked_again_at = models.DateTimeField(null=True, blank=True)
    still_solved_at = models.DateTimeField(null=True, blank=True, help_text="said when asked again")
    # What similar ones are found by: pairs of neighbouring characters, made by ``terms``.
    terms = ArrayField(models.TextField(), default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "appeal"
        constraints = [
            models.UniqueConstraint(fields=["zone", "receipt_no"], name="receipt_no_once_in_zone"),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(confirmed_at__isnull=False) & ~Q(confirmed_through=""),
                name="appeal_confirmed_by_the_enterprise",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_accepted") | ~Q(not_accepted_for=""),
                name="appeal_not_accepted_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="parked") | Q(promised_on__isnull=False),
                name="appeal_parked_with_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
                name="appeal_merged_into_one",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
                name="satisfaction_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="appeal_not_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "-filed_at", "-id"], name="appeal_latest"),
            # The pool's chips count what is open, however much was closed before.
            models.Index(
                fields=["zone", "state"],
                condition=Q(
                    state__in=[
                        "received",
                        "registered",
                        "dispatched",
                        "working",
                        "parked",
                        "answered",
                    ]
                ),
                name="appeal_open",
            ),
            models.Index(fields=["zone", "state", "solve_due_at"], name="appeal_by_state"),
            models.Index(fields=["zone", "running_due_at", "id"], name="appeal_by_due"),
            models.Index(fields=["party", "-filed_at"], name="appeal_of_party"),
        ]

    def __str__(self) -> str:
        return self.receipt_no


class ReceiptCounter(models.Model):
    """编号: the last receipt number of a zone in a year. Locked last in a filing, so shortly."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "receipt_counter"
        constraints = [
            models.UniqueConstraint(fields=["zone", "year"], name="receipt_counter_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


class JointOffice(models.Model):
    """协办: an office that helps the leading one."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="joint_offices")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "joint_office"
        constraints = [
            models.UniqueConstraint(fields=["appeal", "office"], name="joint_office_once"),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.office_id}"


class AppealEvent(models.Model):
    """经过: one line of an appeal's story; never changed."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    who = models.CharField(max_length=120)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    text = models.TextField(blank=True)
    is_public = models.BooleanField(default=True, help_text="the enterprise sees it")
    is_between_offices = models.BooleanField(default=False)
    result = models.CharField(max_length=12, choices=Appeal.Result.choices, blank=True)

    class Meta:
        db_table = "appeal_event"
        indexes = [models.Index(fields=["appeal", "at", "id"], name="appeal_story")]

    def __str__(self) -> str:
        return f"{self.verb} {self.at}"


class DateChange(models.Model):
    """改期: a later date asked for with a reason, granted or not by the supervisor."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="date_changes")
    asked_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    granted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_words = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "date_change"
        constraints = [
            models.UniqueConstraint(
                fields=["appeal"], condition=Q(granted__isnull=True), name="date_change_one_open"
            ),
            models.CheckConstraint(
                condition=Q(new_due_at__gt=F("old_due_at")), name="date_change_is_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.new_due_at}"


class ReturnVisit(models.Model):
    """回访: somebody other than the handler asks the enterprise whether it is really solved."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("enterprise confirmed")
        REOPENED = "reopened", _("enterprise says not solved")
        UNREACHABLE = "unreachable", _("not reached")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="return_visits")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    spoke_with = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "return_visit"

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.outcome}"
