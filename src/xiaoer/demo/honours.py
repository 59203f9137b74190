"""Titles, platforms, plants, lists and contracts of the demo: as many as the articles count, by day.

Who holds them is invented. Written in bulk, as a register is taken over from a sheet.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle

from xiaoer.base import journal
from xiaoer.demo.days import Days
from xiaoer.demo.ground import Ground, Hand
from xiaoer.growth import actions as growth
from xiaoer.growth.models import (
    Application,
    Batch,
    FirmList,
    ListMember,
    TechContract,
    Title,
    TitleKind,
)
from xiaoer.growth.validity import last_day
from xiaoer.registry.models import Party

COMPLETE_ON = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Granted:
    """So many titles of a kind, granted between two days (both included)."""

    kind: str
    count: int
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Renewed:
    """The same holders again: of those granted on a day, so many on a later day."""

    kind: str
    count: int
    of: date
    on: date


PUBLISHED: dict[str, tuple[Granted | Renewed, ...]] = {
    # As of 11 August 2023.
    "canal": (
        Granted("postdoctoral_workstation", 1, date(2019, 11, 5), date(2019, 11, 5)),
        Granted("academician_workstation_national", 1, date(2021, 6, 18), date(2021, 6, 18)),
        Granted("enterprise_technology_centre", 1, date(2020, 12, 21), date(2020, 12, 21)),
        Granted("postdoctoral_practice_base", 2, date(2020, 3, 1), date(2022, 10, 30)),
        Granted("academician_workstation_provincial", 5, date(2018, 3, 1), date(2022, 10, 30)),
        Granted("other_science_technology_provincial", 34, date(2017, 3, 1), date(2023, 6, 30)),
        Granted("other_talent_provincial", 1, date(2021, 9, 1), date(2021, 9, 1)),
        Granted("other_science_technology_municipal", 50, date(2016, 3, 1), date(2023, 7, 20)),
        Granted("talent_municipal", 17, date(2017, 3, 1), date(2023, 7, 20)),
        Granted("giant", 4, date(2021, 7, 19), date(2022, 9, 8)),
        Granted("giant", 1, date(2023, 7, 14), date(2023, 7, 14)),
        Granted("hnte", 38, date(2023, 12, 7), date(2025, 12, 8)),
        Granted("tsme", 26, date(2026, 6, 20), date(2026, 8, 20)),
        Granted("srdi", 14, date(2024, 1, 10), date(2025, 12, 20)),
    ),
    # As of September 2022, and of October 2023.
    "jedz": (
        Granted("tsme", 36, date(2022, 3, 1), date(2022, 8, 31)),
        Granted("hnte", 39, date(2020, 12, 8), date(2020, 12, 8)),
        Granted("srdi", 10, date(2022, 6, 27), date(2022, 6, 27)),
        Granted("srdi_municipal", 21, date(2022, 5, 16), date(2022, 5, 16)),
        Granted("gazelle", 6, date(2022, 7, 11), date(2022, 7, 11)),
        Granted("enterprise_technology_centre_provincial", 7, date(2016, 5, 1), date(2021, 11, 30)),
        Granted("engineering_laboratory_provincial", 4, date(2017, 5, 1), date(2021, 11, 30)),
        Granted("other_science_technology_provincial", 5, date(2018, 5, 1), date(2022, 6, 30)),
        Granted("one_enterprise_one_technology_centre", 6, date(2022, 4, 18), date(2022, 4, 18)),
        Granted("enterprise_technology_centre_municipal", 20, date(2015, 5, 1), date(2021, 11, 30)),
        Granted("technology_innovation_centre_municipal", 14, date(2017, 5, 1), date(2021, 11, 30)),
        Granted("talent_municipal", 9, date(2018, 5, 1), date(2021, 11, 30)),
        Granted("hnte", 15, date(2022, 12, 12), date(2022, 12, 12)),
        Granted("technology_innovation_centre_provincial", 2, date(2023, 4, 3), date(2023, 8, 28)),
        Granted("enterprise_technology_centre_municipal", 9, date(2023, 2, 6), date(2023, 9, 28)),
        Granted("technology_innovation_centre_municipal", 7, date(2023, 2, 6), date(2023, 9, 28)),
        Granted("hnte", 15, date(2023, 9, 25), date(2023, 9, 25)),
        Renewed("hnte", 34, date(2020, 12, 8), date(2023, 12, 9)),
        Renewed("hnte", 13, date(2022, 12, 12), date(2025, 12, 15)),
        Renewed("hnte", 12, date(2023, 9, 25), date(2026, 10, 12)),
        Granted("hnte", 24, date(2024, 12, 7), date(2025, 12, 8)),
        Granted("srdi", 26, date(2024, 12, 20), date(2025, 12, 22)),
        Granted("tsme", 79, date(2023, 5, 10), date(2023, 8, 31)),
        Granted("tsme", 91, date(2026, 6, 12), date(2026, 8, 28)),
        Granted("innovative", 44, date(2024, 1, 9), date(2025, 12, 2)),
        Granted("giant", 3, date(2024, 9, 3), date(2024, 9, 3)),
    ),
    # The year 2024.
    "jhtz": (
        Granted("smart_factory_provincial", 5, date(2022, 9, 1), date(2023, 11, 30)),
        Granted("smart_factory_provincial", 4, date(2024, 5, 6), date(2024, 11, 18)),
        Granted("green_factory_provincial", 3, date(2024, 8, 12), date(2024, 8, 12)),
        Granted("digital_workshop_provincial", 1, date(2024, 10, 14), date(2024, 10, 14)),
        Granted("technology_innovation_centre_provincial", 6, date(2019, 3, 1), date(2023, 11, 30)),
        Granted("technology_innovation_centre_provincial", 3, date(2024, 3, 4), date(2024, 11, 4)),
        Granted("technology_innovation_centre_municipal", 22, date(2018, 3, 1), date(2024, 6, 30)),
        Granted("key_laboratory_provincial", 4, date(2024, 2, 19), date(2024, 9, 9)),
        Granted("enterprise_technology_centre_provincial", 11, date(2024, 1, 8), date(2024, 12, 9)),
        Granted("hnte", 96, date(2023, 12, 7), date(2025, 12, 8)),
        Granted("tsme", 142, date(2026, 6, 11), date(2026, 8, 27)),
        Granted("innovative", 88, date(2023, 12, 20), date(2025, 12, 2)),
        Granted("srdi", 57, date(2023, 12, 25), date(2025, 12, 22)),
        Granted("giant", 12, date(2023, 7, 14), date(2025, 9, 30)),
        Granted("gazelle", 17, date(2023, 11, 6), date(2024, 12, 16)),
        Granted("champion_shandong", 4, date(2024, 11, 22), date(2025, 12, 1)),
    ),
}  # fmt: skip
HONOUR = "provincial_international_cooperation_park"
HONOUR_YEARS = (2023, 2024)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of a year and how many firms, or projects of firms, stand on it."""

    code: str
    name: str
    name_en: str
    level: str
    year: int
    count: int
    is_of_projects: bool = False


