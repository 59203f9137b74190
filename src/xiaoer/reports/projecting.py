"""The questions behind published figures of projects, their plans, land and investment.

Which records each figure counts, so that they can be kept in order. "On a list" is a place on a
`ProjectList` of the year of the last day, on that day; stages are granted `StagePassage` rows by the
day of the fact; the total is ``total_fen`` (``contract_fen`` where no total is known); a project
given up or moved away by the day does not count. Months are current rows: fixed-asset investment
those of the bureau from the month of entry (`StatEntry`) on, the other series those of the project
office. What is unknown makes a figure a lower bound ("at least"), which agrees with no exact print.

======================================  ============================================================
figure                                  records
======================================  ============================================================
key_project_count level=zone            on list ``key``; category=industry: of them ``is_industry``
… category=top_priority                 on list ``top_priority``
… level=provincial                      on list ``provincial_key``
… level=municipal, category=industry    on list ``municipal_key_industry``
… level=municipal                       on lists ``municipal_key``, ``municipal_key_industry``, each
                                        project once
… stage=advancing                       of them those that stood in signed, started, building or
                                        completed on the last day
upgrade_project_count                   on list ``upgrade_key``; level=provincial: on
                                        ``provincial_key_upgrade``
key_project_plan_completion,            bureau's fixed-asset investment from January to the last
upgrade_project_plan_completion         month ÷ plans of the year, of the projects on those lists;
                                        every project with a plan needs every month from its first
                                        (or from January, if it was entered before)
… basis=goal                            ``goal_percent`` of the lists, where all say the same
listed_project_count                    at any time of the period on the list: provincial_major,
                                        provincial_old_new_drivers, provincial_technical_upgrade
new_start_project_count                 first entered ``started`` in the period, total > amount_min
completed_project_count                 first entered ``producing`` in the period, by then also
                                        ``completed``; tier=climbing: of firms on the rung l1_climb
                                        in the month of the last day
climbing_project_count                  of firms on l1_climb in the month of the last day: first
                                        entered ``started`` in the year so far, not later than
                                        ``starts_by``
signed_project_count                    first entered ``signed`` in the period, total ≥ amount_min
                                        where one is stated; category=industry: ``is_industry``
signed_investment_total                 sum of their totals
lead_project_count                      first entered ``reserve`` in the period
capital_in_place                        sum of ``in_place`` of the project office in the period's
                                        months, over all projects of the zone
physical_work_completed                 the same of ``physical``
real_estate_project_count               kind ``real_estate``, stood in started or building on the
                                        day; area=…: ``place`` holds that name
land_solved_enterprise_count            firms (of the need, else of its project) with a need of kind
                                        ``land`` that became ready in the period
land_solved_area                        sum of ``amount`` (亩) of those needs
workshop_build_duration                 the shortest time from ``started`` to ``completed`` of
                                        projects first completed in the period, in years
livelihood_item_count                   items of the year on schedule on the last day; completed:
                                        also completed by it
livelihood_category_count               categories of the year that have items
rural_sewage_village_count              villages under way on the day, items of subject rural_sewage
beautiful_village_count                 the same of beautiful_village, level municipal
school_conversion_count                 schools of subject school_conversion, was 小学, becomes
                                        幼儿园, that keep their days on the day
village_clinic_count                    clinics of subject village_clinic completed by the day
nursery_place_count, …_completion       reached by the day, and its share of the year's task, of
                                        items of subject nursery_place
======================================  ============================================================
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xiaoer.base.bounds import at_least
from xiaoer.base.subjects import page_of
from xiaoer.base.units import YI_YUAN, amount_in, show_money
from xiaoer.growth.models import Ladder
from xiaoer.growth.queries import counting as growing
from xiaoer.projects.models import Project, Series, Stage
from xiaoer.projects.queries import Completion, counting, year_money
from xiaoer.reports.counted import MOST_SHOWN, Answer, Ask, Question, Record, counted
from xiaoer.reports.growing import GROWING
from xiaoer.reports.published import Published

KEY = ("key",)
KEY_LISTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("zone", ""): KEY,
    ("zone", "industry"): KEY,
    ("zone", "top_priority"): ("top_priority",),
    ("provincial", ""): ("provincial_key",),
    ("municipal", "industry"): ("municipal_key_industry",),
    ("municipal", ""): ("municipal_key", "municipal_key_industry"),
    ("provincial|municipal", ""): ("provincial_key", "municipal_key", "municipal_key_industry"),
}
UPGRADE_LISTS: Mapping[str, tuple[str, ...]] = {"provincial": ("provincial_key_upgrade",)}
# Lists as the print names them, each the code of ours.
LISTED: Mapping[str, tuple[str, ...]] = {
    "provincial_major_project_2023": ("provincial_major",),
    "provincial_old_new_drivers_preferred_2023": ("provincial_old_new_drivers",),
    "provincial_technical_upgrade_guidance_2023": ("provincial_technical_upgrade",),
}
ADVANCING = (Stage.SIGNED, Stage.STARTED, Stage.BUILDING, Stage.COMPLETED)
BEING_BUILT = (Stage.STARTED, Stage.BUILDING)
LEAST_FEN = {"100m": 10**10, "1000m": 10**11}
CLIMB = ("l1_climb",)
DAYS_OF_A_YEAR = Decimal("365.25")


def _since(figure: Published, day: date) -> date:
    return figure.period_start or date(day.year, 1, 1)


def _total(project: Project) -> int | None:
    return project.total_fen if project.total_fen is not None else project.contract_fen


def _line(project: Project, detail: str) -> Record:
    return Record(project.name, detail, page_of("project", project.pk) or "")


def _money(fen: int | None) -> str:
    return show_money(fen, "zh")


def _lines(projects: Iterable[Project]) -> list[Record]:
    return [
        _line(one, f"{one.party.name if one.party else one.owner_name} · {_money(_total(one))}")
        for one in projects
    ]


def _counted_projects(rows: QuerySet[Project], day: date, basis: str | Promise) -> Answer:
    return counted(_lines(rows.order_by("name")[:MOST_SHOWN]), rows.count(), day, str(basis))


def _of_known(known: Sequence[Record], unknown: int, day: date, basis: str | Promise) -> Answer:
    """A count; where some projects' sums are not known it is the least it can be."""
    count = Decimal(len(known))
    return Answer(
        value=count,
        as_of=day,
        basis=str(basis),
        records=tuple(known[:MOST_SHOWN]),
        count=len(known),
        bound=at_least(count) if unknown else None,
    )


