"""Tables of rules: rules with their versions, clauses and test cases; runs, and what they found."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Post, Zone
from xiaoer.registry.models import Party
from xiaoer.rules.language.spec import ClauseKind, State


class Rule(models.Model):
    """规则: one question asked of every subject (专精特新中小企业, 准四上, 用电骤降), in versions."""

    class Kind(models.TextChoices):
        RUNG = "rung", _("rung of a ladder")
        TITLE = "title", _("title")
        SIZE = "size", _("size or statistical unit")
        BENEFIT = "benefit", _("benefit")
        WATCH_LIST = "watch_list", _("watch-list")
        ALERT = "alert", _("alert")
        OTHER = "other", _("other")

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCIAL = "provincial", _("provincial")
        MUNICIPAL = "municipal", _("municipal")
        ZONE = "zone", _("of the zone")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60, help_text="such as srdi, hnte, l1_near")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.ZONE)
    subject = models.CharField(max_length=20, default="party", help_text="whose words it uses")
    ladder = models.SlugField(max_length=20, blank=True, help_text="business, technology …; a rung")
    step = models.PositiveSmallIntegerField(default=0, help_text="place in the ladder, 1 is lowest")
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)
    purpose = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "rule"
        ordering = ["kind", "ladder", "step", "code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="rule_code_once_in_zone"),
        ]

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """规则版本: what the rule says from a day to a day, for one kind of applicant, by one document.

    A draft is written by one person and released by another; what is released is never edited, it is
    superseded or retired. Two live versions for one kind of applicant never overlap in time.
    """

    class Applicant(models.TextChoices):
        ANY = "any", _("everybody")
        NEW = "new", _("new applicants")
        REVIEW = "review", _("under review")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        WAITING = "waiting", _("waits for a second person")
        LIVE = "live", _("in force")
        RETIRED = "retired", _("retired")

    class Mark(models.TextChoices):
        A = "A", _("A: the text was read")
        B = "B", _("B: two sources agree")
        C = "C", _("C: one secondary source")
        U = "U", _("U: unverified")
        D = "D", _("D: set by the zone")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    applicant = models.CharField(max_length=8, choices=Applicant.choices, default=Applicant.ANY)
    region = models.CharField(max_length=12, blank=True, help_text="GB/T 2260; empty: everywhere")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True, help_text="last day, included")
    document = models.CharField(max_length=200, blank=True)
    document_no = models.CharField(max_length=80, blank=True)
    mark = models.CharField(max_length=1, choices=Mark.choices)
    mark_note = models.CharField(max_length=300, blank=True, help_text="what is unverified")
    review_no = models.CharField(max_length=80, blank=True, help_text="fair-competition review")
    reviewed_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True)
    written_at = models.DateTimeField()
    approver = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    released_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why sent back, or retired")
    version = models.PositiveIntegerField(default=1, help_text="grows with every edit")

    class Meta:
        db_table = "rule_version"
        ordering = ["rule", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_number_once"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="rule_version_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(approver__isnull=True)
                | Q(author__isnull=True)
                | ~Q(approver=F("author")),
                name="rule_version_needs_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="live") | Q(released_at__isnull=False),
                name="rule_version_live_was_released",
            ),
            # Ranges alone have a GiST of their own: a range of one number stands for the number.
            ExclusionConstraint(
                name="rule_version_one_live_at_a_time",
                expressions=[
                    (
                        Func(
                            F("rule_id"),
                            F("rule_id"),
                            Value("[]"),
                            function="int8range",
                            output_field=IntegerRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        Func(
                            F("effective_from"),
                            F("effective_to"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        # "any" overlaps both, "new" and "review" do not overlap one another.
                        Func(
                            models.Case(models.When(applicant="review", then=2), default=1),
                            models.Case(models.When(applicant="new", then=1), default=2),
                            Value("[]"),
                            function="int4range",
                            output_field=IntegerRangeField(),
                        ),
                        "&&",
                    ),
                ],
                condition=Q(state="live", region=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}/{self.number}"


class RuleClause(models.Model):
    """条款: one clause of a version, as it is written; see ``language.spec.ClauseText``."""

    class Kind(models.TextChoices):
        CONDITION = ClauseKind.CONDITION.value, _("condition")
        BLOCKER = ClauseKind.BLOCKER.value, _("blocker")
        PERSON = ClauseKind.PERSON.value, _("needs a person")
        SCORE = ClauseKind.SCORE.value, _("score")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    rule_version = models.ForeignKey(RuleVersion, on_delete=models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default="condition")
    text = models.TextField()
    any_of = models.PositiveSmallIntegerField(null=True, blank=True)
    part = models.SlugField(max_length=30, blank=True)
    is_repairable = models.BooleanField(default=True)
    advice = models.CharField(max_length=300, blank=True, help_text="what the firm can do about it")
    advice_en = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "rule_clause"
        ordering = ["rule_version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_version", "position"], name="rule_clause_place_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RuleCase(models.Model):
    """用例: facts of an invented subject and the verdict the rule must give; a draft with a failing
    case is not released."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    rule_version = models.ForeignKey(RuleVersion, on_delete=models.CASCADE, related_name="cases")
    name = models.CharField(max_length=120)
    as_of = models.DateField()
    facts = models.JSONField(default=dict, help_text="word to value; a word left out is missing")
    expected = models.CharField(max_length=14, choices=[(s.value, s.value) for s in State])

    class Meta:
        db_table = "rule_case"
        ordering = ["rule_version", "id"]

    def __str__(self) -> str:
        return self.name


