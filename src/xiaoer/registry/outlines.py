"""Outlines of parks and cells: GeoJSON (RFC 7946) checked before any of it is kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused

LARGEST = 8 * 1024 * 1024
MOST_FEATURES = 2000
MOST_POINTS = 200_000


@dataclass(frozen=True, slots=True)
class Outline:
    """A polygon or several, and the code of the park or cell it belongs to."""

    code: str
    geometry: dict[str, Any]


def read_outlines(text: str) -> list[Outline]:
    """The outlines of a FeatureCollection. The first mistake is told with the feature it is in."""
    if len(text) > LARGEST:
        raise Refused(_("The file is larger than 8 MB; simplify the outlines."), field="file")
    features = _features(text)
    outlines = [_outline(number, feature) for number, feature in enumerate(features, start=1)]
    if sum(_points(outline.geometry) for outline in outlines) > MOST_POINTS:
        raise Refused(_("The outlines have too many points; simplify them."), field="file")
    doubled = _first_doubled([outline.code for outline in outlines])
    if doubled:
        raise Refused(
            _("Code %(code)s stands twice in the file.") % {"code": doubled}, field="file"
        )
    return outlines


def _features(text: str) -> list[Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(_("This is not a GeoJSON file."), field="file") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise Refused(_("The file must be a GeoJSON FeatureCollection."), field="file")
    if not features or len(features) > MOST_FEATURES:
        raise Refused(_("The file must hold 1 to 2,000 outlines."), field="file")
    return features


def _outline(number: int, feature: Any) -> Outline:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    if not isinstance(code, (str, int)) or not str(code).strip():
        raise Refused(
            _("Outline %(number)d has no code in its properties.") % {"number": number},
            field="file",
        )
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or not all(map(_is_ring, _rings(geometry) or [None])):
        raise Refused(
            _(
                "Outline %(number)d (%(code)s) is not a polygon of closed rings in degrees of"
                " longitude and latitude."
            )
            % {"number": number, "code": code},
            field="file",
        )
    return Outline(
        str(code).strip(), {"type": geometry["type"], "coordinates": geometry["coordinates"]}
    )


def _rings(geometry: dict[str, Any]) -> list[Any]:
    """Every ring of a polygon or several; empty when it is neither."""
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list):
        return []
    if geometry.get("type") == "Polygon":
        return coordinates
    if geometry.get("type") == "MultiPolygon" and all(isinstance(p, list) for p in coordinates):
        return [ring for polygon in coordinates for ring in (polygon or [None])]
    return []


def _is_ring(ring: Any) -> bool:
    """At least four places, the last one the first again."""
    return (
        isinstance(ring, list)
        and len(ring) >= 4
        and all(map(_is_place, ring))
        and ring[0] == ring[-1]
    )


def _is_place(place: Any) -> bool:
    return (
        isinstance(place, list)
        and len(place) in (2, 3)
        and all(
            isinstance(number, (int, float)) and not isinstance(number, bool) for number in place
        )
        and abs(place[0]) <= 180
        and abs(place[1]) <= 90
    )


def _points(geometry: dict[str, Any]) -> int:
    return sum(len(ring) for ring in _rings(geometry))


def places_of(geometry: dict[str, Any] | None) -> Iterator[tuple[float, float]]:
    """Every corner of an outline."""
    for ring in _rings(geometry) if geometry else []:
        yield from ((place[0], place[1]) for place in ring)


def _first_doubled(codes: list[str]) -> str | None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            return code
        seen.add(code)
    return None