# Lists ---------------------------------------------------------------------------------------------


def _key_projects(
    zone_id: int, figure: Published, day: date
) -> tuple[tuple[str, ...], QuerySet[Project]]:
    level, category = figure.dimension("level") or "", figure.dimension("category") or ""
    codes = KEY_LISTS.get((level, category), ())
    stages = ADVANCING if figure.dimension("stage") == "advancing" else ()
    rows = counting.on_lists(zone_id=zone_id, codes=codes, day=day, stages=stages)
    if category == "industry":
        rows = rows.filter(is_industry=True)
    return codes, rows


def _upgrade_projects(
    zone_id: int, figure: Published, day: date
) -> tuple[tuple[str, ...], QuerySet[Project]]:
    codes = UPGRADE_LISTS.get(figure.dimension("level") or "", ("upgrade_key",))
    return codes, counting.on_lists(zone_id=zone_id, codes=codes, day=day)


Choose = Callable[[int, Published, date], tuple[tuple[str, ...], QuerySet[Project]]]


def _number_of(choose: Choose) -> Ask:
    """How many stand on the lists; unknown where the zone has no such list of the year."""

    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        codes, rows = choose(zone_id, figure, day)
        basis = lazy("Projects on the list of the year that day.")
        return _if_listed(zone_id, codes, rows, day, basis)

    return ask


