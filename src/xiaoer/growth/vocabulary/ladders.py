"""梯队 Words of the ladders: what the zone set, what people decided, what the title rules left open."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

import pyarrow as pa
from django.db.models import Q

from xiaoer.base.words import Choice, Kind, Word
from xiaoer.growth.climbing import Gaps, Part, count_gaps
from xiaoer.growth.models import Designation, Ladder, LadderParameter, ParameterChange, Standing
from xiaoer.registry.models import Party
from xiaoer.rules.models import Rule, RuleClause, Verdict

DECIDED = {
    "in_stat_register": Designation.Kind.IN_REGISTER,
    "on_climb_list": Designation.Kind.CLIMB,
    "chain_leader_designated": Designation.Kind.CHAIN_LEADER,
    "tech_leader_designated": Designation.Kind.TECH_LEADER,
}
RUNGS = {f"{ladder}_rung": ladder for ladder in Ladder.values}
HNTE = "hnte"
# Numbers of the pages alone: no rule reads them.
NOT_LENT = frozenset({"climb_mode"})
DECISION_WORDS = (
    Word(
        "in_stat_register",
        "在库（四上）",
        "in the statistical register",
        Kind.FLAG,
        group="titles",
        meaning_zh="统计部门名录库在库单位；只由统计部门确认。本区尚未录入在库名录时为未知",
        meaning_en="A member of the register, by the statistics office alone. Unknown while the zone"
        " keeps no register.",
        sources=("official",),
    ),
    Word(
        "on_climb_list",
        "列入攀登企业名单",
        "on the list of climbing enterprises",
        Kind.FLAG,
        group="titles",
        meaning_zh="以文件认定，不由公式计算",
        meaning_en="A decision with its document, never computed.",
        sources=("decision",),
    ),
    Word(
        "chain_leader_designated",
        "认定为链主",
        "designated chain leader",
        Kind.FLAG,
        group="titles",
        meaning_zh="以文件认定，不由公式计算",
        meaning_en="A decision with its document, never computed.",
        sources=("decision",),
    ),
    Word(
        "tech_leader_designated",
        "认定为科技领军企业",
        "designated technology leader",
        Kind.FLAG,
        group="titles",
        meaning_zh="以文件认定，不由公式计算",
        meaning_en="A decision with its document, never computed.",
        sources=("decision",),
    ),
)
HNTE_WORDS = (
    Word(
        "hnte_gaps",
        "高企可补差项数",
        "repairable gaps to the high-tech title",
        unit="item",
        group="titles",
        meaning_zh="高企条件里未达到、期限内补得上的项数；缺数据到说不清时为未知",
        meaning_en="Conditions of the title not met that can be repaired in time.",
    ),
    Word(
        "hnte_blockers",
        "高企硬性不符项数",
        "blockers of the high-tech title",
        unit="item",
        group="titles",
        meaning_zh="高企条件里期限内补不上的不符项数",
        meaning_en="Conditions of the title not met that cannot be repaired in time.",
    ),
    Word("hnte_score_low", "高企得分下限", "lowest high-tech score", unit="point", group="titles"),
    Word(
        "hnte_score_high", "高企得分上限", "highest high-tech score", unit="point", group="titles"
    ),
)


class LadderWords:
    """The lender; ``party`` words of this room about ladders."""

    subject = "party"

    def words(self, zone_id: int) -> Sequence[Word]:
        return [*DECISION_WORDS, *HNTE_WORDS, *_parameter_words(zone_id), *_rung_words(zone_id)]

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:
        wanted = list(ids) if ids is not None else _everybody(zone_id)
        table = pa.table({"id": pa.array(wanted, pa.int64())})
        numbers = parameters_at(zone_id, known_at)
        kinds = {row.code: row.kind for row in _parameters(zone_id)}
        for name in names:
            if name in DECIDED:
                values = _decided(zone_id, DECIDED[name], wanted, as_of, known_at)
                table = table.append_column(name, pa.array(values, pa.bool_()))
            elif name in numbers:
                table = table.append_column(
                    name, _constant(numbers[name], kinds[name], len(wanted))
                )
            elif name in RUNGS:
                rungs = _rungs(zone_id, RUNGS[name], as_of)
                table = table.append_column(
                    name, pa.array([rungs.get(one) for one in wanted], pa.string())
                )
        return _with_hnte(table, zone_id, wanted, names, as_of, numbers)


def _everybody(zone_id: int) -> list[int]:
    rows = Party.objects.filter(zone_id=zone_id, merged_into__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _parameters(zone_id: int) -> Iterable[LadderParameter]:
    rows = LadderParameter.objects.filter(zone_id=zone_id).exclude(code__in=NOT_LENT)
    return [row for row in rows if row.kind != LadderParameter.Kind.CHOICE]


def _parameter_words(zone_id: int) -> list[Word]:
    return [
        Word(
            row.code,
            row.name,
            row.name_en,
            Kind.FLAG if row.kind == LadderParameter.Kind.FLAG else Kind.NUMBER,
            unit=row.unit,
            group="parameters",
            meaning_zh=f"{row.meaning}（{row.source}）" if row.source else row.meaning,
            meaning_en=f"{row.meaning_en} ({row.source})" if row.source else row.meaning_en,
            sources=("decision",),
            is_fixed=True,
        )
        for row in _parameters(zone_id)
    ]


def _rung_words(zone_id: int) -> list[Word]:
    choices: dict[str, list[Choice]] = {ladder: [] for ladder in Ladder.values}
    for rule in Rule.objects.filter(zone_id=zone_id, kind=Rule.Kind.RUNG).order_by("step"):
        if rule.ladder in choices:
            choices[rule.ladder].append(Choice(rule.code, rule.name, rule.name_en))
    names = {
        Ladder.BUSINESS: ("梯队", "rung of business"),
        Ladder.TECHNOLOGY: ("科技梯队", "rung of technology"),
        Ladder.SPECIALISATION: ("专精特新梯队", "rung of specialisation"),
    }
    return [
        Word(
            name,
            *names[Ladder(ladder)],
            Kind.TEXT,
            group="titles",
            meaning_zh="最近一次评定的现处台阶；说不准的为未知",
            meaning_en="The rung of the last evaluation; unknown where it could not be told.",
            choices=(Choice("none", "未入梯队", "on no rung"), *choices[ladder]),
        )
        for name, ladder in RUNGS.items()
        if choices[ladder]
    ]


def parameters_at(zone_id: int, known_at: datetime) -> dict[str, float]:
    """The numbers the zone had set at a moment, by code; what was changed since is undone."""
    numbers = {row.code: float(row.number or 0) for row in _parameters(zone_id)}
    later = ParameterChange.objects.filter(
        zone_id=zone_id, at__gt=known_at, parameter__code__in=numbers
    )
    for code, before in later.order_by("-at", "-id").values_list("parameter__code", "before"):
        numbers[code] = float(before)
    return numbers


def _constant(value: float, kind: str, count: int) -> pa.Array:
    if kind == LadderParameter.Kind.FLAG:
        return pa.array([value == 1] * count, pa.bool_())
    return pa.array([value] * count, pa.float64())


def designations_at(zone_id: int, kind: str, as_of: date, known_at: datetime) -> "set[int]":
    """Who is designated on a day, by what was recorded at a moment."""
    rows = Designation.objects.filter(
        Q(until__isnull=True) | Q(until__gte=as_of) | Q(ended_at__gt=known_at),
        zone_id=zone_id,
        kind=kind,
        since__lte=as_of,
        recorded_at__lte=known_at,
    )
    return set(rows.values_list("party_id", flat=True))


def _decided(
    zone_id: int, kind: str, wanted: Sequence[int], as_of: date, known_at: datetime
) -> list[bool | None]:
    """Nobody is designated without a decision. The register is another office's: until it gave us
    its members, who is not among them is not known to be outside."""
    inside = designations_at(zone_id, kind, as_of, known_at)
    outside: bool | None = False
    if kind == Designation.Kind.IN_REGISTER:
        kept = Designation.objects.filter(zone_id=zone_id, kind=kind, recorded_at__lte=known_at)
        outside = False if kept.exists() else None
    return [True if one in inside else outside for one in wanted]


def _rungs(zone_id: int, ladder: str, as_of: date) -> dict[int, str]:
    rows = Standing.objects.filter(
        zone_id=zone_id, ladder=ladder, month=as_of.replace(day=1)
    ).exclude(told=Standing.Told.AT_LEAST)
    return {party: rung or "none" for party, rung in rows.values_list("party_id", "rung")}


def parts_of(rule_version_id: int) -> list[Part]:
    """The clauses of a rule as gaps are counted; a score decides nothing by itself."""
    return [
        Part(
            is_repairable=clause.is_repairable and clause.kind != RuleClause.Kind.BLOCKER,
            any_of=clause.any_of,
            decides=clause.kind != RuleClause.Kind.SCORE,
        )
        for clause in RuleClause.objects.filter(rule_version_id=rule_version_id).order_by(
            "position"
        )
    ]


def _with_hnte(
    table: pa.Table,
    zone_id: int,
    wanted: Sequence[int],
    names: Collection[str],
    as_of: date,
    numbers: dict[str, float],
) -> pa.Table:
    asked = [word.name for word in HNTE_WORDS if word.name in names]
    if not asked:
        return table
    rows = Verdict.objects.filter(
        Q(until__isnull=True) | Q(until__gt=as_of), zone_id=zone_id, rule__code=HNTE,
        since__lte=as_of,
    )  # fmt: skip
    said = {
        party: (version, letters, low, high)
        for party, version, letters, low, high in rows.order_by("since").values_list(
            "party_id", "rule_version_id", "clauses", "low", "high"
        )
    }
    parts = {version: parts_of(version) for version in {row[0] for row in said.values()}}
    found: dict[str, list[float | None]] = {name: [] for name in asked}
    for one in wanted:
        row = said.get(one)
        gaps = Gaps(None, None)
        if row is not None:
            gaps = count_gaps(row[1], parts[row[0]], int(numbers.get("p_gaps", 0)))
        values = {
            "hnte_gaps": gaps.gaps,
            "hnte_blockers": gaps.blockers,
            "hnte_score_low": row[2] if row else None,
            "hnte_score_high": row[3] if row else None,
        }
        for name in asked:
            found[name].append(values[name])
    for name in asked:
        table = table.append_column(name, pa.array(found[name], pa.float64()))
    return table
