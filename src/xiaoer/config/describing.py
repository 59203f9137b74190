"""The API's description, where two rooms may call different things by the same name.

The framework keeps schemas by bare name, so that one room's ``Kind`` would silently take the place
of another's. Here the second one of a name gets a number.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation

CLOCK = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$"

_model_of_answer = Operation._create_response_model
_models: dict[tuple[Any, str], type[Schema] | None] = {}


def _one_model_of_answer(self: Operation, response_param: Any) -> type[Schema] | None:
    """The framework makes a model for each status of each route, some five thousand nearly all alike.

    One for each kind of answer halves what a process of pages loads before it answers. Spelling is
    part of the key: A | B equals B | A, and is tried in another order.
    """
    key = (response_param, str(response_param))
    if key not in _models:
        _models[key] = _model_of_answer(self, response_param)
    return _models[key]


Operation._create_response_model = _one_model_of_answer  # type: ignore[method-assign]  # replaced on purpose, for every route


def _spelled_out(part: Any, definitions: dict[str, Any], within: tuple[str, ...] = ()) -> Any:
    """A schema with what it refers to written in its place: what it means, not what it is called."""
    if isinstance(part, list):
        return [_spelled_out(one, definitions, within) for one in part]
    if not isinstance(part, dict):
        return part
    name = str(part.get("$ref", "")).rpartition("/")[2]
    if name in definitions and name not in within:
        return _spelled_out(definitions[name], definitions, (*within, name))
    return {key: _spelled_out(value, definitions, within) for key, value in part.items()}


class Description(OpenAPISchema):
    """An OpenAPI description without collisions."""

    _renamed: dict[str, str]
    _meanings: dict[str, str]

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        self._renamed = {name: self._name_of(name, definitions) for name in definitions}
        for name, schema in definitions.items():
            self.schemas[self._renamed[name]] = self._with_names(schema)

    def _name_of(self, name: str, definitions: dict[str, Any]) -> str:
        """The first free name, or the one under which the very same thing stands already."""
        meanings = self.__dict__.setdefault("_meanings", {})
        meaning = json.dumps(_spelled_out(definitions[name], definitions), default=str)
        number, wanted = 1, name
        while meanings.setdefault(wanted, meaning) != meaning:
            number += 1
            wanted = f"{name}{number}"
        return wanted

    def _with_names(self, part: Any) -> Any:
        """The same schema with its references under the names they were given."""
        if isinstance(part, list):
            return [self._with_names(one) for one in part]
        if not isinstance(part, dict):
            return part
        if part.get("format") == "time":
            # By the book a time has an offset; ours are of the zone's own clock and have none.
            part = {**part, "pattern": CLOCK}
            del part["format"]
        known = {REF_TEMPLATE.format(model=old): new for old, new in self._renamed.items()}
        return {
            key: REF_TEMPLATE.format(model=known[value])
            if key == "$ref" and value in known
            else self._with_names(value)
            for key, value in part.items()
        }

    def _create_schema_from_model(self, *args: Any, **kwargs: Any) -> tuple[dict[str, Any], bool]:
        self._renamed = {}
        schema, required = super()._create_schema_from_model(*args, **kwargs)
        return self._with_names(schema), required


class RoomsAPI(NinjaAPI):
    """The API of several rooms. Nobody on the way keeps an answer: some carry a key or a link."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        response = super().create_temporal_response(request)
        response["Cache-Control"] = "no-store"
        return response

    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        response = super().create_response(
            request, data, status=status, temporal_response=temporal_response
        )
        response["Cache-Control"] = "no-store"
        return response

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return Description(api=self, path_prefix=prefix)
