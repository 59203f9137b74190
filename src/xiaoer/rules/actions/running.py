"""Evaluating the rules of a zone: verdicts are written where they changed, and can be replayed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from xiaoer.base import journal
from xiaoer.base.copying import TEXT, WHOLE, copied
from xiaoer.base.models import JournalLine
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.rules import access
from xiaoer.rules.engines.matrix import STATES
from xiaoer.rules.models import RuleRun
from xiaoer.rules.queries.evaluating import (
    Evaluated,
    InForce,
    Words,
    evaluate_table,
    in_force,
    runs,
)
from xiaoer.rules.vocabularies import facts, vocabulary

JOB = "evaluate_rules"
TRIES = 5
WORDS = b"words"
"""Under this name the words rules were compiled with are kept beside the facts."""


@transaction.atomic
def run_rules(
    *,
    by: Actor,
    now: datetime,
    as_of: date,
    codes: Collection[str] | None = None,
    known_at: datetime | None = None,
) -> RuleRun:
    """Evaluate the rules in force for every firm of the zone and write down what changed.

    Two at once wait for each other: the second finds what the first wrote. Killed half-way, nothing
    of it stands. The day may not lie before that of an evaluation kept already: what was said then
    would get in between. An old day is looked at without keeping it (``queries.evaluate_zone``).
    """
    access.must_write_rules(by)
    _wait_for_others(by.zone_id)
    _must_be_a_day_to_keep(by.zone_id, as_of, timezone.localdate(now))
    words = Words(vocabulary(by.zone_id).words)
    chosen = in_force(zone_id=by.zone_id, as_of=as_of, codes=codes, words=words)
    known_at = known_at or now
    table = _facts_of_one_moment(
        zone_id=by.zone_id,
        names=sorted({name for one in chosen for name in one.rule.columns}),
        as_of=as_of,
        known_at=known_at,
    )
    found = evaluate_table(table, [one.rule for one in chosen], as_of)
    run = RuleRun.objects.create(
        zone_id=by.zone_id,
        as_of=as_of,
        known_at=known_at,
        at=now,
        versions=[one.version_id for one in chosen],
        subjects=table.num_rows,
        **_kept_facts(by.zone_id, table, words),
    )
    said = verdicts_of(found, chosen)
    run.changed = _write(run, said, whole=codes is None)
    run.save(update_fields=["changed"])
    journal.record(
        by=by,
        now=now,
        verb="run_rules",
        subject=run,
        as_of=as_of.isoformat(),
        rules=len(chosen),
        subjects=run.subjects,
        changed=run.changed,
    )
    return run


def ask_for_run(zone_id: int) -> None:
    """Put an evaluation into the queue, in the verb's own transaction: rolled back, no job."""
    app.configure_task(JOB).defer(zone_id=zone_id)


def _wait_for_others(zone_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('rule_run'), %s)", [zone_id])


def _must_be_a_day_to_keep(zone_id: int, as_of: date, today: date) -> None:
    if as_of > today:
        raise Refused(
            _("Verdicts are kept for days that have come; choose today or leave the day out."),
            field="as_of",
        )
    latest = runs(zone_id=zone_id).first()
    if latest is not None and latest.as_of > as_of:
        raise Refused(
            _(
                "The rules were evaluated as of %(day)s already; choose that day or a later one."
                " An earlier day can be looked at on the page of the rule."
            )
            % {"day": latest.as_of.isoformat()},
            field="as_of",
        )


def _facts_of_one_moment(
    *, zone_id: int, names: Sequence[str], as_of: date, known_at: datetime
) -> pa.Table:
    """Facts as they stood at one moment, so that nothing is evaluated on half an import.

    Each lender asks a question of its own, and each question sees what is committed when it is
    asked; the scope has already asked something in this transaction, so that it cannot be made
    repeatable read any more. That is enough as long as no verb of the zone commits between the
    first question and the last: whatever changes facts commits as a whole, with its line in the
    journal. Only if a line was added meanwhile, facts are fetched again, and count once two
    fetchings in a row agree: what was half there the first time would be whole the second.
    """
    lines = _Lines(zone_id)
    before = lines.counted()
    table = facts(zone_id=zone_id, names=names, as_of=as_of, known_at=known_at).sort_by("id")
    for _try in range(TRIES):
        if (after := lines.counted()) == before:
            return table
        again = facts(zone_id=zone_id, names=names, as_of=as_of, known_at=known_at).sort_by("id")
        if again.equals(table):
            return again
        before, table = after, again
    raise Refused(_("Facts are being brought in at this moment; evaluate again in a minute."))


