"""Who may define metrics and write figures, and say what else is known of a firm."""

from datetime import date

from django.utils.translation import gettext as _

from xiaoer.base.models import Role
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import OUTSIDE, Actor
from xiaoer.base.words import Word
from xiaoer.facts.models import SourceKind
from xiaoer.registry import access as registry
from xiaoer.registry.models import Party

# Statistics never edits what firms report; it adds its own column beside.
KEEPERS = frozenset({Role.STATISTICS, Role.ECONOMY, Role.ADMINISTRATOR})


def keeps_figures(by: Actor) -> bool:
    """Statistics, economic operations and administrators; and the system itself."""
    return by.is_staff and (by.role is None or by.role in KEEPERS)


def must_keep_figures(by: Actor) -> None:
    if not keeps_figures(by):
        raise Refused(
            _("Only statistics, economic operations or an administrator write figures; ask them.")
        )


def must_read_figures(by: Actor) -> None:
    """Indicators of the zone are for its staff and the city; an enterprise sees its own figures."""
    if by.database_role == OUTSIDE:
        raise Refused(_("Indicators of the zone are read by its staff and by the city."))


# Who looks into firms for the whole zone, beside those who keep figures.
CHECKERS = frozenset({Role.SERVICE_DESK, Role.INNOVATION})


def may_check(by: Actor, party: Party, on: date) -> bool:
    """Whether the actor may say what they found out about a firm: theirs, or by their office."""
    if keeps_figures(by):
        return True
    return by.is_staff and (by.role in CHECKERS or registry.answers_for(by, party, on))


def must_record(by: Actor, party: Party, word: Word, source_kind: str, on: date) -> None:
    """An enterprise speaks for itself; who answers for a firm may say what they checked."""
    if source_kind not in SourceKind.values:
        raise Refused(_("Choose the kind of source from the list."), field="source_kind")
    if registry.speaks_for(by, party):
        _must_be_its_own_word(word, source_kind)
    elif not keeps_figures(by):
        _must_be_checked(by, party, source_kind, on)


def _must_be_its_own_word(word: Word, source_kind: str) -> None:
    if source_kind != SourceKind.DECLARED:
        raise Refused(
            _("An enterprise states its own facts; it does not confirm them."), field="source_kind"
        )
    if SourceKind.DECLARED not in word.sources:
        raise Refused(
            _("“%(word)s” is said by offices, not by the enterprise; hand in a paper instead.")
            % {"word": word.zh},
            field="word",
        )


def _must_be_checked(by: Actor, party: Party, source_kind: str, on: date) -> None:
    if not may_check(by, party, on):
        raise Refused(
            _(
                "Only the officer who answers for %(name)s, the service desk, the innovation centre"
                " or those who keep figures say this; ask them."
            )
            % {"name": party.name}
        )
    if source_kind not in (SourceKind.STAFF, SourceKind.DECLARED):
        raise Refused(
            _(
                "What you checked yourself is staff-checked; registers are brought in by statistics."
            ),
            field="source_kind",
        )
