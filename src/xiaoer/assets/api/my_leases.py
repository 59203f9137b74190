"""API of what our firm rents."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from xiaoer.assets.api.carriers import today
from xiaoer.assets.models import Lease
from xiaoer.assets.queries import my_leases as queries
from xiaoer.assets.queries.my_leases import MyLease
from xiaoer.base.api_door import PROBLEMS, READ, api
from xiaoer.base.doors import found
from xiaoer.base.models import Role
from xiaoer.base.scope import Actor

router = Router(tags=["assets"])


class LeasedUnitOut(Schema):
    id: int
    building: str
    code: str
    floor: int
    area_m2: Decimal


class MyLeaseOut(Schema):
    """A lease of our firm; ``ask_on``: from when on it is asked whether it goes on."""

    id: int
    number: str
    state: Lease.State
    since: date
    until: date
    days_left: int
    ask_on: date
    rent_fen: int
    deposit_fen: int
    deposit_paid_on: date | None
    deposit_back_on: date | None
    may_sublet: bool
    run_by: list[str]
    units: list[LeasedUnitOut]


def _told(mine: MyLease) -> dict[str, Any]:
    own = {"units", "run_by", "days_left", "ask_on"}
    row = mine.lease
    return {name: getattr(row, name) for name in set(MyLeaseOut.model_fields) - own} | {
        "days_left": mine.row.days_left,
        "ask_on": mine.ask_on,
        "run_by": list(mine.run_by),
        "units": [
            {
                "id": unit.pk, "building": unit.building.name, "code": unit.code,
                "floor": unit.floor, "area_m2": unit.area_m2,
            }
            for unit in mine.units
        ],
    }  # fmt: skip


@router.get("/my-leases", response={200: list[MyLeaseOut], **PROBLEMS})
@api(READ)
def list_my_leases(request: HttpRequest, by: Actor) -> Any:
    """What our firm rents, leases in force first."""
    found(by.role == Role.ENTERPRISE or None)
    return [_told(one) for one in queries.own_leases(by, today())]


@router.get("/my-leases/{lease_id}", response={200: MyLeaseOut, **PROBLEMS})
@api(READ)
def read_my_lease(request: HttpRequest, by: Actor, lease_id: int) -> Any:
    found(by.role == Role.ENTERPRISE or None)
    return _told(found(queries.own_lease(by, lease_id, today())))