def _listed(zone_id: int, figure: Published, day: date) -> Answer:
    codes = LISTED.get(figure.dimension("list") or "")
    if codes is None:
        # A list of firms and their projects that the registers of titles keep.
        return GROWING["listed_project_count"].ask(zone_id, figure, day)
    rows = counting.on_lists(zone_id=zone_id, codes=codes, day=day, since=_since(figure, day))
    return _if_listed(zone_id, codes, rows, day, lazy("Projects on the list in the period."))


def _if_listed(
    zone_id: int, codes: tuple[str, ...], rows: QuerySet[Project], day: date, basis: Promise
) -> Answer:
    if not counting.lists_of(zone_id=zone_id, codes=codes, year=day.year).exists():
        return Answer(value=None, as_of=day, basis=_("There is no such list of the year yet."))
    return _counted_projects(rows, day, basis)


# Plans ---------------------------------------------------------------------------------------------


def _completion_of(choose: Choose) -> Ask:
    """Completion of the year's plans of the projects on a list, by the bureau's months."""

    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        if figure.dimension("basis") == "goal":
            return _goal(zone_id, figure, day)
        _codes, rows = choose(zone_id, figure, day)
        projects = list(rows.order_by("name"))
        money = year_money(zone_id=zone_id, year=day.year, until_month=day.month, projects=projects)
        found = money.of(one.pk for one in projects)
        lines = [
            _line(
                one, f"{_money(money.shares[one.pk].done)} / {_money(money.shares[one.pk].planned)}"
            )
            for one in projects[:MOST_SHOWN]
        ]
        return _share(found, lines, day)

    return ask


def _share(found: Completion, lines: Sequence[Record], day: date) -> Answer:
    value = None if found.percent is None else _decimal(found.percent)
    basis = _(
        "The bureau's fixed-asset investment of the year, of its plans: %(done)s of %(planned)s."
    ) % {"done": _money(found.done), "planned": _money(found.planned)}
    if found.missing or found.patchy:
        basis += " " + _(
            "Not known: %(missing)s projects without figures, %(patchy)s with gaps."
        ) % {
            "missing": len(found.missing),
            "patchy": len(found.patchy),
        }
    return Answer(
        value=value,
        as_of=day,
        basis=basis,
        records=tuple(lines),
        count=found.projects,
        bound=at_least(value) if value is not None and not found.is_whole else None,
    )


def _goal(zone_id: int, figure: Published, day: date) -> Answer:
    """The goal the lists state; none where they differ or do not say."""
    codes = KEY_LISTS.get((figure.dimension("level") or "", ""), ())
    rows = list(counting.lists_of(zone_id=zone_id, codes=codes, year=day.year))
    goals = {row.goal_percent for row in rows}
    goal = goals.pop() if len(goals) == 1 else None
    return Answer(
        value=None if goal is None else Decimal(goal),
        as_of=day,
        basis=_("The goal of completion the lists of the year state."),
        records=tuple(
            Record(row.name, f"{row.goal_percent or '–'} % · {row.document}") for row in rows
        ),
        count=len(rows),
    )


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


# Stages --------------------------------------------------------------------------------------------


def _entered(stage: str, basis: Promise) -> Ask:
    """Projects that entered a stage in the period, by the size and kind the print names."""

    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        found, unknown = _passed(zone_id, figure, day, stage)
        lines = [_line(one, f"{on} · {_money(_total(one))}") for one, on in found]
        return _of_known(lines, unknown, day, basis)

    return ask


def _passed(
    zone_id: int, figure: Published, day: date, stage: str
) -> tuple[list[tuple[Project, date]], int]:
    rows = counting.entered_between(
        zone_id=zone_id, stage=stage, since=_since(figure, day), until=day
    )
    if figure.dimension("category") == "industry":
        rows = rows.filter(project__is_industry=True)
    least = LEAST_FEN.get(figure.dimension("amount_min") or "")
    above = figure.dimension("bound_amount") == "gt"
    found: list[tuple[Project, date]] = []
    unknown = 0
    for row in rows:
        total = _total(row.project)
        if least is not None and total is None:
            unknown += 1
        elif least is None or total is None or total > least or (total == least and not above):
            found.append((row.project, row.fact_on))
    return found, unknown


