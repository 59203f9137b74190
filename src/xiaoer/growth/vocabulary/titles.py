"""Words of the register of titles: until when a firm holds what, and on which lists it stands.

Closed or open: a firm that is not on the register of a kind has no such title only where the zone
said that the register of that kind is complete (``TitleKind.complete_on``); the word is then the day
``NONE``, which no day of ours comes before. Where nobody said so, it is missing: needs data.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

import pyarrow as pa
from django.db import connection

from xiaoer.base.words import Kind, Word
from xiaoer.registry.models import Party

NONE = date(1, 1, 1)
ENDLESS = date(9999, 12, 31)

_SAYS_ZH = (
    "本区称号名录所载最后有效日。名录声明完整后，未列入者记为 0001-01-01（没有该称号）；"
    "未声明完整时，未列入者视为缺数据。"
)
_SAYS_EN = (
    "The last day of it on the zone's register. Once the register is declared complete, a firm not"
    " on it has 0001-01-01 (no such title); before that it is missing."
)


def _until(name: str, zh: str, en: str) -> Word:
    return Word(
        name=name,
        zh=f"{zh}有效期至",
        en=f"{en}: valid until",
        kind=Kind.DAY,
        group="titles",
        meaning_zh=_SAYS_ZH,
        meaning_en=_SAYS_EN,
        sources=("official",),
    )


TITLE_WORDS: tuple[Word, ...] = (
    _until("tsme_valid_to", "科技型中小企业", "Technology SME"),
    _until("innovative_valid_to", "创新型中小企业", "Innovative SME"),
    _until("tech_innovative_sme_valid_to", "科技和创新型中小企业", "Technology or innovative SME"),
    _until("srdi_valid_to", "专精特新中小企业", "Specialised SME"),
    _until("giant_valid_to", "专精特新“小巨人”", "Little giant"),
    _until("hnte_valid_to", "高新技术企业", "High-tech enterprise"),
    _until("champion_valid_to", "国家制造业单项冠军", "National manufacturing champion"),
    _until("gazelle_valid_to", "瞪羚企业", "Gazelle"),
)
FLAG_WORDS: tuple[Word, ...] = (
    Word(
        name="provincial_rd_org",
        zh="有省部级以上研发机构",
        en="Has an R&D body of provincial level or above",
        kind=Kind.FLAG,
        group="R&D",
        meaning_zh="平台名录中该企业有一家在有效期内的省部级以上研发机构。各类名录都声明完整后，"
        "没有即为否；否则为缺数据。",
        meaning_en="The register of platforms holds one in force. No, once the registers of all such"
        " kinds are declared complete; missing before.",
        sources=("official",),
    ),
    Word(
        name="on_adv_mfg_list",
        zh="在先进制造业企业名单内",
        en="On the list of advanced manufacturing firms",
        kind=Kind.FLAG,
        group="titles",
        meaning_zh="评定当年的先进制造业企业名单内有该企业。当年名单未录入时为缺数据。",
        meaning_en="On the list of the year of evaluation; missing while the zone has no such list.",
        sources=("official",),
    ),
)
LATER_OF = {"tech_innovative_sme_valid_to": ("tsme_valid_to", "innovative_valid_to")}

# What was known at the moment: rows as they stood then, ended only where the end was known.
_HELD = """
select coalesce(p.merged_into_id, p.id) as party_id, k.feeds,
       max(least(coalesce(t.valid_to, date '9999-12-31'),
                 case when t.ended_at <= %(known)s then t.ended_on end)) as until
from title t
join title_kind k on k.id = t.kind_id
join party p on p.id = t.party_id
where t.zone_id = %(zone)s and k.feeds = any(%(feeds)s)
  and t.recorded_at <= %(known)s and (t.superseded_at is null or t.superseded_at > %(known)s)
  and t.granted_on <= %(as_of)s
  and not (t.ended_how = 'mistake' and t.ended_at <= %(known)s)
  and (%(ids)s::bigint[] is null or coalesce(p.merged_into_id, p.id) = any(%(ids)s))
group by 1, 2
"""
_COMPLETE = """
select feeds, bool_and(complete_on <= %(as_of)s and completed_at <= %(known)s)
from title_kind
where zone_id = %(zone)s and feeds = any(%(feeds)s)
group by feeds
"""
_LISTED = """
select l.feeds, coalesce(p.merged_into_id, p.id)
from firm_list l
left join list_member m on m.firm_list_id = l.id and m.since <= %(as_of)s
  and m.added_at <= %(known)s
  and (m.removed_at is null or m.removed_at > %(known)s or m.until >= %(as_of)s)
