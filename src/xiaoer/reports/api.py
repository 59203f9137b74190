"""API of reports: published figures beside ours."""

from datetime import date
from decimal import Decimal

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from xiaoer.base.api.shapes import Day
from xiaoer.base.api_door import PROBLEMS, READ, api
from xiaoer.base.scope import Actor
from xiaoer.reports import queries as reports
from xiaoer.reports.published import published_figure

router = Router(tags=["figures"])


class PublishedOut(Schema):
    """A published figure and ours; ``value`` is null where nothing answers it yet."""

    id: str
    zone: str
    label_zh: str
    label_en: str
    published: str
    unit: str
    period: str
    value: Decimal | None
    as_of: date | None
    provenance: str
    matches: bool | None
    waits_for: str | None
    doubt: str


class RecordOut(Schema):
    label: str
    detail: str
    address: str


class PublishedWithRecords(PublishedOut):
    basis: str
    count: int
    records: list[RecordOut]


def _out(row: reports.FigureRow) -> dict[str, object]:
    figure, answer = row.figure, row.answer
    return {
        "id": figure.id,
        "zone": figure.zone,
        "label_zh": figure.label_zh,
        "label_en": figure.label_en,
        "published": figure.printed,
        "unit": figure.unit,
        "period": figure.period_label,
        "value": answer.value if answer else None,
        "as_of": answer.as_of if answer else None,
        "provenance": row.status.value,
        "matches": row.matches,
        "waits_for": figure.waits_for or None,
        "doubt": figure.doubt_en,
    }


@router.get("/figures", response={200: list[PublishedOut], **PROBLEMS})
@api(READ)
def list_figures(request: HttpRequest, by: Actor, as_of: Day | None = None) -> object:
    """All 286 published figures beside ours, as of a day or of each figure's own period."""
    return [_out(row) for row in reports.figure_rows(by=by, as_of=as_of)]


@router.get("/figures/{figure_id}", response={200: PublishedWithRecords, **PROBLEMS})
@api(READ)
def get_figure(request: HttpRequest, by: Actor, figure_id: str, as_of: Day | None = None) -> object:
    """One figure with how it is counted and the first records behind it."""
    figure = published_figure(figure_id)
    if figure is None:
        raise Http404
    row = reports.figure_row(by=by, figure=figure, as_of=as_of)
    answer = row.answer
    return _out(row) | {
        "basis": answer.basis if answer else "",
        "count": answer.count if answer else 0,
        "records": [
            {"label": r.label, "detail": r.detail, "address": r.address}
            for r in (answer.records if answer else ())
        ],
    }
