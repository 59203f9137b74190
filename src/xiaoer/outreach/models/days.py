"""What a day of a programme holds: planned visits of leaders; slots, bookings and walk-ins."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.outreach.models.visits import Gathering
from xiaoer.registry.models import Party
from xiaoer.work.models import Contact


class DayVisit(models.Model):
    """走访安排: one line of a visit day's programme: which leader goes where, when and why.

    A line is a contact within the enterprise's quota; where that is refused, ``refusal`` keeps the
    words until a leader gives a reason. What the enterprise was told is kept as it was told.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="lines")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="day_visits")
    leader = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=200)
    from_time = models.TimeField(null=True, blank=True)
    until_time = models.TimeField(null=True, blank=True)
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    refusal = models.CharField(max_length=1000, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_who = models.CharField(max_length=120, blank=True)
    told_with = models.CharField(max_length=400, blank=True)
    planned_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    planned_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "day_visit"
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "party"],
                condition=Q(cancelled_at__isnull=True),
                name="day_visit_once_to_an_enterprise",
            ),
            models.CheckConstraint(
                condition=Q(from_time__isnull=True)
                | Q(until_time__isnull=True)
                | Q(until_time__gt=F("from_time")),
                name="day_visit_window_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(contact__isnull=False),
                name="day_visit_told_only_within_the_quota",
            ),
        ]
        indexes = [
            models.Index(fields=["zone", "leader", "gathering"], name="day_visit_of_leader"),
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.party_id}"


class DayEscort(models.Model):
    """陪同单位: an office, or one post of it, that goes along with a leader."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(DayVisit, on_delete=models.PROTECT, related_name="escorts")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        db_table = "day_escort"
        constraints = [
            models.UniqueConstraint(
                fields=["line", "office", "post"],
                nulls_distinct=False,
                name="day_escort_once_a_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.office_id}"


class DaySlot(models.Model):
    """收集日时段: a time at a desk of a problem day, for so many enterprises.

    ``taken`` is counted under the row's lock, and the database itself refuses more than there is
    room for; others' bookings are not for an enterprise to read, the places left are.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="slots")
    from_time = models.TimeField()
    until_time = models.TimeField()
    desk = models.CharField(max_length=60, help_text="room and desk, and who sits there")
    capacity = models.PositiveSmallIntegerField(default=1)
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "day_slot"
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "from_time", "desk"], name="day_slot_once_at_a_desk"
            ),
            models.CheckConstraint(
                condition=Q(until_time__gt=F("from_time")), name="day_slot_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1) & Q(taken__lte=F("capacity")),
                name="day_slot_never_overbooked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_time:%H:%M} {self.desk}"


class Booking(models.Model):
    """预约、现场取号: somebody who brings a problem to a problem day, with or without a slot.

    At the enterprise's own wish, so it is no contact and counts against no quota.
    """

    class Through(models.TextChoices):
        ENTERPRISE = "enterprise", _("enterprise page")
        PHONE = "phone", _("telephone")
        WALK_IN = "walk_in", _("walked in")

    class State(models.TextChoices):
        BOOKED = "booked", _("booked")
        WAITING = "waiting", _("waiting")
        CALLED = "called", _("called")
        SERVED = "served", _("served")
        NO_SHOW = "no_show", _("did not come")
        CANCELLED = "cancelled", _("cancelled")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    gathering = models.ForeignKey(Gathering, on_delete=models.PROTECT, related_name="bookings")
    slot = models.ForeignKey(
        DaySlot, on_delete=models.PROTECT, related_name="bookings", null=True, blank=True
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="bookings")
    through = models.CharField(max_length=12, choices=Through.choices)
    who = models.CharField(max_length=60, help_text="who comes")
    phone = models.CharField(max_length=40, blank=True)
    matter = models.CharField(max_length=200, blank=True, help_text="what about, in a few words")
    state = models.CharField(max_length=12, choices=State.choices, default=State.BOOKED)
    ticket_no = models.PositiveSmallIntegerField(null=True, blank=True)
    booked_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    desk = models.CharField(max_length=60, blank=True, help_text="where it was called to")
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    outcome = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "booking"
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "party"],
                condition=Q(state__in=["booked", "waiting", "called"]),
                name="booking_one_open_of_an_enterprise",
            ),
            models.UniqueConstraint(
                fields=["gathering", "ticket_no"], name="booking_ticket_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["booked", "no_show", "cancelled"])
                | Q(ticket_no__isnull=False) & Q(arrived_at__isnull=False),
                name="booking_who_waits_has_a_ticket",
            ),
            models.CheckConstraint(
                condition=~Q(state="booked") | Q(slot__isnull=False),
                name="booking_booked_is_of_a_slot",
            ),
        ]
        indexes = [models.Index(fields=["gathering", "state"], name="booking_of_day")]

    def __str__(self) -> str:
        return f"{self.gathering_id} {self.party_id}"
