"""Reminders: who wants to be told of what, by which way, and what became of every message."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone

# Who a row belongs to: a person in one post, or an office as a whole.
ONE_OWNER = Q(post__isnull=False, office__isnull=True) | Q(post__isnull=True, office__isnull=False)


class Way(models.TextChoices):
    """By which way somebody is told."""

    PAGE = "page", _("page")
    EMAIL = "email", _("e-mail")
    HOOK = "hook", _("group robot")


class MailAddress(models.Model):
    """邮箱: where a person in a post gets mail; used only after a code sent there came back."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField(max_length=200)
    code_hash = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    wrong = models.PositiveSmallIntegerField(default=0, help_text="wrong codes since it was sent")
    sent_on = models.DateField(null=True, blank=True)
    sent = models.PositiveSmallIntegerField(default=0, help_text="codes sent on that day")
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "mail_address"

    def __str__(self) -> str:
        return self.address


class Hook(models.Model):
    """群机器人: an address (webhook) of an office or a person that takes messages.

    The whole address lies sealed: with the common robots it is itself the key to the group.
    """

    class Style(models.TextChoices):
        GENERIC = "generic", _("signed JSON")
        WECOM = "wecom", _("WeCom robot")
        DINGTALK = "dingtalk", _("DingTalk robot")
        FEISHU = "feishu", _("Feishu robot")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    name = models.CharField(max_length=60)
    style = models.CharField(max_length=10, choices=Style.choices)
    host = models.CharField(max_length=255, help_text="the only part of the address that is shown")
    url_sealed = models.TextField()
    secret_sealed = models.TextField(blank=True)
    made_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    last_failure = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "hook"
        constraints = [
            models.CheckConstraint(condition=ONE_OWNER, name="hook_has_one_owner"),
        ]

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """订阅: one kind of thing somebody wants to be told of, by one way, at once or at an hour.

    Never deleted but switched off, so that switching it on again tells nothing twice.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    kind = models.CharField(max_length=30, help_text="as lent by the rooms: due, overdue, …")
    way = models.CharField(max_length=10, choices=Way.choices)
    hook = models.ForeignKey(
        Hook, on_delete=models.PROTECT, related_name="subscriptions", null=True, blank=True
    )
    days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="so many days before, or without; empty: the kind has none"
    )
    hour = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="of the digest, local time; empty: at once"
    )
    pierces = models.BooleanField(
        default=False, help_text="what is under supervision is told on days off too"
    )
    is_active = models.BooleanField(default=True)
    chosen_at = models.DateTimeField()
    told_on = models.DateField(null=True, blank=True, help_text="day of the last digest")

    class Meta:
        db_table = "subscription"
        constraints = [
            models.CheckConstraint(condition=ONE_OWNER, name="subscription_has_one_owner"),
            models.CheckConstraint(
                condition=Q(way="hook", hook__isnull=False) | ~Q(way="hook") & Q(hook__isnull=True),
                name="subscription_by_hook_names_it",
            ),
            models.CheckConstraint(
                condition=Q(office__isnull=True) | Q(way="hook"),
                name="subscription_of_an_office_goes_to_its_robot",
            ),
            models.CheckConstraint(
                condition=Q(hour__isnull=True) | Q(hour__range=(0, 23)),
                name="subscription_at_an_hour_of_the_day",
            ),
            models.UniqueConstraint(
                fields=["zone", "post", "office", "kind", "way", "hook"],
                name="subscription_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.way}"


class Delivery(models.Model):
    """投递: one message on its way out; ``number`` goes with it, so that a double can be dropped.

    Claimed before it is sent and recorded after: killed in between, the claim runs out and it is
    sent again under the same number.
    """

    class Purpose(models.TextChoices):
        REMINDERS = "reminders", _("reminders")
        TEST = "test", _("test")
        CODE = "code", _("code")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        GIVEN_UP = "given_up", _("given up")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    number = models.UUIDField(default=uuid.uuid4, unique=True)
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    way = models.CharField(max_length=10, choices=Way.choices)
    hook = models.ForeignKey(
        Hook, on_delete=models.PROTECT, related_name="deliveries", null=True, blank=True
    )
    address = models.CharField(max_length=200, blank=True, help_text="of a mail")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    sealed = models.TextField(
        blank=True, help_text="what only the receiver reads (a code); emptied when it ends"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text="not before")
    tries = models.PositiveSmallIntegerField(default=0)
    most_tries = models.PositiveSmallIntegerField()
    claim = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "delivery"
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(condition=ONE_OWNER, name="delivery_has_one_owner"),
            models.CheckConstraint(
                condition=Q(way="hook", hook__isnull=False, address="")
                | Q(way="email", hook__isnull=True) & ~Q(address=""),
                name="delivery_goes_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "given_up"], ended_at__isnull=False)
                | Q(state__in=["waiting", "sending"], ended_at__isnull=True),
                name="delivery_ends_when_sent_or_given_up",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", claim__isnull=False, claimed_until__isnull=False)
                | ~Q(state="sending") & Q(claim__isnull=True, claimed_until__isnull=True),
                name="delivery_being_sent_is_claimed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "next_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="delivery_under_way",
            ),
            models.Index(fields=["post", "-id"], name="delivery_of_post"),
            models.Index(fields=["hook", "-id"], name="delivery_by_hook"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class DeliveryAttempt(models.Model):
    """投递记录: one attempt to send a message and what came of it; only added to."""

    class Result(models.TextChoices):
        SENT = "sent", _("arrived")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("interrupted: it may have arrived")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    result = models.CharField(max_length=10, choices=Result.choices)
    code = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="of HTTP or of the mail server"
    )
    words = models.CharField(max_length=300, blank=True)
    took_ms = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        db_table = "delivery_attempt"
        indexes = [models.Index(fields=["delivery", "id"], name="attempt_of_delivery")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.result}"


class Reminder(models.Model):
    """提醒: one thing told to one subscriber once; ``key`` names the thing and its stage.

    Without a subscription it comes from the system itself, such as that a message was given up.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="reminders", null=True, blank=True
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    kind = models.CharField(max_length=30)
    way = models.CharField(max_length=10, choices=Way.choices)
    key = models.CharField(max_length=120)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=160)
    words = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=200, help_text="path of its page")
    made_at = models.DateTimeField()
    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="reminders", null=True, blank=True
    )

    class Meta:
        db_table = "reminder"
        constraints = [
            models.CheckConstraint(condition=ONE_OWNER, name="reminder_has_one_owner"),
            models.UniqueConstraint(
                fields=["subscription", "key"],
                condition=Q(subscription__isnull=False),
                name="reminder_told_once",
            ),
            models.UniqueConstraint(
                fields=["zone", "post", "kind", "key"],
                condition=Q(subscription__isnull=True),
                name="reminder_of_the_system_told_once",
            ),
            models.CheckConstraint(
                condition=Q(way="page", delivery__isnull=True)
                | ~Q(way="page") & Q(delivery__isnull=False),
                name="reminder_by_message_is_in_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["post", "-made_at"], condition=Q(way="page"), name="reminder_on_page"
            ),
            models.Index(fields=["delivery"], name="reminder_in_delivery"),
        ]

    def __str__(self) -> str:
        return self.title
