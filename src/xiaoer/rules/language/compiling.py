"""The door of the language: texts in, rules both engines can run out, or all that is wrong."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from xiaoer.base.words import Word
from xiaoer.rules.language.building import Builder, Vocabulary
from xiaoer.rules.language.clearing import cleared
from xiaoer.rules.language.conditions import CONDITIONS
from xiaoer.rules.language.reading import Wrong, read
from xiaoer.rules.language.scoring import points
from xiaoer.rules.language.spec import (
    ClauseKind,
    ClauseText,
    CompiledClause,
    CompiledRule,
    Mistake,
)
from xiaoer.rules.language.tree import Node
from xiaoer.rules.language.values import VALUES
from xiaoer.rules.language.walking import columns, depth, derived, walk

__all__ = ["Wrong", "check_clauses", "compile_clause", "compile_rule"]

READERS = {**VALUES, **CONDITIONS}
# With the formulas of derived words in place; what a clause itself may be is less.
MOST_EXPANDED, DEEPEST_EXPANDED = 4000, 120

Parts = Mapping[str, tuple[Node, ...]]


def compile_clause(
    clause: ClauseText, words: Mapping[str, Word], parts: Parts | None = None
) -> CompiledClause:
    """One clause. ``parts``: the trees of the rule's score clauses by part, all of them under ``""``.

    Raises ``Wrong`` with every mistake found; warnings alone do not stop it.
    """
    compiled, mistakes = _compiled(clause, Vocabulary(words, parts or {}, READERS))
    if compiled is None:
        raise Wrong(mistakes)
    return compiled


def check_clauses(clauses: Sequence[ClauseText], words: Mapping[str, Word]) -> list[list[Mistake]]:
    """What is wrong, or worth knowing, clause by clause."""
    return [mistakes for _compiled, mistakes in _all(clauses, words)]


def compile_rule(
    key: str, clauses: Sequence[ClauseText], words: Mapping[str, Word]
) -> CompiledRule:
    """All clauses of a version, scores before the conditions that compare them."""
    found = _all(clauses, words)
    if any(compiled is None for compiled, _mistakes in found):
        raise Wrong([mistake for _compiled, mistakes in found for mistake in mistakes])
    compiled = tuple(clause for clause, _mistakes in found if clause is not None)
    names = dict.fromkeys(name for clause in compiled for name in clause.columns)
    return CompiledRule(key, compiled, tuple(names))


Found = tuple[CompiledClause | None, list[Mistake]]


def _all(clauses: Sequence[ClauseText], words: Mapping[str, Word]) -> list[Found]:
    plain = Vocabulary(words, {}, READERS)
    scores: dict[int, Found] = {
        at: _compiled(clause, plain)
        for at, clause in enumerate(clauses)
        if clause.kind is ClauseKind.SCORE
    }
    whole = Vocabulary(words, _parts(clauses, scores), READERS, plain.expanded, depths=plain.depths)
    return [
        scores[at] if at in scores else _compiled(clause, whole)
        for at, clause in enumerate(clauses)
    ]


def _parts(clauses: Sequence[ClauseText], scores: Mapping[int, Found]) -> Parts:
    """The trees by part. A score clause that is wrong gives none, and is told of once itself."""
    parts: dict[str, tuple[Node, ...]] = {}
    for at, (compiled, _mistakes) in scores.items():
        trees = () if compiled is None else (compiled.tree,)
        for part in dict.fromkeys(("", clauses[at].part.lower())):
            parts[part] = parts.get(part, ()) + trees
    return parts


def _compiled(clause: ClauseText, vocabulary: Vocabulary) -> Found:
    try:
        builder = Builder(read(clause.text), vocabulary)
    except Wrong as wrong:
        return None, wrong.mistakes
    here = builder.source.tree
    is_score = clause.kind is ClauseKind.SCORE
    tree = points(builder, here) if is_score else builder.condition(here)
    if depth(tree, vocabulary.depths) > DEEPEST_EXPANDED:
        message = _("With its derived words it nests more than %(most)d levels deep.")
        builder.wrong(here, message % {"most": DEEPEST_EXPANDED})
    elif _is_too_large(tree):
        message = _(
            "With its derived words it has more than %(most)d parts. Make two clauses of it."
        )
        builder.wrong(here, message % {"most": MOST_EXPANDED})
    if any(not mistake.is_warning for mistake in builder.mistakes):
        return None, builder.mistakes
    whole = cleared(tree, vocabulary.is_whole)
    return CompiledClause(clause, whole, columns(whole), derived(tree)), builder.mistakes


def _is_too_large(tree: Node) -> bool:
    return any(at >= MOST_EXPANDED for at, _node in enumerate(walk(tree, into_scores=False)))
