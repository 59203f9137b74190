"""What a firm lacks for a title, in words: the smallest change that would qualify it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext as _

from xiaoer.base.units import show_money
from xiaoer.base.words import Word
from xiaoer.registry.models import Party
from xiaoer.rules import vocabularies
from xiaoer.rules.engines.distance import Change, Distance, nearest_change
from xiaoer.rules.queries.evaluating import compiled
from xiaoer.rules.thresholds import unit_words
from xiaoer.web.words import number

MOST_NAMED = 2
# The last day of a title that is known not to be held.
NEVER = date.min


@dataclass(frozen=True, slots=True)
class ChangeSaid:
    """A change in the reader's words; ``delta`` with its sign, empty where nothing is counted."""

    label: str
    now: str
    needed: str
    delta: str = ""

    @property
    def plain(self) -> str:
        """As one says it to the firm: 研发费用再加 5.2 万元（7.6 万元 → 12.8 万元）."""
        said = {
            "label": self.label,
            "delta": self.delta[1:].strip(),
            "now": self.now,
            "needed": self.needed,
        }
        if self.delta.startswith("+"):
            return _("%(label)s: %(delta)s more (%(now)s → %(needed)s)") % said
        if self.delta:
            return _("%(label)s: %(delta)s less (%(now)s → %(needed)s)") % said
        return _("%(label)s: %(now)s → %(needed)s") % said


def smallest_changes(
    *, party: Party, codes: Collection[str], on: date, now: datetime
) -> dict[str, str]:
    """By rule, what would have to be another or be known first; rules that are met say nothing."""
    words = vocabularies.vocabulary(party.zone_id).words
    found = distances_of_firm(party=party, codes=codes, on=on, now=now)
    return {
        code: _in_words(distance, words) for code, distance in found.items() if distance is not None
    }


def distances_of_firm(
    *, party: Party, codes: Collection[str], on: date, now: datetime
) -> dict[str, Distance | None]:
    """By rule in force, how far a firm is; None: it is met. One question a lender."""
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
    return {rule.key.partition("/")[0]: nearest_change(rule, facts, on, words) for rule in rules}


def changes_said(distance: Distance, words: Mapping[str, Word]) -> tuple[ChangeSaid, ...]:
    """What would have to be another, each with now, needed and the difference."""
    language = get_language() or "zh-hans"
    return tuple(_said(change, words[change.word], language) for change in distance.changes)


def _said(change: Change, word: Word, language: str) -> ChangeSaid:
    label = word.label(language)
    if isinstance(change.needed, bool):
        before = gettext("yes") if change.now else gettext("no")
        return ChangeSaid(label, before, gettext("yes") if change.needed else gettext("no"))
    now, needed = (_shown(value, word, language) for value in (change.now, change.needed))
    if change.now == NEVER:
        return ChangeSaid(label, _("not held"), needed)
    if change.delta is None:
        return ChangeSaid(label, now, needed)
    sign = "+" if change.delta >= 0 else "−"
    size = abs(change.delta)
    if change.unit == "day":
        size_said = ngettext("%(num)s day", "%(num)s days", round(size)) % {"num": round(size)}
        return ChangeSaid(label, now, needed, f"{sign}{size_said}")
    if word.unit == "share":
        points = _("%(points)s points") % {"points": f"{size * 100:.4g}"}
        return ChangeSaid(label, now, needed, f"{sign}{points}")
    unit = "" if word.unit == "CNY" else unit_words(word.unit, Decimal(str(size)))[0]
    return ChangeSaid(label, now, needed, f"{sign}{_shown(size, word, language)} {unit}".strip())


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
        # The register's way to say that there is no such title.
        return value.isoformat() if value != date.min else _("no such title")
    if not isinstance(value, int | float):
        choice = next((one for one in word.choices if one.code == value), None)
        return (choice.zh if language.startswith("zh") else choice.en) if choice else str(value)
    if word.unit == "CNY":
        return show_money(round(value * 100), language)
    if word.unit == "share":
        return f"{value * 100:.4g}%"
    return number(value if value != int(value) else int(value))
