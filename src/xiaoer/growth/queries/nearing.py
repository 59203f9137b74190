"""What a firm lacks for a title, in words: the smallest change that would qualify it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext as _

from xiaoer.base.units import show_money
from xiaoer.base.words import Word
from xiaoer.registry.models import Party
from xiaoer.rules import vocabularies
from xiaoer.rules.engines.distance import Change, Distance, nearest_change
from xiaoer.rules.queries.evaluating import compiled
from xiaoer.web.words import number

MOST_NAMED = 2


def smallest_changes(
    *, party: Party, codes: Collection[str], on: date, now: datetime
) -> dict[str, str]:
    """By rule, what would have to be another or be known first; rules that are met say nothing."""
    rules = compiled(party.zone_id, on, codes) if codes else []
    if not rules:
        return {}
    words = vocabularies.vocabulary(party.zone_id).words
    table = vocabularies.facts(
        zone_id=party.zone_id,
        names={name for rule in rules for name in rule.columns},
        as_of=on,
        known_at=now,
        ids=[party.pk],
    )
    facts: Mapping[str, object] = next(iter(table.to_pylist()), {})
    found = {}
    for rule in rules:
        distance = nearest_change(rule, facts, on, words)
        if distance is not None:
            found[rule.key.partition("/")[0]] = _in_words(distance, words)
    return found


def _in_words(distance: Distance, words: Mapping[str, Word]) -> str:
    language = get_language() or "zh-hans"
    if distance.blocked_by:
        return _("not within reach")
    parts = [_change(change, words[change.word], language) for change in distance.changes]
    if len(parts) > MOST_NAMED:
        more = len(parts) - MOST_NAMED
        said = ngettext("%(num)s more", "%(num)s more", more) % {"num": more}
        parts = [*parts[:MOST_NAMED], said]
    if distance.waits_until is not None:
        parts.append(_("from %(day)s") % {"day": distance.waits_until.isoformat()})
    if not parts and distance.missing:
        names = [words[name].label(language) for name in distance.missing[:MOST_NAMED]]
        return _("to be asked: %(names)s") % {"names": "、".join(names)}
    return "；".join(parts)


def _change(change: Change, word: Word, language: str) -> str:
    label = word.label(language)
    if isinstance(change.needed, bool):
        return f"{label}：{gettext('yes') if change.needed else gettext('no')}"
    if change.delta is None or change.now is None:
        return f"{label} {_shown(change.needed, word, language)}"
    sign = "+" if change.delta >= 0 else "−"
    delta = _shown(abs(change.delta), word, language)
    if word.unit == "CNY":
        return f"{label} {sign}{delta}"
    now = _shown(change.now, word, language)
    return f"{label} {now} → {_shown(change.needed, word, language)}"


def _shown(value: object, word: Word, language: str) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, int | float):
        choice = next((one for one in word.choices if one.code == value), None)
        return (choice.zh if language.startswith("zh") else choice.en) if choice else str(value)
    if word.unit == "CNY":
        return show_money(round(value * 100), language)
    if word.unit == "share":
        return f"{value * 100:.4g}%"
    return number(value if value != int(value) else int(value))