left join party p on p.id = m.party_id
where l.zone_id = %(zone)s and l.feeds = any(%(feeds)s) and l.opened_at <= %(known)s
  and l.year = %(year)s
"""


class TitleLender:
    """Lends the words of the register of titles."""

    subject = "party"

    def words(self, zone_id: int) -> Sequence[Word]:
        return (*TITLE_WORDS, *FLAG_WORDS)

    def columns(
        self,
        *,
        zone_id: int,
        names: Collection[str],
        as_of: date,
        known_at: datetime,
        ids: Sequence[int] | None = None,
    ) -> pa.Table:
        asked = _Asked(zone_id, as_of, known_at, None if ids is None else list(ids))
        subjects = asked.subjects()
        columns: dict[str, pa.Array] = {"id": pa.array(subjects, pa.int64())}
        feeds = {part for name in names for part in LATER_OF.get(name, (name,))}
        held, complete = asked.held(feeds), asked.complete(feeds)
        listed = asked.listed(feeds)
        for name in names:
            if name in LATER_OF:
                values = _later(LATER_OF[name], subjects, held, complete, as_of)
                columns[name] = pa.array(values, pa.date32())
            elif name == "provincial_rd_org":
                flags = _flags(held.get(name, {}), complete.get(name, False), subjects, as_of)
                columns[name] = pa.array(flags, pa.bool_())
            elif name == "on_adv_mfg_list":
                found = listed.get(name)
                columns[name] = pa.array(
                    [None if found is None else one in found for one in subjects], pa.bool_()
                )
            else:
                values = _days(held.get(name, {}), complete.get(name, False), subjects)
                columns[name] = pa.array(values, pa.date32())
        return pa.table(columns)


class _Asked:
    """What is asked of the register, and its few questions, each for all firms at once."""

    def __init__(
        self, zone_id: int, as_of: date, known_at: datetime, ids: list[int] | None
    ) -> None:
        self.zone_id, self.as_of, self.known_at, self.ids = zone_id, as_of, known_at, ids

    def subjects(self) -> list[int]:
        if self.ids is not None:
            return self.ids
        rows = Party.objects.filter(zone_id=self.zone_id, merged_into__isnull=True)
        return list(rows.order_by("id").values_list("id", flat=True))

    def held(self, feeds: Collection[str]) -> dict[str, dict[int, date]]:
        found: dict[str, dict[int, date]] = {}
        for party_id, feed, until in self._rows(_HELD, feeds):
            found.setdefault(feed, {})[party_id] = until
        return found

    def complete(self, feeds: Collection[str]) -> dict[str, bool]:
        return {feed: bool(is_complete) for feed, is_complete in self._rows(_COMPLETE, feeds)}

    def listed(self, feeds: Collection[str]) -> dict[str, set[int]]:
        if "on_adv_mfg_list" not in feeds:
            return {}
        rows = sorted(self._rows(_LISTED, feeds), key=itemgetter(0))
        return {
            feed: {party for _feed, party in group if party is not None}
            for feed, group in groupby(rows, key=itemgetter(0))
        }

    def _rows(self, query: str, feeds: Collection[str]) -> list[tuple]:  # type: ignore[type-arg]  # columns differ by query
        with connection.cursor() as cursor:
            cursor.execute(
                query,
                {
                    "zone": self.zone_id,
                    "as_of": self.as_of,
                    "known": self.known_at,
                    "ids": self.ids,
                    "feeds": list(feeds),
                    "year": self.as_of.year,
                },
            )
            return list(cursor.fetchall())


def _days(held: dict[int, date], complete: bool, subjects: Sequence[int]) -> list[date | None]:
    missing = NONE if complete else None
    return [held.get(one, missing) for one in subjects]


def _flags(
    held: dict[int, date], complete: bool, subjects: Sequence[int], as_of: date
) -> list[bool | None]:
    missing = False if complete else None
    return [True if held.get(one, NONE) >= as_of else missing for one in subjects]


def _later(
    parts: Sequence[str],
    subjects: Sequence[int],
    held: dict[str, dict[int, date]],
    complete: dict[str, bool],
    as_of: date,
) -> list[date | None]:
    """The later of several; one that holds today decides even where another is unknown."""
    columns = [_days(held.get(part, {}), complete.get(part, False), subjects) for part in parts]
    found: list[date | None] = []
    for days in zip(*columns, strict=True):
        known = [day for day in days if day is not None]
        latest = max(known, default=None)
        decides = latest is not None and (len(known) == len(days) or latest >= as_of)
        found.append(latest if decides else None)
    return found
