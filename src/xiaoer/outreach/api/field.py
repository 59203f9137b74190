"""API of field work: phones that keep it, what they keep, and visits that arrive from them.

A phone says which one it is in ``X-Field-Device``. A phone that was wiped gets 410 for whatever it
asks, and deletes everything. Without a session it learns the same by its token.
"""

import hashlib
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, Router
from ninja.errors import HttpError

from xiaoer.base.access import is_administrator, must_be_staff
from xiaoer.base.api_door import PROBLEMS, READ, WITHOUT_TOKEN, WRITE, Problem, api, key_api
from xiaoer.base.doors import found
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor
from xiaoer.outreach import actions as outreach
from xiaoer.outreach import queries
from xiaoer.outreach.api import field_schemas as f
from xiaoer.outreach.api import schemas as s
from xiaoer.outreach.api.rows import filed_out, heard_of, must_have, raised_of, step_of
from xiaoer.outreach.models import FieldDevice, Programme, Visit
from xiaoer.registry.models import Party
from xiaoer.work.models import Question

router = Router(tags=["field work"])
by_device = key_api(queries.find_device, "token")
sees_device = key_api(queries.find_device, "token", READ)
# Which phone asks. No secret of an account: with it alone one learns only whether the phone must go.
Token = Annotated[str, Header(alias="X-Field-Device", max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
# Not in the body: the same visit sent again is the same call, word for word.
Clock = Annotated[f.Moment, Header(alias="X-Field-Clock")]
GONE: dict[int, Any] = {410: Problem}


def _device(by: Actor, token: str) -> FieldDevice:
    """The phone of the call; one that must go is told so, whatever it asked."""
    device = queries.device_of_token(by=by, token=token)
    if device is None:
        raise Refused(_("This phone keeps no field work of this zone; keep it first."))
    if queries.must_go(device):
        raise HttpError(410, _("This phone was wiped: everything it kept is to be deleted."))
    return device


@router.get("/field/devices", response={200: list[f.DeviceOut], **PROBLEMS})
@api(READ)
def list_devices(request: HttpRequest, by: Actor, everybody: bool = False) -> object:
    """Phones that keep one's field work; an administrator may ask for everybody's."""
    must_be_staff(by)
    return list(queries.devices(by=by, everybody=everybody and is_administrator(by)))


@router.post("/field/devices", response={200: f.ReleasedOut, **PROBLEMS})
@api(WRITE)
def keep_device(request: HttpRequest, by: Actor, what: f.DeviceIn) -> object:
    """Let this phone keep one's field work."""
    _must_sit_there(request)
    return _released(by, outreach.keep_device(by=by, now=timezone.now(), name=what.name))


def _must_sit_there(request: HttpRequest) -> None:
    if request.headers.get("Authorization"):
        raise Refused(_("A phone is kept by whoever signs in on it, not by a token."))


def _released(by: Actor, released: outreach.Released) -> dict[str, Any]:
    device = released.device
    return {
        "id": device.pk,
        "name": device.name,
        "post_id": device.post_id,
        "account_id": device.account_ref,
        "officer": by.name,
        "secret": released.secret,
        "token": released.token,
        "days": released.days,
        "allowed_until": device.allowed_until,
        "now": timezone.now(),
    }


@router.post("/field/devices/open", response={200: f.ReleasedOut, **PROBLEMS, **GONE})
@api(WRITE)
def open_device(request: HttpRequest, by: Actor, token: Token) -> object:
    """After a sign-in: what the phone's key is made from, and its days anew."""
    _must_sit_there(request)
    device = _device(by, token)
    return _released(by, outreach.open_device(by=by, now=timezone.now(), device=device))


@router.post("/field/devices/{device_id}/name", response={200: f.DeviceOut, **PROBLEMS})
@api(WRITE)
def rename_device(request: HttpRequest, by: Actor, device_id: s.Id, what: f.DeviceIn) -> object:
    """Call a phone of one's own something else."""
    device = found(queries.device(by=by, device_id=device_id))
    return outreach.rename_device(by=by, now=timezone.now(), device=device, name=what.name)


@router.post("/field/devices/{device_id}/wipe", response={200: f.DeviceOut, **PROBLEMS})
@api(WRITE)
def wipe_device(request: HttpRequest, by: Actor, device_id: s.Id) -> object:
    """Wipe a phone from afar: one's own, or as an administrator anybody's."""
    device = found(queries.device(by=by, device_id=device_id))
    return outreach.wipe_device(by=by, now=timezone.now(), device=device)


@router.get("/public/field/{token}", response={200: f.DeviceStateOut, **WITHOUT_TOKEN}, auth=None)
@sees_device
def read_device_state(request: HttpRequest, by: Actor, token: s.Secret) -> object:
    """Whether the phone that holds this token is to delete everything."""
    device = found(queries.device_of_key(by=by))
    return {"must_go": queries.must_go(device), "now": timezone.now()}


@router.post("/public/field/{token}/wiped", response={204: None, **WITHOUT_TOKEN}, auth=None)
@by_device
def confirm_wiped(request: HttpRequest, by: Actor, token: s.Secret) -> object:
    """The phone says that everything on it is deleted."""
    outreach.confirm_wiped(by=by, now=timezone.now())
    return 204, None


@router.get("/field/package", response={200: f.FieldPackageOut, 304: None, **PROBLEMS, **GONE})
@api(READ)
def read_package(request: HttpRequest, by: Actor, token: Token, response: HttpResponse) -> object:
    """What the phone keeps for the coming days. With the ``ETag`` it has, 304 where nothing changed."""
    must_be_staff(by)
    outreach.must_be_own(by, _device(by, token))
    package = queries.field_package(by=by, now=timezone.now())
    tag = _tag(package)
    if request.headers.get("If-None-Match") == tag:
        return 304, None
    response["ETag"] = tag
    return package


def _tag(package: queries.FieldPackage) -> str:
    return f'"{hashlib.sha256(repr(package).encode()).hexdigest()[:32]}"'


@router.post("/field/visits", response={200: f.ArrivedOut, 409: f.ClashOut, **PROBLEMS, **GONE})
@api(WRITE)
def take_in_visit(
    request: HttpRequest, by: Actor, token: Token, clock: Clock, what: f.NotedIn
) -> object:
    """A visit from a phone, written down once for its ``client_key``; 409 where a person must choose.

    ``X-Field-Clock`` is what the phone's clock says at the moment of sending.
    """
    must_be_staff(by)
    noted = outreach.Noted(
        client_key=what.client_key,
        claimed_at=what.claimed_at,
        sent_at=clock,
        party=must_have(Party, what.party_id, by=by, field="party_id"),
        programme=must_have(Programme, what.programme, by=by, field="programme"),
        visited_on=what.visited_on,
        met=what.met,
        said=what.said,
        requests=[raised_of(each, by) for each in what.requests],
        told=[
            outreach.Told(
                must_have(Question, each.question, by=by, field="told"),
                each.answer,
                each.is_declined,
            )
            for each in what.told
        ],
        answers=[heard_of(each, by) for each in what.answers],
        steps=[step_of(each, by) for each in what.steps],
        cell_id=what.cell_id,
        is_day_sure=what.is_day_sure,
        choice=what.choice,
    )
    device = _device(by, token)
    try:
        arrived = outreach.take_in_visit(by=by, now=timezone.now(), device=device, noted=noted)
    except outreach.Clash as clash:
        return 409, _clash(clash)
    return {
        "visit_id": arrived.visit.pk,
        "filed": [filed_out(request, filed) for filed in arrived.filed],
        "warnings": list(arrived.warnings),
        "told": list(arrived.told),
        "is_again": arrived.is_again,
        "is_companion": arrived.is_companion,
        "contact_to_explain": arrived.contact_to_explain,
    }


def _clash(clash: outreach.Clash) -> dict[str, Any]:
    other: Visit | None = clash.other
    return {
        "message": str(clash),
        "field": clash.field,
        "kind": clash.kind,
        "claimed_on": clash.claimed_on,
        "corrected_on": clash.corrected_on,
        "other": queries.visit_row(other) if other else None,
    }


@router.get("/field/rule", response={200: f.FieldRuleOut, **PROBLEMS})
@api(READ)
def read_rule(request: HttpRequest, by: Actor) -> object:
    """For how many days a phone of this zone keeps field work."""
    must_be_staff(by)
    return _rule(by)


def _rule(by: Actor) -> dict[str, Any]:
    rule = queries.field_rule(by=by)
    if rule is None:
        return {"days": queries.field_days(by=by), "source": "", "mark": "", "version": 1}
    return {
        "days": rule.days,
        "source": rule.source,
        "mark": rule.mark,
        "version": rule.version,
    }


@router.post("/field/rule", response={200: f.FieldRuleOut, **PROBLEMS})
@api(WRITE)
def set_field_days(request: HttpRequest, by: Actor, what: f.FieldRuleIn) -> object:
    """Set it."""
    outreach.set_field_days(
        by=by, now=timezone.now(), days=what.days, source=what.source, version=what.version
    )
    return _rule(by)
