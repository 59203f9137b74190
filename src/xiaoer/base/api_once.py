"""A verb of the API called again with the same ``Idempotency-Key`` acts once.

A client whose line broke does not know whether its call arrived. It sends the same call with the
same key again: the first one's answer comes back, word for word, also when both are under way at
once. A refusal changed nothing and is not kept, so it may be mended and sent again. The key is the
asker's own: nobody reads another's answer with it. Kept for a day.
"""

import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja.operation import Operation, ResponseObject
from ninja.responses import NinjaJSONEncoder, Status

from xiaoer.base import envelopes
from xiaoer.base.models import OnceKey
from xiaoer.base.refusals import Refused
from xiaoer.base.scope import Actor, as_web

HEADER = "Idempotency-Key"
LONGEST = 200
PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "title": HEADER, "minLength": 1, "maxLength": LONGEST},
    "description": "One for each thing to be done; the same call sent again has no second effect.",
}


class Once:
    """What one route answered, and answers again."""

    def __init__(self) -> None:
        self._models: dict[Any, Any] = {}

    def describe(self, operation: Operation) -> None:
        """Learn the shapes of the route's answers, and write the header into its description."""
        self._models = operation.response_models
        extra = dict(operation.openapi_extra or {})
        extra["parameters"] = [*extra.get("parameters", ()), PARAMETER]
        operation.openapi_extra = extra

    def answer(self, request: HttpRequest, by: Actor, act: Callable[[], Any]) -> Any:
        """The answer of ``act``, or the one it gave before. Called inside the asker's scope."""
        given = request.headers.get(HEADER)
        if given is None:
            return act()
        key, asked = _key(given, by), _asked(request)
        if not _is_first(key, asked):
            return _kept(key, asked)
        result = act()
        if isinstance(result, HttpResponseBase):
            # A paper or a sheet: made again when asked again.
            with as_web():
                OnceKey.objects.filter(key=key).delete()
            return result
        status, body = self._spelled(request, result)
        with as_web():
            OnceKey.objects.filter(key=key).update(status=status, body=envelopes.put_in(body))
        return _response(status, body)

    def _spelled(self, request: HttpRequest, result: Any) -> tuple[int, str]:
        """The answer as it is sent, by the schema of the route."""
        status = 200
        if isinstance(result, Status):
            status, result = result.status_code, result.value
        elif isinstance(result, tuple) and len(result) == 2:
            status, result = result
        model = self._models[status]
        if model is None:
            return status, ""
        shaped = model.model_validate(
            ResponseObject(result), context={"request": request, "response_status": status}
        )
        return status, json.dumps(shaped.model_dump()["response"], cls=NinjaJSONEncoder)


def _key(given: str, by: Actor) -> uuid.UUID:
    """The asker's own key: the same word of two askers is two keys."""
    if not (given.isascii() and given.isprintable() and 0 < len(given) <= LONGEST):
        raise Refused(
            _("The key must be 1 to %(most)d plain characters.") % {"most": LONGEST}, field=HEADER
        )
    asker = (by.zone_id, by.post_id, by.account_id, by.key, given)
    return uuid.UUID(bytes=hashlib.sha256(repr(asker).encode()).digest()[:16])


def _asked(request: HttpRequest) -> str:
    """What was asked, so that a key used for something else is noticed."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        digest.update(repr(sorted(request.POST.lists())).encode())
        for name, files in sorted(request.FILES.lists()):
            digest.update(repr(name).encode())
            for file in files:
                _add_bytes(digest, file)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _add_bytes(digest: "hashlib._Hash", file: "UploadedFile[Any]") -> None:
    for part in file.chunks():
        digest.update(part)
    file.seek(0)


def _is_first(key: uuid.UUID, asked: str) -> bool:
    """Take the key; whoever comes second waits here until the first has committed."""
    with as_web(), connection.cursor() as cursor:
        cursor.execute(
            "insert into once_key (key, answer, asked) values (%s, '', %s) on conflict do nothing",
            [key, asked],
        )
        return bool(cursor.rowcount == 1)


def _kept(key: uuid.UUID, asked: str) -> HttpResponse:
    with as_web():
        kept = OnceKey.objects.get(key=key)
    if kept.asked != asked or kept.status is None:
        raise Refused(
            _("This key was used for another call; take a new one for a new thing."), field=HEADER
        )
    return _response(kept.status, envelopes.take_out(kept.body))


def _response(status: int, body: str) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
