"""What is asked, answered and said on visits: questions, answers, intervals, phrases, words."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xiaoer.base.models import Office, Post, Zone
from xiaoer.outreach.models.visits import Visit


def _spoken(words: str, words_en: str) -> str:
    """The zone's own words in the reader's language; Chinese where it gave no other."""
    return words_en if words_en and (get_language() or "").startswith("en") else words


class FieldQuestion(models.Model):
    """走访问题: asked on every visit because the answer tells what comes: growth, risk, satisfaction.

    The set and its points are the zone's own data; what a new zone begins with is this product's
    proposal (mark D).
    """

    class Expects(models.TextChoices):
        CHOICE = "choice", _("one of a list")
        DAY = "day", _("date")
        WORDS = "words", _("words")

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)
    text = models.CharField(max_length=120)
    text_en = models.CharField(max_length=160, blank=True)
    expects = models.CharField(max_length=10, choices=Expects.choices, default=Expects.CHOICE)
    holds_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="how long an answer is believed; empty: until the next"
    )
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "field_question"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="field_question_once_in_zone"),
            models.CheckConstraint(
                condition=Q(holds_days__isnull=True) | Q(holds_days__gt=0),
                name="field_answer_holds_some_time",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def label(self) -> str:
        return _spoken(self.text, self.text_en)


class FieldChoice(models.Model):
    """选项: one answer to choose, with its points; no points: it says nothing of that score.

    ``within_days`` is of questions that expect a day: this choice is meant when the day is at most
    so many days away.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(FieldQuestion, on_delete=models.PROTECT, related_name="choices")
    words = models.CharField(max_length=60)
    words_en = models.CharField(max_length=80, blank=True)
    growth = models.PositiveSmallIntegerField(null=True, blank=True)
    risk = models.PositiveSmallIntegerField(null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    within_days = models.PositiveIntegerField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "field_choice"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "words"],
                condition=Q(is_active=True),
                name="field_choice_once_in_question",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def label(self) -> str:
        return _spoken(self.words, self.words_en)


class VisitAnswer(models.Model):
    """走访回答: what the enterprise answered on one visit.

    Both the question and the answer are kept in the words of that day; a correction is a new
    version, with its visit.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(FieldQuestion, on_delete=models.PROTECT, related_name="+")
    choice = models.ForeignKey(
        FieldChoice, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    day = models.DateField(null=True, blank=True)
    asked = models.CharField(max_length=120)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "visit_answer"
        constraints = [
            models.UniqueConstraint(fields=["visit", "question"], name="visit_answer_once"),
            models.CheckConstraint(
                condition=Q(choice__isnull=False) | Q(day__isnull=False) | ~Q(words=""),
                name="visit_answer_says_something",
            ),
        ]

    def __str__(self) -> str:
        return self.words or str(self.day)


class VisitInterval(models.Model):
    """走访间隔: at most so many days lie between two visits to an enterprise of a tier.

    ``other`` applies where no tier does, or where it is not known whether one does.
    """

    OTHER = "other"

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=30, help_text="the tier, such as above_scale; other: rest")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=2, blank=True, help_text="A, V, S, B, C, U or D")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "visit_interval"
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="visit_interval_once_in_zone"),
            models.CheckConstraint(condition=Q(days__gt=0), name="visit_interval_is_some_days"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.days}"

    @property
    def label(self) -> str:
        return _spoken(self.name, self.name_en)


class Phrase(models.Model):
    """常用语: words tapped into the log of a visit; the zone's, an office's, or somebody's own."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    text = models.CharField(max_length=100)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "phrase"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "office", "post", "text"],
                condition=Q(removed_at__isnull=True),
                nulls_distinct=False,
                name="phrase_once",
            ),
            models.CheckConstraint(
                condition=Q(office__isnull=True) | Q(post__isnull=True),
                name="phrase_of_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class FindingWord(models.Model):
    """检查用语: what only an inspection may find or order; in the log of a visit it brings a warning.

    Staff who visit inspect nobody (国办发〔2024〕54号).
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="+")
    word = models.CharField(max_length=20)
    source = models.CharField(max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "finding_word"
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "word"],
                condition=Q(removed_at__isnull=True),
                name="finding_word_once_in_zone",
            ),
        ]

    def __str__(self) -> str:
        return self.word
