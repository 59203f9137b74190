"""Work without network: for how long a phone may keep it, which phones do, what came from them."""

from django.db import models
from django.db.models import Q

from xiaoer.base.models import Post, Zone
from xiaoer.outreach.models.visits import Visit

MOST_DAYS = 31
# What holds where a zone has no rule of its own yet.
DAYS = 7


class FieldRule(models.Model):
    """外勤规则: for how many days after its last contact a phone keeps field work.

    No authority's rule was found: this product's own proposal (mark D), for the zone to change.
    """

    zone = models.OneToOneField(Zone, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "field_rule"
        constraints = [
            models.CheckConstraint(
                condition=Q(days__range=(1, MOST_DAYS)), name="field_work_is_kept_some_days"
            ),
        ]

    def __str__(self) -> str:
        return str(self.days)


class FieldDevice(models.Model):
    """外勤设备: a phone that keeps an officer's field work sealed.

    ``secret`` is what the phone's key is derived from, itself sealed (``envelopes``); the phone
    gets it after each sign-in and forgets it. Once wiped there is none, so that whatever is left on
    the phone stays unreadable. ``key_hash`` is that of the token by which the phone asks, without
    any session, whether it is to be wiped.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    account_ref = models.BigIntegerField(help_text="accounts stand outside row security")
    name = models.CharField(max_length=60)
    key_hash = models.CharField(max_length=64, unique=True)
    secret = models.TextField(blank=True)
    kept_at = models.DateTimeField()
    released_at = models.DateTimeField(help_text="when its key was last given out")
    allowed_until = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="its last contact")
    wiped_at = models.DateTimeField(null=True, blank=True)
    wiped_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="when the phone said that it deleted everything"
    )

    class Meta:
        db_table = "field_device"
        constraints = [
            models.CheckConstraint(
                condition=Q(wiped_at__isnull=True) | Q(secret=""),
                name="field_device_wiped_has_no_secret",
            ),
        ]
        indexes = [models.Index(fields=["zone", "post", "-seen_at"], name="field_device_of_post")]

    def __str__(self) -> str:
        return self.name


class FieldLog(models.Model):
    """外勤记录: a visit that came from a phone, once for each key the phone gave it.

    Both times are kept: what the phone's clock said, and the same corrected by how far the clock
    was off when it was sent. Sent as a colleague's companion it names the colleague's visit, and
    ``said`` holds what the companion heard.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    client_key = models.UUIDField()
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="field_logs")
    device = models.ForeignKey(FieldDevice, on_delete=models.PROTECT, related_name="logs")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    is_companion = models.BooleanField(default=False)
    met = models.CharField(max_length=120, blank=True)
    said = models.TextField(blank=True)
    claimed_at = models.DateTimeField(help_text="by the phone's clock")
    corrected_at = models.DateTimeField()
    claimed_on = models.DateField(help_text="the day of the visit as the phone said it")
    received_at = models.DateTimeField()

    class Meta:
        db_table = "field_log"
        constraints = [
            models.UniqueConstraint(fields=["zone", "client_key"], name="field_log_once"),
        ]

    def __str__(self) -> str:
        return str(self.client_key)
