"""API of what hangs on carriers: pictures, plans and papers, the signed lease; sheets brought in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import File, Form, Query, Router, Schema, UploadedFile

from xiaoer.assets import actions as assets
from xiaoer.assets import queries
from xiaoer.assets.access import carriers as access
from xiaoer.assets.actions import UnitImport
from xiaoer.assets.api.carriers import LeaseOut, building_here, lease_here, lease_told, unit_here
from xiaoer.assets.models import Building, CarrierFile, Parcel, Unit
from xiaoer.base import files
from xiaoer.base.api.papers import BYTES
from xiaoer.base.api.shapes import Number, Phrase, PortionIn
from xiaoer.base.api_door import PROBLEMS, READ, WRITE, api
from xiaoer.base.doors import found
from xiaoer.base.models import StoredFile
from xiaoer.base.scope import Actor

router = Router(tags=["assets"])


class Carrier(StrEnum):
    """What a file hangs on."""

    PARCELS = "parcels"
    BUILDINGS = "buildings"
    UNITS = "units"


class CarrierFileOut(Schema):
    id: int
    kind: CarrierFile.Kind
    name: str
    media_type: str


class SheetRowOut(Schema):
    """What becomes of a row: created, changed, unchanged or rejected; of its tenant: let, same or left."""

    row_no: int
    what: str
    outcome: str
    words: str
    advice: str
    tenant: str
    tenant_words: str
    tenant_advice: str


class SheetStaysOut(Schema):
    what: str
    why: str


class BroughtSheetOut(Schema):
    """A sheet that was brought in; taken back, ``stays`` names what somebody had built upon."""

    id: int
    name: str
    at: datetime
    created: int
    changed: int
    leases: int
    rejected: int
    taken_back_at: datetime | None
    stays: list[SheetStaysOut]


class CarrierSheetOut(Schema):
    file: int
    new_buildings: list[str]
    rows: list[SheetRowOut]


def _shown(row: CarrierFile) -> dict[str, Any]:
    return {"id": row.pk, "kind": row.kind, "name": row.name, "media_type": row.file.media_type}


def _here(by: Actor, what: Carrier, number: int) -> Parcel | Building | Unit:
    if what is Carrier.UNITS:
        return unit_here(by, number)
    if what is Carrier.BUILDINGS:
        return building_here(by, number)
    access.must_read_carriers(by)
    return found(queries.parcel_by_id(zone_id=by.zone_id, parcel_id=number))


def _file(by: Actor, number: int) -> CarrierFile:
    access.must_read_carriers(by)
    return found(queries.carrier_file(zone_id=by.zone_id, number=number))


@router.get("/carriers/{what}/{number}/files", response={200: list[CarrierFileOut], **PROBLEMS})
@api(READ)
def list_carrier_files(request: HttpRequest, by: Actor, what: Carrier, number: Number) -> Any:
    """Pictures, plans and papers of a parcel, a building or a unit, in their order."""
    of = _here(by, what, number)
    rows = queries.files_of(
        parcel=of if isinstance(of, Parcel) else None,
        building=of if isinstance(of, Building) else None,
        unit=of if isinstance(of, Unit) else None,
    )
    return [_shown(row) for row in rows]


@router.post("/carriers/{what}/{number}/files", response={201: CarrierFileOut, **PROBLEMS})
@api(WRITE)
def add_carrier_file(
    request: HttpRequest,
    by: Actor,
    what: Carrier,
    number: Number,
    file: File[UploadedFile],
    kind: Form[CarrierFile.Kind],
    name: Form[str] = "",
) -> Any:
    """Hang a picture, a plan or a paper on it: JPEG, PNG or PDF; what carries scripts is refused."""
    of = _here(by, what, number)
    made = assets.add_carrier_file(
        by=by, now=timezone.now(), of=of, upload=file, kind=kind, name=name
    )
    return 201, _shown(made)


@router.get("/carrier-files/{file_id}", response=PROBLEMS, openapi_extra=BYTES)
@api(READ)
def read_carrier_file(request: HttpRequest, by: Actor, file_id: Number) -> HttpResponseBase:
    """The picture, plan or paper itself."""
    row = _file(by, file_id)
    return files.shown_inside(row.file, row.name)


@router.post("/carrier-files/{file_id}/remove", response={200: CarrierFileOut, **PROBLEMS})
@api(WRITE)
def remove_carrier_file(request: HttpRequest, by: Actor, file_id: Number) -> Any:
    """Take a file off."""
    row = _file(by, file_id)
    assets.remove_carrier_file(by=by, now=timezone.now(), file=row)
    return _shown(row)


@router.post("/carriers/leases/{lease_id}/paper", response={200: LeaseOut, **PROBLEMS})
@api(WRITE)
def keep_lease_paper(
    request: HttpRequest, by: Actor, lease_id: Number, paper: File[UploadedFile]
) -> Any:
    """Put the signed lease beside its record."""
    assets.keep_lease_paper(by=by, now=timezone.now(), lease=lease_here(by, lease_id), upload=paper)
    return lease_told(by, lease_id)


# Sheets -------------------------------------------------------------------------------------------


def _told(taken: UnitImport) -> dict[str, Any]:
    return {
        "file": taken.file.pk,
        "new_buildings": list(taken.new_buildings),
        "rows": [
            {
                "row_no": fate.row.row_no, "what": fate.row.what, "outcome": fate.outcome,
                "words": fate.words, "advice": fate.advice,
                "tenant": fate.tenant.outcome if fate.tenant else "",
                "tenant_words": fate.tenant.words if fate.tenant else "",
                "tenant_advice": fate.tenant.advice if fate.tenant else "",
            }
            for fate in taken.fates
        ],
    }  # fmt: skip


@router.post("/carrier-sheets", response={201: CarrierSheetOut, **PROBLEMS})
@api(WRITE)
def look_at_units(request: HttpRequest, by: Actor, sheet: File[UploadedFile]) -> Any:
    """Keep a sheet of units and tenants and say what would become of each row."""
    return 201, _told(assets.look_at_units(by=by, now=timezone.now(), upload=sheet))


@router.post("/carrier-sheets/{file_id}/take", response={200: CarrierSheetOut, **PROBLEMS})
@api(WRITE)
def import_units(request: HttpRequest, by: Actor, file_id: Number, name: Phrase = "") -> Any:
    """Take over the good rows of a sheet that was looked at; ``name``: what the sheet is called."""
    access.must_keep_carriers(by)
    file = found(StoredFile.objects.filter(zone_id=by.zone_id, pk=file_id).first())
    return _told(assets.import_units(by=by, now=timezone.now(), file=file, name=name))


@router.get("/carrier-sheets", response={200: list[BroughtSheetOut], **PROBLEMS})
@api(READ)
def list_unit_sheets(request: HttpRequest, by: Actor, portion: Query[PortionIn]) -> Any:
    """Sheets of units that were brought in, the latest first."""
    access.must_keep_carriers(by)
    return list(
        queries.unit_sheets(zone_id=by.zone_id)[portion.after : portion.after + portion.size]
    )


@router.post("/carrier-sheets/{sheet_id}/take-back", response={200: BroughtSheetOut, **PROBLEMS})
@api(WRITE)
def take_back_units(request: HttpRequest, by: Actor, sheet_id: Number) -> Any:
    """Take a sheet back as far as nobody built upon it; the number is that of the list of sheets."""
    access.must_keep_carriers(by)
    sheet = found(queries.unit_sheets(zone_id=by.zone_id).filter(pk=sheet_id).first())
    return assets.take_back_units(by=by, now=timezone.now(), sheet=sheet)