LISTS = (
    Listed("provincial_sme_digital_transformation_pilot", "山东省中小企业数字化转型试点企业",
           "Provincial pilots of digital transformation", "provincial", 2024, 6),
    Listed("provincial_key_rd_plan", "山东省重点研发计划项目", "Provincial key R&D plan",
           "provincial", 2024, 2, is_of_projects=True),
    Listed("provincial_sme_innovation_capability", "山东省科技型中小企业创新能力提升工程项目",
           "Provincial plan of SMEs' innovation capability", "provincial", 2024, 6,
           is_of_projects=True),
    Listed("crossborder_ecommerce", "跨境电商企业名单", "Cross-border e-commerce firms", "zone",
           2024, 126),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contracts:
    """Technology contracts of a period: how many, and what they sum up to in fen."""

    since: date
    until: date
    count: int
    total_fen: int


# 378 contracts are 11.2 % more than 340; their sum is 22.4 % more than the year before.
CONTRACTS = {
    "jhtz": (
        Contracts(date(2023, 1, 4), date(2023, 12, 27), 340, 1_250_000_000_00),
        Contracts(date(2024, 1, 4), date(2024, 12, 27), 378, 1_530_000_000_00),
    ),
    "jedz": (Contracts(date(2023, 1, 6), date(2023, 10, 27), 96, 401_000_000_00),),
}
# Applications of 2022 and 2023 for the title of high-tech enterprise, by batch.
HNTE_PLANS = {
    2022: (("第一批", date(2022, 9, 20), 15),),
    2023: (
        ("第一批", date(2023, 6, 20), 15),
        ("第二批", date(2023, 8, 20), 11),
        ("第三批", date(2023, 10, 20), 8),
    ),
}


@dataclass
class _Register:
    """What the demo writes titles with: the zone's kinds, and firms in the order they get them."""

    ground: Ground
    firms: Sequence[Party]
    kinds: dict[str, TitleKind]
    now: datetime
    hand: Hand

    def rows(self, plan: Iterable[Granted | Renewed]) -> list[Title]:
        titles: list[Title] = []
        # Who has a title of a kind is not given it a second time before it runs out.
        turn = {code: cycle(self._order(code)) for code in self.kinds}
        for part in plan:
            if isinstance(part, Renewed):
                first = [t for t in titles if (t.kind.code, t.granted_on) == (part.kind, part.of)]
                titles += [self._title(t.kind, t.party, part.on) for t in first[: part.count]]
                continue
            kind = self.kinds[part.kind]
            for day in _spread(part.since, part.until, part.count):
                titles.append(self._title(kind, next(turn[part.kind]), day))
        return titles

    def _order(self, code: str) -> list[Party]:
        """Titles of innovation go to the same larger firms first; platforms anywhere among them."""
        if self.kinds[code].is_single:
            return list(self.firms)
        order = list(self.firms[:160])
        random.Random(f"platforms {code}").shuffle(order)
        return order

    def _title(self, kind: TitleKind, party: Party | None, day: date) -> Title:
        months = kind.validity_months
        return Title(
            zone=self.ground.zone,
            kind=kind,
            party=party,
            is_single=kind.is_single,
            granted_on=day,
            valid_to=last_day(day, months) if months else None,
            year=day.year,
            name=_platform_name(kind, party),
            document=f"{kind.name}{day.year}年公布名单",
            recorded_at=datetime.combine(day, self.now.timetz()),
            recorded_by_id=self.hand.post.pk,
        )


def _platform_name(kind: TitleKind, party: Party | None) -> str:
    if kind.is_single or party is None:
        return ""
    return f"{party.name.removesuffix('有限公司')}{kind.name}"[:120]


def _spread(since: date, until: date, count: int) -> list[date]:
    """So many days from the first to the last, evenly."""
    step = (until - since).days / max(count - 1, 1)
    return [since + timedelta(days=round(step * turn)) for turn in range(count)]


def keep_honours(ground: Ground, firms: Sequence[Party], days: Days) -> None:
    """Titles, honours, lists, batches and contracts of a zone; ``firms``: the larger ones first."""
    kinds = {kind.code: kind for kind in TitleKind.objects.filter(zone=ground.zone)}
    register = _Register(ground, firms, kinds, days.ago(40), ground.hands["statistics.1"])
    titles = register.rows(PUBLISHED[ground.plan.code])
    if ground.plan.code == "jhtz":
        titles += _honours(register)
    Title.objects.bulk_create(titles, batch_size=1000)
    # The demo's registers hold all there is: whoever is not on one has no such title.
    for kind in kinds.values():
        if kind.feeds:
            growth.declare_complete(
                by=ground.by,
                now=datetime.combine(COMPLETE_ON, register.now.timetz()),
                kind=kind,
                complete_on=COMPLETE_ON,
            )
    journal.record(
        by=register.hand.actor,
        now=register.now,
        verb="commit_titles",
        subject=ground.zone,
        created=len(titles),
    )
    if ground.plan.code == "jhtz":
        _put_on_lists(register)
    if ground.plan.code == "jedz":
        _plan_hnte(register, titles)
    _register_contracts(register)


def _honours(register: _Register) -> list[Title]:
    kind = register.kinds[HONOUR]
    rows = [register._title(kind, None, date(year, 12, 15)) for year in HONOUR_YEARS]
    for row in rows:
        row.name = kind.name
    return rows


def _put_on_lists(register: _Register) -> None:
    dice = random.Random("lists")
    for listed in LISTS:
        kept = FirmList.objects.create(
            zone=register.ground.zone,
            code=listed.code,
            name=listed.name,
            name_en=listed.name_en,
            level=listed.level,
            year=listed.year,
            is_of_projects=listed.is_of_projects,
            document=f"{listed.name}公布文件",
            opened_at=register.now,
        )
        ListMember.objects.bulk_create(
            ListMember(
                zone=register.ground.zone,
                firm_list=kept,
                party=party,
                project=f"{party.name[2:4]}关键技术研发与产业化" if listed.is_of_projects else "",
                since=date(listed.year, 11, 20),
                added_at=register.now,
            )
            for party in dice.sample(list(register.firms[:400]), listed.count)
        )


def _plan_hnte(register: _Register, titles: Sequence[Title]) -> None:
    """The applications of two years; those of the first batch of each became titles."""
    kind = register.kinds["hnte"]
    holders = {title.party_id for title in titles if title.kind_id == kind.pk}
    free = iter([party for party in register.firms if party.pk not in holders])
    for year, batches in HNTE_PLANS.items():
        granted = [t for t in titles if t.kind_id == kind.pk and t.granted_on.year == year][:15]
        for name, closes_on, count in batches:
            batch = Batch.objects.create(
                zone=register.ground.zone,
                kind=kind,
                name=f"{year}年{name}",
                year=year,
                opens_on=closes_on - timedelta(days=45),
                closes_on=closes_on,
                state=Batch.State.DECIDED,
            )
            made = granted[:count] if name == "第一批" else []
            Application.objects.bulk_create(
                [_granted(register, batch, title) for title in made]
                + [
                    _refused(register, batch, next(free), closes_on)
                    for _turn in range(count - len(made))
                ]
            )


def _granted(register: _Register, batch: Batch, title: Title) -> Application:
    planned = date(batch.year, 3, 1)
    return Application(
        zone=register.ground.zone,
        party=title.party,
        kind=batch.kind,
        batch=batch,
        title=title,
        state=Application.State.GRANTED,
        since=title.granted_on,
        planned_on=planned,
        submitted_on=batch.closes_on,
        decided_on=title.granted_on,
        decided_by_id=register.hand.post.pk,
    )


def _refused(register: _Register, batch: Batch, party: Party, closes_on: date) -> Application:
    decided = closes_on + timedelta(days=100)
    return Application(
        zone=register.ground.zone,
        party=party,
        kind=batch.kind,
        batch=batch,
        state=Application.State.REFUSED,
        since=decided,
        planned_on=date(batch.year, 3, 1),
        submitted_on=closes_on,
        decided_on=decided,
        decided_by_id=register.hand.post.pk,
        reason="专家评审综合得分未超过70分",
    )


def _register_contracts(register: _Register) -> None:
    zone = register.ground.zone
    for part in CONTRACTS.get(register.ground.plan.code, ()):
        dice = random.Random(f"contracts {zone.code} {part.since.year}")
        weights = [dice.lognormvariate(0, 1) for _turn in range(part.count)]
        amounts = _shares(part.total_fen, weights)
        TechContract.objects.bulk_create(
            TechContract(
                zone=zone,
                number=f"{part.since.year}37{zone.pk:02d}{number:05d}",
                registered_on=day,
                kind=dice.choice(TechContract.Kind.values),
                name="技术开发与服务合同",
                party=dice.choice(register.firms[:200]),
                amount_fen=amount,
                recorded_at=register.now,
            )
            for number, (day, amount) in enumerate(
                zip(_spread(part.since, part.until, part.count), amounts, strict=True), start=1
            )
        )


def _shares(total: int, weights: Sequence[float]) -> list[int]:
    """A sum taken apart by weights, in whole thousands of yuan; the last takes the rest."""
    unit = 1000_00
    whole = sum(weights)
    parts = [max(1, int(total * weight / whole / unit)) * unit for weight in weights[:-1]]
    return [*parts, total - sum(parts)]
