"""What the zone sets for its visits: questions with their points, intervals, phrases, words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from xiaoer.base import journal
from xiaoer.base.models import Office, Post, Zone
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import access
from xiaoer.outreach.actions.seeds import (
    FINDING_SOURCE,
    FINDING_WORDS,
    INTERVALS,
    PHRASES,
    PROPOSED,
    QUESTIONS,
    QUESTIONS_SOURCE,
)
from xiaoer.outreach.actions.story import may_say, must_say
from xiaoer.outreach.models import (
    FieldChoice,
    FieldQuestion,
    FindingWord,
    Phrase,
    VisitInterval,
)

MOST_POINTS = 100
MOST_DAYS = 3650
MOST_CHOICES = 12
MARKS = frozenset("AVSBCUD")


@dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """One answer to choose: its words, its points (None: says nothing), how near a day must be."""

    words: str
    words_en: str = ""
    growth: int | None = None
    risk: int | None = None
    satisfaction: int | None = None
    within_days: int | None = None


def _must_set(by: Actor) -> None:
    if not access.is_system(by):
        access.must_be_desk(by)


@transaction.atomic
def seed_fieldwork(*, by: Actor, now: datetime) -> int:
    """Give a zone the questions, intervals, phrases and words it does not have yet; how many."""
    _must_set(by)
    added = [*_seed_questions(by), *_seed_intervals(by), *_seed_words(by), *_seed_phrases(by)]
    if added:
        journal.record(
            by=by,
            now=now,
            verb="seed_fieldwork",
            subject=Zone.objects.get(pk=by.zone_id),
            codes=added,
        )
    return len(added)


def _seed_questions(by: Actor) -> list[str]:
    known = set(FieldQuestion.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    missing = [(order, seed) for order, seed in enumerate(QUESTIONS, 1) if seed.code not in known]
    rows = FieldQuestion.objects.bulk_create(
        FieldQuestion(
            zone_id=by.zone_id,
            code=seed.code,
            text=seed.text,
            text_en=seed.text_en,
            expects=seed.expects,
            holds_days=seed.holds_days,
            order=order,
            source=QUESTIONS_SOURCE,
            mark="D",
        )
        for order, seed in missing
    )
    FieldChoice.objects.bulk_create(
        FieldChoice(
            zone_id=by.zone_id,
            question=row,
            words=words,
            words_en=words_en,
            growth=growth,
            risk=risk,
            satisfaction=satisfaction,
            within_days=within,
            order=place,
        )
        for row, (_order, seed) in zip(rows, missing, strict=True)
        for place, (words, words_en, growth, risk, satisfaction, within) in enumerate(
            seed.choices, start=1
        )
    )
    return [row.code for row in rows]


def _seed_intervals(by: Actor) -> list[str]:
    known = set(VisitInterval.objects.filter(zone_id=by.zone_id).values_list("code", flat=True))
    rows = VisitInterval.objects.bulk_create(
        VisitInterval(
            zone_id=by.zone_id,
            code=code,
            name=name,
            name_en=name_en,
            days=days,
            source=PROPOSED,
            mark="D",
        )
        for code, name, name_en, days in INTERVALS
        if code not in known
    )
    return [row.code for row in rows]


def _seed_words(by: Actor) -> list[str]:
    if FindingWord.objects.filter(zone_id=by.zone_id).exists():
        return []
    rows = FindingWord.objects.bulk_create(
        FindingWord(zone_id=by.zone_id, word=word, source=FINDING_SOURCE) for word in FINDING_WORDS
    )
    return [row.word for row in rows]


def _seed_phrases(by: Actor) -> list[str]:
    if Phrase.objects.filter(zone_id=by.zone_id).exists():
        return []
    rows = Phrase.objects.bulk_create(Phrase(zone_id=by.zone_id, text=text) for text in PHRASES)
    return [row.text for row in rows]


@transaction.atomic
def keep_field_question(
    *,
    by: Actor,
    now: datetime,
    code: str,
    text: str,
    choices: Sequence[ChoiceFacts],
    text_en: str = "",
    expects: str = FieldQuestion.Expects.CHOICE,
    holds_days: int | None = None,
    order: int = 0,
    is_active: bool = True,
    source: str = "",
    mark: str = "D",
    version: int = 0,
) -> FieldQuestion:
    """Add a question of visits, or change one: its words, its choices with points, its place.

    Answers given before keep the words of their day; they count by the points as they are now.
    """
    _must_set(by)
    code = must_say(code, "code", _("Give the question a short code."), most=30)
    text = must_say(text, "text", _("Type the question as you ask it."), most=120)
    if expects not in FieldQuestion.Expects.values:
        raise Refused(_("Choose from the list how it is answered."), field="expects")
    _must_be_days(holds_days, "holds_days")
    row = _question_in_hand(by, code, version)
    row.text, row.text_en = text, may_say(text_en, "text_en", 160)
    row.expects, row.holds_days, row.order = expects, holds_days, order
    row.is_active = is_active
    row.source, row.mark = may_say(source, "source", 200), _mark(mark)
    row.save()
    _keep_choices(row, _checked(choices, expects))
    journal.record(
        by=by,
        now=now,
        verb="keep_field_question",
        subject=row,
        code=code,
        name=text,
        count=len(choices),
    )
    return row


def _question_in_hand(by: Actor, code: str, version: int) -> FieldQuestion:
    row = FieldQuestion.objects.select_for_update().filter(zone_id=by.zone_id, code=code).first()
    if row is None:
        return FieldQuestion(zone_id=by.zone_id, code=code)
    if version == 0:
        raise Refused(
            _("This code is taken; choose the question in the list to change it."), field="code"
        )
    _must_be_latest(row, version)
    row.version += 1
    return row


def _must_be_latest(row: FieldQuestion | VisitInterval, version: int) -> None:
    if row.version != version:
        raise Refused(
            _("%(name)s was changed meanwhile; load the page again and change that.")
            % {"name": row.label}
        )


def _mark(mark: str) -> str:
    if mark and mark not in MARKS:
        raise Refused(_("Choose the mark from the list."), field="mark")
    return mark


def _must_be_days(days: int | None, field: str) -> None:
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Refused(
            _("Type a number of days from 1 to %(most)d.") % {"most": MOST_DAYS}, field=field
        )


def _checked(choices: Sequence[ChoiceFacts], expects: str) -> list[ChoiceFacts]:
    if expects == FieldQuestion.Expects.CHOICE and len(choices) < 2:
        raise Refused(_("A question of choices needs two answers at least."), field="choices")
    if len(choices) > MOST_CHOICES:
        raise Refused(
            _("At most %(most)d answers to choose from.") % {"most": MOST_CHOICES}, field="choices"
        )
    for one in choices:
        must_say(one.words, "choices", _("Give every answer its words."), most=60)
        for points in (one.growth, one.risk, one.satisfaction):
            if points is not None and not 0 <= points <= MOST_POINTS:
                raise Refused(
                    _("Points of “%(words)s” are whole numbers from 0 to %(most)d, or none.")
                    % {"words": one.words, "most": MOST_POINTS},
                    field="choices",
                )
        _must_be_days(one.within_days, "choices")
    said = [one.words.strip() for one in choices]
    if len(said) != len(set(said)):
        raise Refused(_("Two answers have the same words; change one."), field="choices")
    return list(choices)


def _keep_choices(question: FieldQuestion, choices: Sequence[ChoiceFacts]) -> None:
    """Known by their words: one that is left out is no longer offered, and still counts."""
    known = {row.words: row for row in question.choices.select_for_update()}
    for place, one in enumerate(choices, start=1):
        words = one.words.strip()
        row = known.pop(words, None) or FieldChoice(
            zone_id=question.zone_id, question=question, words=words
        )
        row.words_en = may_say(one.words_en, "choices", 80)
        row.growth, row.risk, row.satisfaction = one.growth, one.risk, one.satisfaction
        row.within_days, row.order, row.is_active = one.within_days, place, True
        row.save()
    for row in known.values():
        row.is_active = False
        row.save(update_fields=["is_active"])


@transaction.atomic
def keep_visit_interval(
    *,
    by: Actor,
    now: datetime,
    code: str,
    days: int,
    name: str = "",
    name_en: str = "",
    source: str = "",
    mark: str = "D",
    version: int,
) -> VisitInterval:
    """Change how many days may lie between two visits to an enterprise of a tier."""
    _must_set(by)
    row = VisitInterval.objects.select_for_update().filter(zone_id=by.zone_id, code=code).first()
    if row is None:
        raise Refused(_("There is no such interval; choose one of the list."), field="code")
    _must_be_latest(row, version)
    _must_be_days(days, "days")
    old = row.days
    row.days = days
    row.name = may_say(name, "name", 60) or row.name
    row.name_en = may_say(name_en, "name_en", 80) or row.name_en
    row.source, row.mark = may_say(source, "source", 200), _mark(mark)
    row.version += 1
    row.save()
    journal.record(
        by=by, now=now, verb="keep_visit_interval", subject=row, code=code, before=old, after=days
    )
    return row


@transaction.atomic
def keep_phrase(
    *,
    by: Actor,
    now: datetime,
    text: str,
    office: Office | None = None,
    post: Post | None = None,
) -> Phrase:
    """Add words to tap into a log: one's own, one's office's, or (the desk) the whole zone's."""
    _must_own(by, office.pk if office else None, post.pk if post else None)
    text = must_say(text, "text", _("Type the phrase."), most=100)
    row, made = Phrase.objects.get_or_create(
        zone_id=by.zone_id, office=office, post=post, text=text, removed_at=None
    )
    if made:
        journal.record(
            by=by,
            now=now,
            verb="keep_phrase",
            subject=row,
            words=text,
            office=row.office_id,
            post=row.post_id,
        )
    return row


@transaction.atomic
def remove_phrase(*, by: Actor, now: datetime, phrase: Phrase) -> Phrase:
    """Offer a phrase no longer."""
    _must_own(by, phrase.office_id, phrase.post_id)
    row = Phrase.objects.select_for_update().get(zone_id=by.zone_id, pk=phrase.pk)
    if row.removed_at is None:
        row.removed_at = now
        row.save(update_fields=["removed_at"])
        journal.record(by=by, now=now, verb="remove_phrase", subject=row, words=row.text)
    return row


def may_own(by: Actor, office_id: int | None, post_id: int | None) -> bool:
    """One's own phrases are anybody's of the staff; those of others are the desk's."""
    if access.is_desk(by) or access.is_system(by):
        return post_id is None or post_id == by.post_id
    if not by.is_staff:
        return False
    if post_id is not None:
        return post_id == by.post_id
    return office_id is not None and office_id == by.office_id


