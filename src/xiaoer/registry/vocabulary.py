"""What the registry knows of firms, as words of the rule language. Its firms are the subjects.

The register is kept as it is today, not as it was: an old evaluation is run again on its own copy
of the facts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import pyarrow as pa

from xiaoer.base.copying import DAY, FLAG, NUMBER, TEXT, WHOLE, copied
from xiaoer.base.words import Choice, Kind, Word

OFFICIAL = ("official",)
IDENTITY, ACTIVITY = "identity", "activity"
TYPES: Mapping[Kind, pa.DataType] = {
    Kind.NUMBER: NUMBER,
    Kind.FLAG: FLAG,
    Kind.DAY: DAY,
    Kind.TEXT: TEXT,
}
STATUSES = (
    Choice("operating", "在营", "in operation"),
    Choice("suspended", "停业", "suspended"),
    Choice("moved_out", "迁出", "moved out"),
    Choice("revoked", "吊销", "licence revoked"),
    Choice("cancelled", "注销", "deregistered"),
)
KINDS = (
    Choice("firm", "企业", "firm"),
    Choice("sole_trader", "个体工商户", "sole trader"),
    Choice("cooperative", "农民专业合作社", "cooperative"),
    Choice("institution", "事业单位等机构", "institution"),
    Choice("person", "自然人", "natural person"),
)


@dataclass(frozen=True, slots=True)
class _Lent:
    """A word, and where it stands in the register: SQL over ``p`` and what is joined to it."""

    word: Word
    sql: str


_CODE = "nullif(p.credit_code, '')"
_DIVISION = "case when p.industry ~ '^[0-9]{2}' then left(p.industry, 2)::int end"
_LENT = (
    _Lent(
        Word("uscc", "统一社会信用代码", "Unified social credit code", Kind.TEXT, group=IDENTITY,
             meaning_zh="GB 32100-2015，18 位", meaning_en="GB 32100-2015, 18 characters",
             sources=OFFICIAL),
        _CODE,
    ),
    _Lent(
        Word("party_name", "名称", "Name", Kind.TEXT, group=IDENTITY, sources=OFFICIAL),
        "p.name",
    ),
    _Lent(
        Word("party_kind", "主体类型", "Kind of party", Kind.TEXT, group=IDENTITY,
             sources=OFFICIAL, choices=KINDS),
        "p.kind",
    ),
    _Lent(
        Word("registered_on", "成立日期", "Registered on", Kind.DAY, group=IDENTITY,
             meaning_zh="营业执照上的成立日期", meaning_en="as on the business licence",
             sources=OFFICIAL),
        "p.registered_on",
    ),
    _Lent(
        Word("years_registered", "注册跨过的年度数", "Calendar years since registration",
             Kind.NUMBER, "year", IDENTITY,
             meaning_zh="评定年份减成立年份；上年成立的为 1", meaning_en="year of the evaluation less year of registration; 1 if registered last year",
             sources=OFFICIAL),
        "%(year)s - extract(year from p.registered_on)",
    ),
    _Lent(
        Word("region_code", "登记地区划代码", "Region of registration", Kind.TEXT, group=IDENTITY,
             meaning_zh="GB/T 2260，取自统一社会信用代码", meaning_en="GB/T 2260, from the credit code",
             sources=OFFICIAL),
        f"substr({_CODE}, 3, 6)",
    ),
    _Lent(
        Word("legal_person", "法人单位", "Legal person", Kind.FLAG, group=IDENTITY,
             meaning_zh="按登记的主体类型；分公司不是法人", meaning_en="by the registered kind; a branch is none",
             sources=OFFICIAL),
        "p.kind in ('firm', 'cooperative', 'institution') and p.name not like '%%分公司'",
    ),
    _Lent(
        Word("individual_business", "个体经营户", "Individual business", Kind.FLAG, group=IDENTITY,
             sources=OFFICIAL),
        "p.kind = 'sole_trader'",
    ),
    _Lent(
        Word("resident_enterprise", "居民企业", "Resident enterprise", Kind.FLAG, group=IDENTITY,
             meaning_zh="在中国境内登记成立的企业（信用代码以 91 开头）；没有代码时不知道", meaning_en="an enterprise registered in China (code begins with 91); unknown without a code",
             sources=OFFICIAL),
        f"{_CODE} like '91%%'",
    ),
    _Lent(
        Word("register_status", "登记状态", "Status", Kind.TEXT, group=IDENTITY, sources=OFFICIAL,
             choices=STATUSES),
        "p.status",
    ),
    _Lent(
        Word("capital_cny", "注册资本", "Registered capital", Kind.NUMBER, "CNY", IDENTITY,
             meaning_zh="人民币注册资本；其他币种不换算", meaning_en="in CNY; other currencies are not converted",
             sources=OFFICIAL),
        "case when p.capital_currency in ('', 'CNY') then p.capital_fen / 100.0 end",
    ),
    _Lent(
        Word("industry_code", "行业小类代码", "Industry class", Kind.TEXT, group=ACTIVITY,
             meaning_zh="GB/T 4754-2017，四位", meaning_en="GB/T 4754-2017, four digits",
             sources=OFFICIAL),
        "case when length(p.industry) = 4 then p.industry end",
    ),
    _Lent(
        Word("division", "行业大类", "Industry division", Kind.NUMBER, group=ACTIVITY,
             meaning_zh="行业代码前两位", meaning_en="the first two digits of the industry class",
             sources=OFFICIAL),
        _DIVISION,
    ),
    _Lent(
        Word("section", "行业门类", "Industry section", Kind.TEXT, group=ACTIVITY,
             meaning_zh="GB/T 4754 门类 A–T", meaning_en="GB/T 4754 section A–T", sources=OFFICIAL),
        "nullif(p.section, '')",
    ),
    _Lent(
        Word("grid_code", "总网格", "Grid", Kind.TEXT, group=IDENTITY, sources=OFFICIAL),
        "(select g.code from cell c join grid g on g.id = c.grid_id where c.id = p.cell_id)",
    ),
    _Lent(
        Word("cell_code", "单元网格", "Cell", Kind.TEXT, group=IDENTITY, sources=OFFICIAL),
        "(select c.code from cell c where c.id = p.cell_id)",
    ),
    _Lent(
        Word("park_code", "园区", "Park", Kind.TEXT, group=IDENTITY, sources=OFFICIAL),
        "(select k.code from park k where k.id = p.park_id)",
    ),
)  # fmt: skip
_BY_NAME: Mapping[str, _Lent] = {lent.word.name: lent for lent in _LENT}
# What stands in the register is what a firm is; only its capital could be another.
_WORDS: Sequence[Word] = tuple(
    replace(lent.word, is_fixed=lent.word.name != "capital_cny") for lent in _LENT
)
_ALL = "p.cell_id is not null and p.merged_into_id is null"


class RegistryLender:
    """The firms of the zone and what stands of them in the register."""

    subject = "party"

    def words(self, zone_id: int) -> Sequence[Word]:
        return _WORDS

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:
        """One line a firm, by number. Entries merged into another are not subjects of their own."""
        chosen = [_BY_NAME[name] for name in names if name in _BY_NAME]
        fields = "".join(f", {lent.sql}" for lent in chosen)
        rows = _ALL if ids is None else "p.id = any(%(ids)s)"
        return copied(
            # Only the fixed texts above stand in it.
            f"select p.id{fields} from party p where p.zone_id = %(zone)s and {rows} order by p.id",  # noqa: S608  names of this file's own
            {
                "zone": zone_id,
                "ids": list(ids) if ids is not None else [],
                "year": as_of.year,
            },
            {"id": WHOLE, **{lent.word.name: TYPES[lent.word.kind] for lent in chosen}},
        )
