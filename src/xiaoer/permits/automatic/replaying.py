"""Deciding again what was decided: from what was frozen, or from the papers themselves.

Every difference is told: a changed digest, a rule whose text is no longer the one decided by, a
clause, a doubt or an outcome that comes out otherwise, a field that is read otherwise today.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from xiaoer.base import files
from xiaoer.base.models import StoredFile
from xiaoer.papers.actions.reading import wanted_of
from xiaoer.papers.models import PaperField
from xiaoer.papers.ocr.process import SHARED
from xiaoer.permits.automatic.adopting import ADOPTED
from xiaoer.permits.automatic.basis import Basis, canonical, digest_of, read_basis, written_clause
from xiaoer.permits.automatic.deciding import (
    Input,
    decide,
    read,
    written_clauses,
    written_doubts,
)
from xiaoer.permits.models import AutoDecision
from xiaoer.rules.models import RuleVersion
from xiaoer.rules.queries.texts import texts_of

GRANTING = (AutoDecision.Outcome.GRANTED, AutoDecision.Outcome.SHADOW)


@dataclass(frozen=True, slots=True)
class Difference:
    """What came out otherwise: which part, what was kept, what is found now."""

    decision: int
    part: str
    kept: str
    found: str


def replay(decision: AutoDecision, *, reads_again: bool = False) -> list[Difference]:
    """Decide again; empty: everything comes out the same. Asks, changes nothing."""
    found = [Difference(decision.pk, *one) for one in _differences(decision, reads_again)]
    return [replace(one, kept=one.kept[:400], found=one.found[:400]) for one in found]


Unlike = Iterator[tuple[str, str, str]]


def _differences(decision: AutoDecision, reads_again: bool) -> Unlike:
    digest = digest_of(decided_on(decision))
    if digest != decision.digest:
        yield "digest", decision.digest, digest
    inputs = read(decision.inputs)
    if reads_again:
        inputs, changed = _read_again(decision, inputs)
        yield from changed
    if decision.basis is None:
        if decision.outcome in GRANTING:
            yield "basis", "", "none was kept"
        return
    basis = read_basis(decision.basis.content)
    whole = digest_of(decision.basis.content)
    if whole != decision.basis.digest:
        yield "basis", decision.basis.digest, whole
    if decision.rule_version is not None:
        yield from _rule_changes(basis, decision.rule_version)
    yield from _otherwise(decision, basis, inputs, reads_again)


def _otherwise(
    decision: AutoDecision, basis: Basis, inputs: list[Input], reads_again: bool
) -> Unlike:
    """What comes out otherwise: clauses, doubts, the outcome. Papers read again are told alone."""
    again = decide(inputs, basis.compiled(), basis.terms, decision.on)
    for at, (was, now) in enumerate(_pairs(decision.clauses, written_clauses(again.clauses)), 1):
        if canonical(was) != canonical(now):
            yield f"clause {at}", str(was), str(now)
    doubts = written_doubts(again.doubts)
    if not reads_again and canonical(decision.doubts) != canonical(doubts):
        yield "doubts", _named(decision.doubts), _named(doubts)
    if again.grants != (decision.outcome in GRANTING):
        yield "outcome", str(decision.outcome), "grants" if again.grants else "to a person"


def decided_on(row: AutoDecision) -> dict[str, object]:
    """What the digest of a decision is taken over."""
    return {
        "case": row.case_id,
        "pack": [row.pack_id, row.pack_version],
        "rule_version": row.rule_version_id,
        "basis": row.basis.digest if row.basis else "",
        "outcome": str(row.outcome),
        "on": row.on.isoformat(),
        "clauses": row.clauses,
        "inputs": row.inputs,
        "doubts": row.doubts,
        "signs": row.signs,
        "papers": row.papers,
        "engines": row.engines,
    }


def _pairs(
    before: list[Mapping[str, object]], after: list[dict[str, object]]
) -> Iterator[tuple[object, object]]:
    for at in range(max(len(before), len(after))):
        yield (
            before[at] if at < len(before) else None,
            after[at] if at < len(after) else None,
        )


def _named(doubts: Iterable[Mapping[str, object]]) -> str:
    return ", ".join(f"{one['field']}: {one['why']}" for one in doubts)


def _rule_changes(basis: Basis, version: RuleVersion) -> Unlike:
    """Whether the version of the rule still says what was decided by."""
    kept = [canonical(written_clause(one)) for one in basis.clauses]
    found = [canonical(written_clause(one)) for one in texts_of(version)]
    for at in range(max(len(kept), len(found))):
        before = kept[at] if at < len(kept) else ""
        after = found[at] if at < len(found) else ""
        if before != after:
            yield f"rule {at + 1}", before, after


def _read_again(
    decision: AutoDecision, inputs: list[Input]
) -> tuple[list[Input], list[tuple[str, str, str]]]:
    """The inputs with what stands on the papers as the engine of today reads them.

    What a person settled, looking at the paper, no engine takes back.
    """
    found = {
        str(paper["code"]): _fields_of(decision, str(paper["code"]), str(paper["sha256"]))
        for paper in decision.papers
    }
    fresh: list[Input] = []
    changed: list[tuple[str, str, str]] = []
    for one in inputs:
        kind, _dot, rest = one.source.partition(".")
        code, _dot, name = rest.partition(".")
        if kind != "paper" or code not in found or one.why == ADOPTED:
            fresh.append(one)
            continue
        value, confidence, others = found[code].get(name, ("", 0.0, ()))
        fresh.append(
            replace(one, value=value or None, confidence=confidence, others=others, why="")
        )
        before = (one.value or "", one.confidence >= one.least, one.others)
        after = (value, confidence >= one.least, others)
        if before != after:
            changed.append((f"paper {code}.{name}", str(before), str(after)))
    return fresh, changed


def _fields_of(
    decision: AutoDecision, code: str, sha256: str
) -> dict[str, tuple[str, float, tuple[str, ...]]]:
    file = StoredFile.objects.filter(zone_id=decision.zone_id, sha256=sha256).first()
    if file is None:
        return {}
    fields = list(PaperField.objects.filter(zone_id=decision.zone_id, kind__code=code))
    told = SHARED.read(files.bytes_of(file), file.media_type, wanted_of(fields))
    return {
        str(one["code"]): (
            str(one["value"]),
            float(one["confidence"]),
            tuple(str(other) for other in one["others"]),
        )
        for one in told.get("fields", [])
    }