def _must_own(by: Actor, office_id: int | None, post_id: int | None) -> None:
    if not may_own(by, office_id, post_id):
        raise Refused(
            _("You keep your own phrases and your office's; the service desk keeps the zone's.")
        )


@transaction.atomic
def add_finding_word(*, by: Actor, now: datetime, word: str, source: str = "") -> FindingWord:
    """Add a word that only an inspection uses; logs of visits that hold it bring a warning."""
    _must_set(by)
    word = must_say(word, "word", _("Type the word."), most=20)
    if len(word) < 2:
        raise Refused(_("One character would stand in half of all logs; type two."), field="word")
    row, made = FindingWord.objects.get_or_create(
        zone_id=by.zone_id,
        word=word,
        removed_at=None,
        defaults={"source": may_say(source, "source", 200)},
    )
    if made:
        journal.record(by=by, now=now, verb="add_finding_word", subject=row, words=word)
    return row


@transaction.atomic
def remove_finding_word(*, by: Actor, now: datetime, word: FindingWord) -> FindingWord:
    """Warn of a word no longer."""
    _must_set(by)
    row = FindingWord.objects.select_for_update().get(zone_id=by.zone_id, pk=word.pk)
    if row.removed_at is None:
        row.removed_at = now
        row.save(update_fields=["removed_at"])
        journal.record(by=by, now=now, verb="remove_finding_word", subject=row, words=row.word)
    return row
