"""Contacts with an enterprise within its monthly quota, and questions it is asked once."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.registry.models import Party


class ContactRule(models.Model):
    """无事不扰的规则: how often all offices together may call on one enterprise, and its quiet days.

    Local custom, not law (processes.md section 4, mark U): editable data with its source and mark.
    """

    zone = models.OneToOneField(Zone, on_delete=models.PROTECT, related_name="+")
    monthly_quota = models.PositiveSmallIntegerField(
        help_text="service contacts of all offices with one enterprise in a month; 0: none"
    )
    quiet_from = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="first quiet day of the month, 1 to 31"
    )
    quiet_until = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="last quiet day of the month, included"
    )
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "contact_rule"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(
                    quiet_from__range=(1, 31),
                    quiet_until__range=(1, 31),
                    quiet_until__gte=F("quiet_from"),
                ),
                name="quiet_days_are_days_of_a_month",
            ),
        ]

    def __str__(self) -> str:
        return str(self.monthly_quota)


class Contact(models.Model):
    """联系: one call on an enterprise, planned or made: a visit, a survey, a form, an inspection.

    Service contacts and inspections of other offices stand in one calendar and never share a
    person, a record or the quota (国办发〔2024〕54号). A merged one is made together with another.
    """

    class Tag(models.TextChoices):
        SERVICE = "service", _("service")
        INSPECTION = "inspection", _("inspection by another office")

    class Kind(models.TextChoices):
        VISIT = "visit", _("visit")
        SURVEY = "survey", _("survey")
        FORM = "form", _("form to fill in")
        CALL = "call", _("telephone call")
        INSPECTION = "inspection", _("inspection")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        MERGED = "merged", _("merged into another")
        DONE = "done", _("made")
        CANCELLED = "cancelled", _("cancelled")
        REFUSED = "refused", _("refused")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="contacts")
    tag = models.CharField(max_length=12, choices=Tag.choices, default=Tag.SERVICE)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(
        Post,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="who goes; empty while only the office is known",
    )
    purpose = models.CharField(max_length=200)
    origin = models.CharField(
        max_length=120, blank=True, help_text="why: a plan, a request, a law and its article"
    )
    planned_on = models.DateField()
    from_time = models.TimeField(null=True, blank=True, help_text="not before, local time")
    until_time = models.TimeField(null=True, blank=True, help_text="not after, local time")
    minutes = models.PositiveSmallIntegerField(default=45, help_text="how long it takes on site")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="merged", null=True, blank=True
    )
    # Above the quota or on a quiet day only for a leader's reason, which is kept and counted.
    is_above_quota = models.BooleanField(default=False, db_default=False)
    is_on_quiet_day = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=300, blank=True)
    allowed_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    planned_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    planned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "contact"
        constraints = [
            models.CheckConstraint(
                condition=Q(tag="inspection", kind="inspection")
                | ~Q(tag="inspection") & ~Q(kind="inspection"),
                name="contact_is_service_or_inspection",
            ),
            models.CheckConstraint(
                condition=(Q(is_above_quota=False) & Q(is_on_quiet_day=False))
                | ~Q(reason="") & Q(allowed_by__isnull=False)
                # What was done is a fact, allowed or not; its reason is asked afterwards.
                | Q(state="done"),
                name="contact_above_quota_has_a_leaders_reason",
            ),
            models.CheckConstraint(
                condition=~Q(tag="inspection")
                | Q(
                    post__isnull=True,
                    merged_into__isnull=True,
                    is_above_quota=False,
                    is_on_quiet_day=False,
                )
                & ~Q(origin=""),
                name="inspection_has_an_origin_and_no_visitor",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | ~Q(state="merged") & Q(merged_into__isnull=True),
                name="contact_merged_into_one",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="contact_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(from_time__isnull=True)
                | Q(until_time__isnull=True)
                | Q(until_time__gt=F("from_time")),
                name="contact_window_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="contact_takes_some_time"),
        ]
        indexes = [
            models.Index(fields=["zone", "planned_on", "id"], name="contact_calendar"),
            models.Index(fields=["party", "planned_on"], name="contact_of_party"),
            models.Index(
                fields=["zone", "post", "planned_on"],
                condition=Q(state="planned"),
                name="contact_of_post",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.planned_on} {self.kind} {self.party_id}"


class Question(models.Model):
    """问题: something a room needs to know of an enterprise; asked once, by whoever comes next.

    ``room`` and ``key`` say who asks and for what (such as ``facts`` and ``revenue:2025``): while
    one is open, or when it was answered, the same is not asked again.
    """

    class Expects(models.TextChoices):
        WORDS = "words", _("words")
        NUMBER = "number", _("number")
        YES_NO = "yes_no", _("yes or no")
        DAY = "day", _("date")
        CHOICE = "choice", _("one of a list")
        PAPER = "paper", _("paper")

    class State(models.TextChoices):
        OPEN = "open", _("to be asked")
        ANSWERED = "answered", _("answered")
        DECLINED = "declined", _("the enterprise does not say")
        DROPPED = "dropped", _("no longer needed")

    class Through(models.TextChoices):
        VISIT = "visit", _("visit")
        ENTERPRISE = "enterprise", _("enterprise page")
        CALL = "call", _("telephone call")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="questions")
    room = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    text = models.CharField(max_length=200)
    why = models.CharField(max_length=200, blank=True, help_text="what depends on the answer")
    expects = models.CharField(max_length=10, choices=Expects.choices, default=Expects.WORDS)
    unit = models.CharField(max_length=20, blank=True)
    choices = models.JSONField(default=list, blank=True, help_text="words to choose from")
    worth = models.PositiveIntegerField(default=0, help_text="how much it would decide; most first")
    asked_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.CharField(max_length=500, blank=True)
    through = models.CharField(max_length=12, choices=Through.choices, blank=True)
    answered_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "question"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "room", "key"],
                condition=Q(state__in=["open", "answered", "declined"]),
                name="question_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True)
                | ~Q(state="open") & Q(ended_at__isnull=False),
                name="question_ends_when_it_is_not_open",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer="") & ~Q(through=""),
                name="question_answered_with_words_and_source",
            ),
        ]
        indexes = [
            models.Index(
                fields=["party", "-worth", "id"],
                condition=Q(state="open"),
                name="question_open_of_party",
            ),
        ]

    def __str__(self) -> str:
        return self.text
