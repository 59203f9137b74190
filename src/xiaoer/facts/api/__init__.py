"""API of facts: indicators and their meaning, figures as known on a day, sheets brought in."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Form, Query, Router, UploadedFile

from xiaoer.base.api.shapes import Day
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import Role
from xiaoer.base.reading import Unreadable
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.facts import actions as facts
from xiaoer.facts import queries
from xiaoer.facts.access import must_read_figures
from xiaoer.facts.api.shapes import (
    AnswersIn,
    AskedIn,
    CityRowOut,
    Code,
    ConfirmFiguresIn,
    FactIn,
    FactOut,
    FactTakenBackIn,
    FactWordOut,
    FigureOut,
    FirmsIn,
    ImportOut,
    ImportWithRows,
    IndicatorOut,
    LeaveIn,
    MatchIn,
    MetricIn,
    MetricOut,
    PeriodIn,
    Short,
    StandingOut,
    ValueIn,
    fact_out,
    figure_out,
    import_out,
    indicator_out,
    value_out,
)
from xiaoer.facts.models import Aspect, Attribute, Column, FactImport
from xiaoer.facts.periods import Period, end_of, parse_period
from xiaoer.facts.queries import Asked
from xiaoer.registry.models import Party

router = Router(tags=["facts"])


# Indicators --------------------------------------------------------------------------------------


@router.get("/metrics", response={200: list[MetricOut], **PROBLEMS})
@api(READ)
def list_metrics(request: HttpRequest, by: Actor) -> object:
    """Every indicator with its meaning, unit and how it adds up."""
    return list(queries.metrics())


@router.post("/metrics", response={200: MetricOut, **PROBLEMS})
@api(WRITE)
def define_metric(request: HttpRequest, by: Actor, said: MetricIn) -> object:
    """Define an indicator that sheets may then name."""
    return facts.define_metric(by=by, now=timezone.now(), **said.dict())


@router.get("/indicators", response={200: list[IndicatorOut], **PROBLEMS})
@api(READ)
def list_indicators(request: HttpRequest, by: Actor, asked: Query[AskedIn]) -> object:
    """Indicators of the zone, latest period first: three columns, growth, rank, target."""
    must_read_figures(by)
    rows = queries.indicators(by=by, asked=asked.chosen(), offset=asked.after, limit=asked.size)
    return [indicator_out(row) for row in rows]


@router.get("/indicators/records", response={200: list[FigureOut], **PROBLEMS})
@api(READ)
def list_records(request: HttpRequest, by: Actor, which: Query[PeriodIn]) -> object:
    """Every version of a figure, in all columns and aspects, with source and day known."""
    must_read_figures(by)
    rows = queries.versions(
        zone_id=by.zone_id or 0,
        metric_id=which.of().pk,
        period=which.period(),
        dimension=which.part,
    )
    return [value_out(row) for row in rows]


@router.get("/indicators/series", response={200: list[FigureOut], **PROBLEMS})
@api(READ)
def list_series(
    request: HttpRequest, by: Actor, metric: Code, aspect: Aspect = Aspect.VALUE,
    as_of: Day | None = None,
) -> object:  # fmt: skip
    """One indicator over time, in all columns."""
    must_read_figures(by)
    row = found(queries.metric_by_code(metric))
    figures = queries.series(zone_id=by.zone_id or 0, metric_id=row.pk, aspect=aspect, as_of=as_of)
    return [figure_out(figure) for figure in figures]


@router.get("/indicators/standing", response={200: StandingOut, **PROBLEMS})
@api(READ)
def read_standing(
    request: HttpRequest, by: Actor, which: Query[PeriodIn], aspect: Aspect = Aspect.VALUE
) -> object:
    """Rank among zones (city roles) or among imported peers, and what the next place takes."""
    must_read_figures(by)
    metric, period = which.of(), which.period()
    standing = found(
        queries.standings(
            by=by, metrics=[metric], periods=[period], aspect=aspect, as_of=which.as_of
        ).get((metric.pk, period))
    )
    return {
        "place": standing.place,
        "competitors": [
            {"name": one.name, "number": one.number, "is_mine": one.is_mine}
            for one in standing.competitors
        ],
        "ahead": standing.ahead.name if standing.ahead else None,
        "gap": standing.gap,
        "lead": standing.lead,
    }


@router.get("/indicators/zones", response={200: list[CityRowOut], **PROBLEMS})
@api(READ)
def list_zones_side_by_side(
    request: HttpRequest, by: Actor, year: int, as_of: Day | None = None
) -> object:
    """For city roles: every zone's figure, by the code of the zone."""
    if by.role != Role.CITY or not 1900 <= year <= 2200:
        found(None)
    zones = [zone.code for zone in queries.zones_compared(by=by)]
    return [
        {
            "metric": row.metric.code,
            "starts_on": row.period.starts_on,
            "ends_on": row.period.ends_on,
            "figures": dict(zip(zones, map(figure_out, row.cells), strict=True)),
            "places": dict(zip(zones, row.places, strict=True)),
        }
        for row in queries.city_view(by=by, asked=Asked(as_of=as_of, year=year))
    ]


