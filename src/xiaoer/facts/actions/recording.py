"""One verb for any word of the dictionary, whatever it is kept as."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiaoer.base.models import StoredFile
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.base.words import Word
from xiaoer.facts import access
from xiaoer.facts.actions.attributes import record_attribute
from xiaoer.facts.actions.values import record_value
from xiaoer.facts.models import Attribute, Column, Metric, SourceKind, Value
from xiaoer.facts.periods import Period
from xiaoer.facts.queries.dictionary import period_of
from xiaoer.facts.vocabulary import attribute_words, figure_words
from xiaoer.registry.models import Party

# Whose figures stand in the official column; what a firm or its officer says is reported.
CONFIRMED = frozenset({SourceKind.OFFICIAL, SourceKind.TAX, SourceKind.AUDIT, SourceKind.PLATFORM})
# A count people judge is confirmed by whoever looked.
JUDGED = CONFIRMED | {SourceKind.STAFF}


@transaction.atomic
def record_fact(
    *,
    by: Actor,
    now: datetime,
    party: Party,
    word: str,
    value: object,
    source_kind: str,
    source: str,
    period: Period | None = None,
    evidence: StoredFile | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    known_on: date | None = None,
    note: str = "",
) -> Value | Attribute:
    """Write down a word of a firm as people say it: 3.78亿元, 12.5%, 是, 2024-05-06.

    A figure is of the period its word means today, if no other is given. Who may is the same for
    figures and for the rest: those who keep figures, who answers for the firm, the firm itself.
    """
    if word in attribute_words():
        return record_attribute(
            by=by, now=now, party=party, word=word, value=value, source_kind=source_kind,
            source=source, evidence=evidence, valid_from=valid_from, valid_to=valid_to,
            known_on=known_on, note=note,
        )  # fmt: skip
    kept = figure_words().get(word)
    metric = Metric.objects.filter(code=kept.metric).first() if kept else None
    if kept is None or metric is None:
        raise Refused(_("There is no word %(word)s of this kind.") % {"word": word}, field="word")
    access.must_record(by, party, kept.word, source_kind, timezone.localdate(now))
    return record_value(
        by=_scribe(by),
        now=now,
        metric=metric,
        period=period or period_of(kept, timezone.localdate(now)),
        number=value,
        column=_column(kept.word, source_kind),
        source=source,
        party=party,
        known_on=known_on,
        note=note,
    )


def _column(word: Word, source_kind: str) -> str:
    confirming = JUDGED if word.is_judged else CONFIRMED
    return Column.OFFICIAL if source_kind in confirming else Column.REPORTED


def _scribe(by: Actor) -> Actor:
    """Who may say it was asked above; the figure is written as the zone does, in the sayer's name."""
    if not by.is_staff:
        return by
    return Actor(
        zone_id=by.zone_id,
        post_id=by.post_id,
        person_id=by.person_id,
        name=by.name,
        office=by.office,
    )