def _signed_total(zone_id: int, figure: Published, day: date) -> Answer:
    found, _unknown = _passed(zone_id, figure, day, Stage.SIGNED)
    totals = [_total(one) for one, _on in found]
    value = amount_in(sum(total or 0 for total in totals), YI_YUAN)
    return Answer(
        value=value,
        as_of=day,
        basis=_("Planned totals of the projects signed in the period."),
        records=tuple(
            _line(one, f"{on} · {_money(_total(one))}") for one, on in found[:MOST_SHOWN]
        ),
        count=len(found),
        bound=at_least(value) if None in totals else None,
    )


def _climbers(zone_id: int, day: date) -> set[int]:
    """Firms on the climbing rung in the month of a day."""
    rows = growing.standing_on(zone_id=zone_id, ladder=Ladder.BUSINESS, rungs=CLIMB, day=day)
    return set(rows.values_list("party_id", flat=True))


def _completed(zone_id: int, figure: Published, day: date) -> Answer:
    found, _unknown = _passed(zone_id, figure, day, Stage.PRODUCING)
    done = set(
        counting.projects_on(zone_id=zone_id, day=day)
        .filter(passages__stage=Stage.COMPLETED, passages__state=counting.GRANTED)
        .filter(passages__fact_on__lte=day, pk__in=[one.pk for one, _on in found])
        .values_list("pk", flat=True)
    )
    if figure.dimension("tier") == "climbing":
        climbers = _climbers(zone_id, day)
        found = [(one, on) for one, on in found if one.party_id in climbers]
    lines = [_line(one, str(on)) for one, on in found if one.pk in done]
    return _of_known(
        lines, 0, day, lazy("Projects completed that went into production in the period.")
    )


def _climbing(zone_id: int, figure: Published, day: date) -> Answer:
    climbers = _climbers(zone_id, day)
    rows = counting.entered_between(
        zone_id=zone_id, stage=Stage.STARTED, since=date(day.year, 1, 1), until=day
    )
    of_them = [row for row in rows if row.project.party_id in climbers]
    in_time = [
        row for row in of_them if row.project.starts_by and row.fact_on <= row.project.starts_by
    ]
    unknown = sum(row.project.starts_by is None for row in of_them)
    return _of_known(
        [_line(row.project, f"{row.fact_on} ≤ {row.project.starts_by}") for row in in_time],
        unknown,
        day,
        lazy("Projects of climbing enterprises started by the day they were to start."),
    )


def _real_estate(zone_id: int, figure: Published, day: date) -> Answer:
    rows = counting.projects_on(zone_id=zone_id, day=day, stages=BEING_BUILT).filter(
        kind=Project.Kind.REAL_ESTATE
    )
    if area := figure.dimension("area"):
        rows = rows.filter(place__contains=area)
    return _counted_projects(rows, day, lazy("Real-estate projects being built that day."))


def _build_time(zone_id: int, figure: Published, day: date) -> Answer:
    """The shortest time from start to completion among those completed in the period."""
    rows = counting.entered_between(
        zone_id=zone_id, stage=Stage.COMPLETED, since=_since(figure, day), until=day
    )
    done = {row.project_id: row for row in rows}
    started = counting.started_of(list(done))
    times = sorted(
        (
            ((done[one].fact_on - began).days, done[one].project, began)
            for one, began in started.items()
        ),
        key=lambda time: time[0],
    )
    value = Decimal(times[0][0]) / DAYS_OF_A_YEAR if times else None
    return Answer(
        value=value,
        as_of=day,
        basis=_("The shortest time from start to completion of those completed in the period."),
        records=tuple(
            _line(one, _("%(days)s days since %(began)s") % {"days": days, "began": began})
            for days, one, began in times[:MOST_SHOWN]
        ),
        count=len(times),
    )


# Money and land ------------------------------------------------------------------------------------