class _Lines:
    """Lines of a zone's journal from a little before now on.

    They are counted, as the last to get its number need not be the last to commit.
    """

    OVERLAP = 1_000

    def __init__(self, zone_id: int) -> None:
        self.rows = JournalLine.objects.filter(zone_id=zone_id)
        latest = self.rows.order_by("-id").values_list("id", flat=True).first()
        self.since = (latest or 0) - self.OVERLAP

    def counted(self) -> int:
        return self.rows.filter(id__gt=self.since).count()


# Facts kept for a replay -------------------------------------------------------------------------


def _kept_facts(zone_id: int, table: pa.Table, words: Words) -> dict[str, Any]:
    """The facts and words of a run: kept once, however many runs in a row read the same."""
    kept = table.replace_schema_metadata({WORDS: words.text.encode()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(
        sink, kept.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")
    ) as stream:
        stream.write_table(kept.combine_chunks())
    content = sink.getvalue().to_pybytes()
    digest = sha256(content).hexdigest()
    known = RuleRun.objects.filter(zone_id=zone_id, facts_digest=digest, facts__isnull=False)
    return {"facts_digest": digest, "facts": None if known.exists() else content}


def _facts_of(run: RuleRun) -> tuple[pa.Table, Words]:
    keeper = RuleRun.objects.filter(
        zone_id=run.zone_id, facts_digest=run.facts_digest, facts__isnull=False
    ).first()
    if keeper is None or keeper.facts is None:
        raise Refused(
            _("The facts of this evaluation are not kept, so that it cannot be replayed.")
        )
    table = pa.ipc.open_stream(bytes(keeper.facts)).read_all()
    return table, Words.read(table.schema.metadata[WORDS].decode())


# Verdicts ----------------------------------------------------------------------------------------

Texts = npt.NDArray[np.str_]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Said:
    """Verdicts, one a place; ``points``: both ends as text, empty where there are none."""

    rule: Whole
    version: Whole
    party: Whole
    state: Texts
    clauses: Texts
    low: Texts
    high: Texts

    def words(self) -> Texts:
        """All that a verdict says of its rule and firm, as one text to compare."""
        parts = (self.version.astype(str), self.state, self.clauses, self.low, self.high)
        said = parts[0]
        for part in parts[1:]:
            said = np.strings.add(np.strings.add(said, "|"), part)
        return said

    def pairs(self) -> Whole:
        """Rule and firm as one number; both are far below two billion."""
        return (self.rule << 32) | self.party


def verdicts_of(found: Evaluated, chosen: Sequence[InForce]) -> Said:
    """Every verdict of a matrix, rule by rule."""
    rows = len(found.ids)
    names = np.array([str(state) for state in STATES])
    rules = range(len(chosen))
    ends = [found.matrix.scores(at) for at in rules]
    nothing = np.full(rows, "", "U1")
    return Said(
        rule=np.repeat(np.array([one.rule_id for one in chosen], np.int64), rows),
        version=np.repeat(np.array([one.version_id for one in chosen], np.int64), rows),
        party=np.tile(found.ids, len(chosen)),
        state=_joined([names[found.matrix.states(at)] for at in rules]),
        clauses=_joined([found.matrix.letters(at) for at in rules]),
        low=_joined([nothing if pair is None else _said(pair[0]) for pair in ends]),
        high=_joined([nothing if pair is None else _said(pair[1]) for pair in ends]),
    )


def _joined(parts: Sequence[Texts]) -> Texts:
    return np.concatenate(parts) if parts else np.array([], "U1")


def _said(ends: npt.NDArray[np.float64]) -> Texts:
    """Points as PostgreSQL writes them and reads them; what may be anything is not said."""
    values, places = np.unique(ends, return_inverse=True)
    texts = [
        repr(value).removesuffix(".0") if np.isfinite(value) else "" for value in values.tolist()
    ]
    return np.array(texts or [""])[places]


_STANDING = """
select v.id, v.rule_id, v.rule_version_id, v.party_id, v.state, v.clauses,
       coalesce(v.low::text, ''), coalesce(v.high::text, '')
from verdict v where v.zone_id = %(zone)s
"""
_COLUMNS: Mapping[str, pa.DataType] = {
    "id": WHOLE, "rule": WHOLE, "version": WHOLE, "party": WHOLE,
    "state": TEXT, "clauses": TEXT, "low": TEXT, "high": TEXT,
}  # fmt: skip
IN_FORCE = " and v.until is null"
AFTER_RUN = (
    " and v.rule_version_id = any(%(versions)s) and v.run_id <= %(run)s"
    " and (v.ended_by_id is null or v.ended_by_id > %(run)s)"
)
_CLOSE = """
update verdict set until = %(as_of)s, ended_by_id = %(run)s
where zone_id = %(zone)s and id = any(%(ids)s)
"""
_INSERT = """
insert into verdict (zone_id, rule_id, rule_version_id, party_id, state, clauses, low, high,
                     since, run_id)
select %(zone)s, n.*, %(as_of)s, %(run)s
from (select unnest(%(rule)s::bigint[]), unnest(%(version)s::bigint[]), unnest(%(party)s::bigint[]),
             unnest(%(state)s::text[]), unnest(%(clauses)s::text[]),
             nullif(unnest(%(low)s::text[]), '')::float8,
             nullif(unnest(%(high)s::text[]), '')::float8) n
"""


def _standing(which: str, **given: Any) -> tuple[Whole, Said]:
    """Verdicts kept, with their numbers."""
    kept = copied(_STANDING + which, given, _COLUMNS)
    numbers = {name: kept[name].to_numpy() for name in ("id", "rule", "version", "party")}
    texts = {
        name: np.asarray(kept[name].to_numpy(), "U") for name in ("state", "clauses", "low", "high")
    }
    return numbers.pop("id"), Said(**numbers, **texts)


def _write(run: RuleRun, said: Said, *, whole: bool) -> int:
    """Close what is said no more and write what is said now; how many firms' verdicts changed.

    In a whole run, what rules said that are in force no more is closed too; else only the rules
    evaluated are touched.
    """
    ids, kept = _standing(IN_FORCE, zone=run.zone_id)
    same_old, same_new = _the_same(kept, said)
    closed = ~same_old
    if not whole:
        closed &= np.isin(kept.rule, np.unique(said.rule))
    given: dict[str, Any] = {"zone": run.zone_id, "run": run.pk, "as_of": run.as_of}
    fresh = ~same_new
    with connection.cursor() as cursor:
        if closed.any():
            cursor.execute(_CLOSE, {**given, "ids": ids[closed].tolist()})
        if fresh.any():
            new = {
                name: getattr(said, name)[fresh].tolist()
                for name in ("rule", "version", "party", "state", "clauses", "low", "high")
            }
            cursor.execute(_INSERT, {**given, **new})
    gone = ~np.isin(kept.pairs()[closed], said.pairs()[fresh])
    return int(fresh.sum() + gone.sum())


def _the_same(one: Said, other: Said) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which verdicts of each say what the other says too."""
    mine, theirs = one.pairs(), other.pairs()
    _pairs, at, there = np.intersect1d(mine, theirs, assume_unique=True, return_indices=True)
    agree = _pick(one, at).words() == _pick(other, there).words()
    same_mine, same_theirs = np.zeros(len(mine), np.bool_), np.zeros(len(theirs), np.bool_)
    same_mine[at[agree]] = True
    same_theirs[there[agree]] = True
    return same_mine, same_theirs


def _pick(said: Said, at: npt.NDArray[np.intp]) -> Said:
    return Said(
        *(
            getattr(said, name)[at]
            for name in ("rule", "version", "party", "state", "clauses", "low", "high")
        )
    )


# Replaying ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Replay:
    """A run evaluated again: how many verdicts, and which pairs of rule and firm come out unlike."""

    run: RuleRun
    verdicts: int
    unlike: tuple[tuple[int, int], ...]

    @property
    def is_same(self) -> bool:
        return not self.unlike


def replay(*, by: Actor, run_id: int) -> Replay:
    """Evaluate again what a run evaluated, on its own facts and words, and compare.

    Nothing is written. The register and the words of a zone change; what a run read is kept with it.
    """
    access.must_read_results(by)
    run = RuleRun.objects.defer("facts").get(zone_id=by.zone_id, pk=run_id)
    table, words = _facts_of(run)
    chosen = in_force(zone_id=by.zone_id, as_of=run.as_of, version_ids=run.versions, words=words)
    said = verdicts_of(evaluate_table(table, [one.rule for one in chosen], run.as_of), chosen)
    _ids, kept = _standing(AFTER_RUN, zone=by.zone_id, run=run.pk, versions=run.versions)
    same_kept, same_said = _the_same(kept, said)
    unlike = {
        *zip(kept.rule[~same_kept].tolist(), kept.party[~same_kept].tolist(), strict=True),
        *zip(said.rule[~same_said].tolist(), said.party[~same_said].tolist(), strict=True),
    }
    return Replay(run, len(said.rule), tuple(sorted(unlike)))