@router.get("/indicators/enterprises", response={200: list[FigureOut], **PROBLEMS})
@api(READ)
def list_enterprise_figures(
    request: HttpRequest, by: Actor, which: Query[PeriodIn], after: int = 0, size: int = 100
) -> object:
    """The enterprises' figures behind a sum; an enterprise sees its own."""
    rows = queries.firm_values(
        zone_id=by.zone_id or 0, metric_id=which.of().pk, period=which.period(), as_of=which.as_of
    )
    start = min(max(after, 0), 10_000_000)
    return [value_out(row) for row in rows[start : start + min(max(size, 1), 1000)]]


# Values ------------------------------------------------------------------------------------------


@router.get("/values/by-reference", response={200: FigureOut, **PROBLEMS})
@api(READ)
def read_value_by_reference(
    request: HttpRequest, by: Actor, reference: Short, as_of: Day | None = None
) -> object:
    """What a source states under its own number, in its last version known on a day."""
    must_read_figures(by)
    figure = queries.value_by_reference(
        zone_id=by.zone_id or 0, external_ref=reference, as_of=as_of
    )
    return figure_out(found(figure))


@router.post("/values", response={200: FigureOut, **PROBLEMS})
@api(WRITE)
def record_value(request: HttpRequest, by: Actor, said: ValueIn) -> object:
    """Write down one figure; a different one for the same thing is a correction, known later."""
    party = None
    if said.party_id is not None:
        party = found(Party.objects.filter(zone_id=by.zone_id, pk=said.party_id).first())
    value = facts.record_value(
        by=by,
        now=timezone.now(),
        metric=found(queries.metric_by_code(said.metric)),
        period=_period(said.period),
        number=said.number,
        unit=said.unit,
        sign=said.sign,
        aspect=said.aspect,
        column=said.column,
        party=party,
        dimension=said.part,
        source=said.source,
        external_ref=said.external_ref,
        known_on=said.known_on,
        note=said.note,
    )
    return value_out(value)


# Facts word by word -------------------------------------------------------------------------------


@router.get("/dictionary", response={200: list[FactWordOut], **PROBLEMS})
@api(READ)
def list_words(request: HttpRequest, by: Actor) -> object:
    """Every word of the dictionary kept here or in the register."""
    return list(queries.all_words().values())


@router.get("/enterprises/{party_id}/facts", response={200: list[FactOut], **PROBLEMS})
@api(READ)
def list_facts(
    request: HttpRequest, by: Actor, party_id: int, as_of: Day | None = None,
    known_on: Day | None = None,
) -> object:  # fmt: skip
    """Each word of one firm with its source, as of a day and as known on a day; missing ones too."""
    party = _firm(by, party_id)
    known = queries.provenance(
        zone_id=party.zone_id,
        party_id=party.pk,
        names=queries.all_words().keys(),
        as_of=as_of or timezone.localdate(),
        known_at=end_of(known_on) if known_on else timezone.now(),
    )
    return [fact_out(one) for one in known.values()]


@router.post("/enterprises/{party_id}/facts", response={200: FactOut, **PROBLEMS})
@api(WRITE)
def record_fact(request: HttpRequest, by: Actor, party_id: int, said: FactIn) -> object:
    """Write down one word of a firm as people say it; something else said later corrects it."""
    party = _firm(by, party_id)
    now = timezone.now()
    facts.record_fact(
        by=by,
        now=now,
        party=party,
        word=said.word,
        value=said.value,
        source_kind=said.source_kind,
        source=said.source or ("企业自报（接口）" if by.role == Role.ENTERPRISE else ""),
        period=_period(said.period) if said.period else None,
        valid_from=said.valid_from,
        valid_to=said.valid_to,
        known_on=said.known_on,
        note=said.note,
    )
    known = queries.provenance(
        zone_id=party.zone_id, party_id=party.pk, names=[said.word],
        as_of=timezone.localdate(now), known_at=now,
    )  # fmt: skip
    return fact_out(known[said.word])


@router.post("/facts/{attribute_id}/withdraw", response={200: FactOut, **PROBLEMS})
@api(WRITE)
def withdraw_fact(
    request: HttpRequest, by: Actor, attribute_id: int, said: FactTakenBackIn
) -> object:
    """Take back a fact that is no figure, entered by mistake; answers what counts now."""
    row = found(Attribute.objects.filter(zone_id=by.zone_id, pk=attribute_id).first())
    now = timezone.now()
    facts.withdraw_attribute(by=by, now=now, attribute=row, reason=said.reason)
    known = queries.provenance(
        zone_id=row.zone_id, party_id=row.party_id, names=[row.word],
        as_of=timezone.localdate(now), known_at=now,
    )  # fmt: skip
    return fact_out(known[row.word])