class RuleRun(models.Model):
    """评定: rules of a zone evaluated for every subject as of a day, by what was known at a moment.

    The register and the words of a zone change, so that what was read is kept with the run: with the
    versions' numbers that is all that is needed to run it again and get the same.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    known_at = models.DateTimeField()
    at = models.DateTimeField(db_default=Now())
    versions = models.JSONField(default=list, help_text="numbers of the rule versions evaluated")
    subjects = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0, help_text="verdicts unlike the run before")
    facts_digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of facts and words"
    )
    facts = models.BinaryField(null=True, help_text="Arrow; kept by the first run that read them")

    class Meta:
        db_table = "rule_run"
        indexes = [
            models.Index(fields=["zone", "-as_of", "-id"], name="rule_run_latest"),
            models.Index(
                fields=["zone", "facts_digest"],
                condition=Q(facts__isnull=False),
                name="rule_run_facts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.as_of}"


class Verdict(models.Model):
    """判定: what a rule said of a subject, since one run until another. Written only when it changes.

    ``clauses``: a letter for each clause in order: m(et), n(ot met), d(ata missing), p(erson needed).
    """

    LETTERS = {"m": State.MET, "n": State.NOT_MET, "d": State.NEEDS_DATA, "p": State.NEEDS_PERSON}

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule_version = models.ForeignKey(
        RuleVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=14, choices=[(s.value, s.value) for s in State])
    clauses = models.CharField(max_length=60)
    low = models.FloatField(null=True, blank=True, help_text="score, low end")
    high = models.FloatField(null=True, blank=True)
    since = models.DateField(help_text="as_of of the run that first said so")
    until = models.DateField(
        null=True, blank=True, help_text="as_of of the run that said otherwise"
    )
    run = models.ForeignKey(RuleRun, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_by = models.ForeignKey(
        RuleRun, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        db_table = "verdict"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "rule", "party"],
                condition=Q(until__isnull=True),
                name="verdict_one_in_force",
            ),
        ]
        indexes = [
            models.Index(
                fields=["zone", "rule", "state", "party"],
                condition=Q(until__isnull=True),
                name="verdict_by_state",
            ),
            models.Index(fields=["party", "rule", "-since"], name="verdict_of_party"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.party_id} {self.state}"
