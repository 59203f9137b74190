"""What decisions rest on, kept by its digest, and the digest over a whole decision."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xiaoer.permits.automatic.packs import Terms, read_terms, write_terms
from xiaoer.rules.language.compiling import Wrong, compile_rule
from xiaoer.rules.language.spec import ClauseKind, ClauseText, CompiledRule
from xiaoer.rules.queries.evaluating import Words


@dataclass(frozen=True, slots=True)
class Basis:
    """The rule and terms a decision was made by, ready to decide again."""

    key: str
    clauses: tuple[ClauseText, ...]
    words: Words
    terms: Terms

    def compiled(self) -> CompiledRule | None:
        """None: the language as it is today does not read it any more."""
        try:
            return compile_rule(self.key, self.clauses, self.words.words)
        except Wrong:
            return None

    def content(self) -> dict[str, Any]:
        return {
            "rule": self.key,
            "clauses": [written_clause(one) for one in self.clauses],
            "words": self.words.text,
            "terms": json.loads(canonical(write_terms(self.terms))),
        }


def basis_of(rule: CompiledRule, words: Words, terms: Terms) -> Basis:
    """Only the words the rule knows decide; all of the pack's are kept."""
    return Basis(rule.key, tuple(clause.text for clause in rule.clauses), words, terms)


def read_basis(content: Mapping[str, Any]) -> Basis:
    return Basis(
        content["rule"],
        tuple(ClauseText(**{**one, "kind": ClauseKind(one["kind"])}) for one in content["clauses"]),
        Words.read(content["words"]),
        read_terms(content["terms"]),
    )


def written_clause(one: ClauseText) -> dict[str, Any]:
    return {
        "name": one.name,
        "name_en": one.name_en,
        "text": one.text,
        "kind": one.kind.value,
        "any_of": one.any_of,
        "part": one.part,
        "is_repairable": one.is_repairable,
    }


def canonical(content: object) -> str:
    """The one way a thing is written down before its digest is taken."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(content: object) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def is_drawn(secret: str, digest: str, percent: int) -> bool:
    """Whether a decision is of the random share: the same answer whenever it is asked, and nobody
    without the pack's secret can tell beforehand."""
    drawn = hmac.new(secret.encode(), digest.encode(), hashlib.sha256).digest()
    return int.from_bytes(drawn[:8], "big") % 10_000 < percent * 100
