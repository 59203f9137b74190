"""Routes of visits: what they are computed by, the routes themselves, and the search for them."""

from datetime import time

from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, StoredFile, Zone
from xiaoer.registry.models import Party
from xiaoer.work.models import Contact


class RouteRule(models.Model):
    """排路规则: where officers set out and come back, their hours, how fast they get on.

    Guesses of a zone's own (mark D) until it measured them: editable data with source and mark.
    """

    zone = models.OneToOneField(Zone, on_delete=models.PROTECT, related_name="+")
    start_longitude = models.FloatField(null=True, blank=True, help_text="WGS 84")
    start_latitude = models.FloatField(null=True, blank=True)
    end_longitude = models.FloatField(null=True, blank=True, help_text="empty: back to the start")
    end_latitude = models.FloatField(null=True, blank=True)
    works_from = models.TimeField(default=time(8, 30), help_text="nobody sets out before")
    works_until = models.TimeField(default=time(17, 30), help_text="everybody is back by then")
    lunch_from = models.TimeField(default=time(12), null=True, blank=True)
    lunch_until = models.TimeField(default=time(13, 30), null=True, blank=True)
    speed_kmh = models.PositiveSmallIntegerField(default=25)
    road_percent = models.PositiveSmallIntegerField(
        default=140, help_text="road by great circle, in percent, where no road is imported"
    )
    visit_minutes = models.PositiveSmallIntegerField(default=45)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "route_rule"
        constraints = [
            models.CheckConstraint(
                condition=Q(start_longitude__isnull=True, start_latitude__isnull=True)
                | Q(start_longitude__range=(-180, 180), start_latitude__range=(-90, 90)),
                name="route_rule_start_is_a_place",
            ),
            models.CheckConstraint(
                condition=Q(end_longitude__isnull=True, end_latitude__isnull=True)
                | Q(
                    start_longitude__isnull=False,
                    end_longitude__range=(-180, 180),
                    end_latitude__range=(-90, 90),
                ),
                name="route_rule_end_is_a_place",
            ),
            models.CheckConstraint(
                condition=Q(works_until__gt=F("works_from")),
                name="route_rule_day_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(lunch_from__isnull=True, lunch_until__isnull=True)
                | Q(
                    lunch_from__gt=F("works_from"),
                    lunch_until__gt=F("lunch_from"),
                    lunch_until__lt=F("works_until"),
                ),
                name="route_rule_lunch_is_within_the_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    speed_kmh__range=(3, 120),
                    road_percent__range=(100, 400),
                    visit_minutes__range=(5, 480),
                ),
                name="route_rule_figures_are_believable",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.works_from}–{self.works_until}"


