"""The API of all rooms: /api/v1/, described at /api/v1/openapi.json and /api/v1/docs."""

from importlib import import_module
from importlib.util import find_spec

from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from xiaoer.base.api_door import ApiRefused
from xiaoer.config.describing import RoomsAPI

ROOMS = (
    "base", "registry", "work", "facts", "papers", "rules", "projects", "assets", "outreach", "growth", "permits",
    "reports",
)  # fmt: skip

api = RoomsAPI(
    title="小二 Xiaoer",
    version="1",
    description=(
        "Every verb and question of the rooms. Refusals are 422 with the page's own words."
        " A token of the city reads every zone of it: the header X-Zone names the zone by its code"
        " (GET /zones lists them); without it, the first."
    ),
    urls_namespace="api",
)

for room in ROOMS:
    if find_spec(f"xiaoer.{room}.api"):
        api.add_router("", import_module(f"xiaoer.{room}.api").router)


def _problem(
    request: HttpRequest, status: int, message: str, field: str | None = None
) -> HttpResponse:
    return api.create_response(request, {"message": message, "field": field}, status=status)


@api.exception_handler(ApiRefused)
def on_refused(request: HttpRequest, error: ApiRefused) -> HttpResponse:
    return _problem(request, 422, str(error.refusal), error.refusal.field)


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    # A body that is no JSON is one more thing the sender can mend: 422, as every other refusal.
    return _problem(request, 422 if error.status_code == 400 else error.status_code, str(error))


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(request, 404, "There is no such record here for you.")


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    field = ".".join(str(part) for part in first.get("loc", ())[1:])
    return _problem(request, 422, f"{field}: {first.get('msg', '')}", field or None)
