"""What stands between a draft and its release; what its test cases say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xiaoer.base.words import Word
from xiaoer.rules.engines.one import evaluate
from xiaoer.rules.language.compiling import Wrong, check_clauses, compile_rule
from xiaoer.rules.language.spec import ClauseText, CompiledRule, Mistake, Outcome, State
from xiaoer.rules.models import Rule, RuleCase, RuleVersion
from xiaoer.rules.queries.texts import facts_of_case, key_of, texts_of
from xiaoer.rules.vocabularies import vocabulary


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A test case and what came out; ``outcome`` None: the clauses cannot be read."""

    case: RuleCase
    outcome: Outcome | None

    @property
    def passes(self) -> bool:
        return self.outcome is not None and self.outcome.state == State(self.case.expected)


def mistakes_of(clauses: Sequence[ClauseText], words: Mapping[str, Word]) -> list[list[Mistake]]:
    """Mistakes and warnings of each clause."""
    return check_clauses(clauses, words)


def has_mistake(mistakes: Iterable[Sequence[Mistake]]) -> bool:
    return any(not mistake.is_warning for found in mistakes for mistake in found)


def compiled_version(version: RuleVersion, words: Mapping[str, Word]) -> CompiledRule | None:
    """The version as the engines run it; None while a clause of it has a mistake."""
    return compiled_texts(key_of(version), texts_of(version), words)


def compiled_texts(
    key: str, clauses: Sequence[ClauseText], words: Mapping[str, Word]
) -> CompiledRule | None:
    try:
        return compile_rule(key, clauses, words)
    except Wrong:
        return None


def case_results(
    cases: Iterable[RuleCase], rule: CompiledRule | None, words: Mapping[str, Word]
) -> list[CaseResult]:
    """What a rule says of test cases."""
    return [
        CaseResult(
            case,
            evaluate(rule, facts_of_case(case.facts, words, rule.columns), case.as_of)
            if rule
            else None,
        )
        for case in cases
    ]


def lacking_for_release(version: RuleVersion) -> list[str]:
    """What a version still lacks before anybody may release it, in words; empty if nothing."""
    words = vocabulary(version.zone_id, version.rule.subject).words
    return [
        *_lacking_words(version),
        *_lacking_clauses(version, words),
        *_failing_cases(version, words),
    ]


def _lacking_words(version: RuleVersion) -> list[str]:
    said = []
    if version.effective_to and version.effective_to < version.effective_from:
        said.append(_("It ends before it begins; change one of the days."))
    if version.mark == RuleVersion.Mark.U:
        said.append(
            _(
                "Nobody has read the document yet (mark U). Read it, set the mark to A, B or C,"
                " then ask for release."
            )
        )
    if version.rule.kind == Rule.Kind.BENEFIT:
        if not version.document:
            said.append(_("A benefit needs its legal basis: name the document."))
        if not (version.review_no and version.reviewed_on):
            said.append(
                _("A benefit needs its fair-competition review: record its number and day.")
            )
    return said


def _lacking_clauses(version: RuleVersion, words: Mapping[str, Word]) -> list[str]:
    clauses = texts_of(version)
    if not clauses:
        return [_("It has no clause yet.")]
    return [
        _("Clause %(number)d: %(mistake)s") % {"number": number, "mistake": mistake.message}
        for number, found in enumerate(mistakes_of(clauses, words), start=1)
        for mistake in found
        if not mistake.is_warning
    ]


def _failing_cases(version: RuleVersion, words: Mapping[str, Word]) -> list[str]:
    results = case_results(version.cases.all(), compiled_version(version, words), words)
    return [
        _("The test case “%(name)s” fails.") % {"name": result.case.name}
        for result in results
        if not result.passes
    ]