def _firm(by: Actor, party_id: int) -> Party:
    """An enterprise sees no firm but its own; row security says so too."""
    party = found(Party.objects.filter(zone_id=by.zone_id, pk=party_id).first())
    if by.role == Role.ENTERPRISE and by.party_ref != party.pk:
        found(None)
    return party


# Sheets ------------------------------------------------------------------------------------------


@router.get("/values/imports", response={200: list[ImportOut], **PROBLEMS})
@api(READ)
def list_imports(request: HttpRequest, by: Actor) -> object:
    """Sheets brought in, last first."""
    must_read_figures(by)
    return list(queries.imports(zone_id=by.zone_id or 0)[:200])


@router.post("/values/imports", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def preview_values(
    request: HttpRequest,
    by: Actor,
    sheet: File[UploadedFile],
    metric: Form[str] = "",
    column: Form[Column] = Column.REPORTED,
    period: Form[str] = "",
) -> object:
    """Read a sheet and say what would become of each row; nothing is written yet.

    Every sheet of a workbook becomes an import of its own, named under ``sheets`` of the first.
    """
    run = facts.preview_book(
        by=by,
        now=timezone.now(),
        stream=sheet,
        file_name=(sheet.name or "sheet").replace("\x00", ""),
        metric=queries.metric_by_code(metric.replace("\x00", "")[:60]),
        column=column,
        period=period.replace("\x00", "")[:30],
    )
    return import_out(run)


@router.get("/values/imports/{run_id}", response={200: ImportWithRows, **PROBLEMS})
@api(READ)
def read_import(request: HttpRequest, by: Actor, run_id: int) -> object:
    """What would become, or became, of the rows of a sheet."""
    must_read_figures(by)
    return import_out(_run(by, run_id))


@router.post("/values/imports/{run_id}/match", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def match_columns(request: HttpRequest, by: Actor, run_id: int, said: MatchIn) -> object:
    """Say which column is which field, and judge the rows again."""
    _run(by, run_id)
    return import_out(
        facts.match_columns(
            by=by, now=timezone.now(), run_id=run_id, chosen=said.columns, units=said.units
        )
    )


@router.post("/values/imports/{run_id}/answer", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def answer_import(request: HttpRequest, by: Actor, run_id: int, said: AnswersIn) -> object:
    """Answer what the sheet leaves open (``questions``), and judge the rows again."""
    _run(by, run_id)
    return import_out(
        facts.answer_import(
            by=by, now=timezone.now(), run_id=run_id, answers=said.answers, period=said.period
        )
    )


@router.post("/values/imports/{run_id}/firms", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def choose_firms(request: HttpRequest, by: Actor, run_id: int, said: FirmsIn) -> object:
    """Say which enterprise each doubtful name means; remembered for the zone."""
    _run(by, run_id)
    return import_out(
        facts.choose_firms(by=by, now=timezone.now(), run_id=run_id, chosen=said.firms)
    )


@router.post("/values/imports/{run_id}/confirm", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def confirm_figures(request: HttpRequest, by: Actor, run_id: int, said: ConfirmFiguresIn) -> object:
    """Say why the figures with one kind of warning are right."""
    _run(by, run_id)
    return import_out(
        facts.confirm_figures(
            by=by, now=timezone.now(), run_id=run_id, warning=said.warning, reason=said.reason
        )
    )


@router.post("/values/imports/{run_id}/leave-out", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def leave_out_figure(request: HttpRequest, by: Actor, run_id: int, said: LeaveIn) -> object:
    """Leave one figure out, to be corrected in the sheet."""
    _run(by, run_id)
    return import_out(
        facts.leave_out_figure(
            by=by,
            now=timezone.now(),
            run_id=run_id,
            row_no=said.row_no,
            place=said.place,
            reason=said.reason,
        )
    )


@router.post("/values/imports/{run_id}/commit", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def commit_import(request: HttpRequest, by: Actor, run_id: int) -> object:
    """Write the good rows."""
    _run(by, run_id)
    return import_out(facts.commit_import(by=by, now=timezone.now(), run_id=run_id))


@router.post("/values/imports/{run_id}/resume", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def resume_import(request: HttpRequest, by: Actor, run_id: int) -> object:
    """Begin anew what a killed worker left; refused while somebody is at it."""
    _run(by, run_id)
    return import_out(facts.resume_import(by=by, now=timezone.now(), run_id=run_id))


@router.post("/values/imports/{run_id}/undo", response={200: ImportWithRows, **PROBLEMS})
@api(WRITE)
def undo_import(request: HttpRequest, by: Actor, run_id: int) -> object:
    """Take back what nobody touched since; the rest stays with its reasons."""
    _run(by, run_id)
    return import_out(facts.undo_import(by=by, now=timezone.now(), run_id=run_id))


def _run(by: Actor, run_id: int) -> FactImport:
    return found(queries.import_by_id(zone_id=by.zone_id or 0, run_id=run_id))


def _period(typed: str) -> Period:
    try:
        period = parse_period(typed)
    except Unreadable as no:
        raise Refused(str(no), field="period") from no
    return found(period)