def _reached(series: str, basis: Promise) -> Ask:
    """What the project office reported of a series in the period's months."""

    def ask(zone_id: int, figure: Published, day: date) -> Answer:
        rows = counting.reached_between(
            zone_id=zone_id, series=series, since=_since(figure, day), until=day
        )
        sums = [row.reached for row in rows]  # type: ignore[attr-defined]  # set by the question
        return Answer(
            value=amount_in(sum(sums), YI_YUAN) if rows else None,
            as_of=day,
            basis=str(basis),
            records=tuple(
                _line(row, _money(fen)) for row, fen in zip(rows[:MOST_SHOWN], sums, strict=False)
            ),
            count=len(rows),
        )

    return ask


def _land_firms(zone_id: int, figure: Published, day: date) -> Answer:
    rows = counting.land_solved(zone_id=zone_id, since=_since(figure, day), until=day)
    firms: dict[int, Record] = {}
    for row in rows:
        party = row.party or (row.project.party if row.project else None)
        if party is not None:
            firms[party.pk] = Record(
                party.name, f"{row.what} · {row.ready_on}", page_of("party", party.pk) or ""
            )
    return _of_known(list(firms.values()), 0, day, lazy("Enterprises whose need of land was met."))


def _land_area(zone_id: int, figure: Published, day: date) -> Answer:
    rows = list(counting.land_solved(zone_id=zone_id, since=_since(figure, day), until=day))
    came = [row.amount if row.ready_amount is None else row.ready_amount for row in rows]
    value = sum((mu for mu in came if mu is not None), Decimal())
    return Answer(
        value=value if rows else None,
        as_of=day,
        basis=_("Land of the needs met in the period, in mu."),
        records=tuple(
            Record(row.what, f"{mu} 亩 · {row.ready_on}")
            for row, mu in zip(rows[:MOST_SHOWN], came, strict=False)
        ),
        count=len(rows),
        bound=at_least(value) if None in came else None,
    )


PROJECTING: Mapping[str, Question] = {
    "key_project_count": Question(
        lazy("How many projects stand on the list?"), _number_of(_key_projects)
    ),
    "upgrade_project_count": Question(
        lazy("How many projects of technical upgrade stand on the list?"),
        _number_of(_upgrade_projects),
    ),
    "listed_project_count": Question(lazy("How many projects came onto the list?"), _listed),
    "key_project_plan_completion": Question(
        lazy("How much of the year's plan did projects reach?"), _completion_of(_key_projects)
    ),
    "upgrade_project_plan_completion": Question(
        lazy("How much of the year's plan did upgrades reach?"),
        _completion_of(_upgrade_projects),
    ),
    "new_start_project_count": Question(
        lazy("How many projects started?"),
        _entered(Stage.STARTED, lazy("Projects of that size that started in the period.")),
    ),
    "signed_project_count": Question(
        lazy("How many projects were signed?"),
        _entered(Stage.SIGNED, lazy("Projects signed in the period.")),
    ),
    "signed_investment_total": Question(lazy("How large are the projects signed?"), _signed_total),
    "lead_project_count": Question(
        lazy("How many projects came into the reserve?"),
        _entered(Stage.RESERVE, lazy("Projects that came into the reserve in the period.")),
    ),
    "completed_project_count": Question(
        lazy("How many projects were completed and went into production?"), _completed
    ),
    "climbing_project_count": Question(
        lazy("How many projects of climbing enterprises started in time?"), _climbing
    ),
    "real_estate_project_count": Question(
        lazy("How many real-estate projects are being built?"), _real_estate
    ),
    "workshop_build_duration": Question(
        lazy("How fast was the fastest workshop built?"), _build_time
    ),
    "capital_in_place": Question(
        lazy("How much money came into place?"),
        _reached(
            Series.IN_PLACE, lazy("Money in place by the project office's months of the period.")
        ),
    ),
    "physical_work_completed": Question(
        lazy("How much work was done?"),
        _reached(
            Series.PHYSICAL, lazy("Physical work by the project office's months of the period.")
        ),
    ),
    "land_solved_enterprise_count": Question(
        lazy("How many enterprises were helped to land?"), _land_firms
    ),
    "land_solved_area": Question(lazy("How much land was that?"), _land_area),
}