class RoadSheet(models.Model):
    """路网里程表: a sheet of distances by road that was brought in, and what was wrong with it."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    file_name = models.CharField(max_length=200)
    read = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(
        default=0, help_text="pairs of the sheet's own places it says nothing about"
    )
    problems = models.JSONField(default=list, help_text="[row, column, words], the first of them")
    at = models.DateTimeField()

    class Meta:
        db_table = "road_sheet"
        constraints = [
            models.CheckConstraint(
                condition=Q(read=F("taken") + F("rejected")), name="road_sheet_loses_no_row"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class RoadDistance(models.Model):
    """路网里程: how far it is by road from one place to another; there and back may differ.

    A place is an enterprise, or where officers set out (from) and come back (to): none.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    to_party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    metres = models.PositiveIntegerField()
    seconds = models.PositiveIntegerField(
        null=True, blank=True, help_text="empty: by the speed of the rule"
    )
    sheet = models.ForeignKey(RoadSheet, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "road_distance"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "from_party", "to_party"],
                nulls_distinct=False,
                name="road_distance_once",
            ),
            models.CheckConstraint(
                condition=Q(from_party__isnull=True)
                | Q(to_party__isnull=True)
                | ~Q(from_party=F("to_party")),
                name="road_leads_elsewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_party_id}-{self.to_party_id}"


class RouteSearch(models.Model):
    """排路: a search for the routes of some officers on some days, made by a job.

    ``best`` is kept while it runs, so that stopping it, or a killed server, loses nothing.
    ``told_at`` moves while somebody is really at it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for its turn")
        RUNNING = "running", _("searching")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    posts = models.JSONField(default=list, help_text="numbers of the posts that go")
    may_exchange = models.BooleanField(
        default=False, help_text="whether a visit may go to another of them"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    wants_stop = models.BooleanField(default=False, db_default=False)
    percent = models.PositiveSmallIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0, help_text="visits to be placed")
    placed = models.PositiveIntegerField(default=0, help_text="placed by the best so far")
    metres = models.PositiveIntegerField(null=True, blank=True, help_text="of the best so far")
    minutes = models.PositiveIntegerField(null=True, blank=True)
    best = models.JSONField(default=list, help_text="[day, post, [contacts]] of the best so far")
    guessed = models.PositiveIntegerField(
        default=0, help_text="pairs of places without a road distance"
    )
    message = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "route_search"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="route_search_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="route_search_percent"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | ~Q(state__in=["done", "failed"]) & Q(finished_at__isnull=True),
                name="route_search_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since} {self.state}"


class Round(models.Model):
    """路线: one officer's day on the road, in order; a draft until it is kept.

    What is kept anew replaces what was kept; the old one stays to be read.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        KEPT = "kept", _("kept")
        REPLACED = "replaced", _("replaced")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="rounds")
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    search = models.ForeignKey(
        RouteSearch, on_delete=models.PROTECT, related_name="rounds", null=True, blank=True
    )
    sets_out_at = models.DateTimeField(null=True, blank=True)
    comes_back_at = models.DateTimeField(null=True, blank=True)
    metres = models.PositiveIntegerField(default=0, help_text="of the legs that are known")
    minutes = models.PositiveIntegerField(default=0, help_text="on the road and at enterprises")
    guessed_legs = models.PositiveIntegerField(default=0, help_text="by great circle and factor")
    unknown_legs = models.PositiveIntegerField(default=0, help_text="a place nobody knows")
    late = models.PositiveIntegerField(default=0, help_text="stops that come too late")
    made_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "visit_round"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "day", "post"],
                condition=Q(state="draft"),
                name="round_one_draft_a_day",
            ),
            models.UniqueConstraint(
                fields=["zone", "day", "post"],
                condition=Q(state="kept"),
                name="round_one_kept_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="kept") | Q(kept_at__isnull=False),
                name="round_kept_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["zone", "post", "day"], name="round_of_post")]

    def __str__(self) -> str:
        return f"{self.day} {self.post_id}"


class Stop(models.Model):
    """站: a visit at its place in a route, with the time it is expected at.

    Locked to the officer, or to the officer and the hour, it stays when the day is planned again.
    """

    MOST = 999  # a place behind all others

    class Lock(models.TextChoices):
        NONE = "", _("free")
        OFFICER = "officer", _("stays with the officer")
        HOUR = "hour", _("stays with the officer at this hour")

    class Reason(models.TextChoices):
        NONE = "", _("in time")
        WINDOW = "window", _("after the enterprise's own time")
        HOURS = "hours", _("after the hours of the day")
        UNKNOWN = "unknown", _("where it is, nobody has entered")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="stops")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="stops")
    order = models.PositiveSmallIntegerField()
    arrives_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    metres = models.PositiveIntegerField(
        null=True, blank=True, help_text="from the stop before; empty: unknown"
    )
    is_guessed = models.BooleanField(default=False, help_text="by great circle and factor")
    lock = models.CharField(max_length=8, choices=Lock.choices, default=Lock.NONE, blank=True)
    reason = models.CharField(max_length=8, choices=Reason.choices, default=Reason.NONE, blank=True)
    late_minutes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "visit_stop"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "contact"], name="stop_once_in_a_round"),
            models.UniqueConstraint(
                fields=["round", "order"],
                deferrable=Deferrable.DEFERRED,
                name="stop_place_taken_once",
            ),
            models.CheckConstraint(
                condition=Q(leaves_at__gte=F("arrives_at")), name="stop_leaves_after_it_arrives"
            ),
            models.CheckConstraint(
                condition=Q(late_minutes=0) | ~Q(reason=""), name="stop_late_for_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["contact", "round"], name="stop_of_contact")]

    def __str__(self) -> str:
        return f"{self.order} {self.contact_id}"
