"""Outlines of parks and cells, parcels of projects: GeoJSON (RFC 7946) checked before any of it is kept."""

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any

from django.utils.translation import gettext as _

from xiaoer.base.refusals import Refused

LARGEST = 8 * 1024 * 1024
MOST_FEATURES = 2000
MOST_POINTS = 200_000
MOST_EFFORT = 2_000_000
DEGREE_M = 111_320.0
MU_M2 = 2000 / 3
LEAST_M2, MOST_M2 = 20.0, 30_000_000.0
FARTHEST_M = 30_000.0
_DEGREES = r"[+-]?\d+(?:\.\d+)?(?:[°度]\s*(?:\d+(?:\.\d+)?['′分]\s*(?:\d+(?:\.\d+)?[\"″秒]?)?)?)?"
_PAIR = re.compile(
    rf"\s*[\[(（]?\s*([东E]?)\s*经?\s*({_DEGREES})\s*E?\s*[,，、;；\s]\s*([北N]?)\s*纬?\s*({_DEGREES})\s*N?\s*[\])）]?\s*[,，;；]?\s*",
    re.IGNORECASE,
)


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
    code = str(code).strip()
    if "\x00" in code:
        raise Refused(
            _("The code of outline %(number)d holds a sign that cannot be kept.")
            % {"number": number},
            field="file",
        )
    geometry = feature.get("geometry")
    rings = _rings(geometry) if isinstance(geometry, dict) else []
    fault = _fault(rings)
    if fault:
        raise Refused(
            _("Outline %(number)d (%(code)s): %(fault)s")
            % {"number": number, "code": code[:20], "fault": fault},
            field="file",
        )
    return Outline(code, _plain(geometry))


def read_parcel(text: str) -> dict[str, Any]:
    """One place on the ground: a polygon or several, or a single point, from a GeoJSON geometry or
    feature; or as corners, a pair of degrees a line. Checked for what an outline is checked for."""
    if len(text) > MOST_POINTS:
        raise Refused(_("This has too many points for one parcel; simplify it."), field="spot")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        if not text.lstrip().startswith("{"):
            return _from_pairs(text)
        raise Refused(_("This is not GeoJSON."), field="spot") from error
    features = document.get("features") if isinstance(document, dict) else None
    if isinstance(features, list) and len(features) == 1:
        document = features[0]
    if isinstance(document, dict) and document.get("type") == "Feature":
        document = document.get("geometry")
    if not isinstance(document, dict):
        raise Refused(_("Give one geometry, or one feature that has one."), field="spot")
    if document.get("type") == "Point":
        return _point(document.get("coordinates"))
    fault = _fault(_rings(document))
    if fault:
        raise Refused(_("This is no parcel: %(fault)s") % {"fault": fault}, field="spot")
    return _plain(document)


def _from_pairs(text: str) -> dict[str, Any]:
    """Corners as people type or paste them: longitude and latitude a line; the ring closes itself."""
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    places = [_pair(number, line) for number, line in enumerate(lines, start=1)]
    if len(places) == 1:
        return _point(places[0])
    if places[0] != places[-1]:
        places.append(places[0])
    if len(places) < 4:
        raise Refused(
            _("An outline has three corners at least; a single pair is a point."), field="spot"
        )
    fault = _fault([places])
    if fault:
        raise Refused(_("This is no parcel: %(fault)s") % {"fault": fault}, field="spot")
    return {"type": "Polygon", "coordinates": [places]}


def _pair(number: int, line: str) -> list[float]:
    found = _PAIR.fullmatch(line)
    if found is None:
        raise Refused(
            _("Line %(number)d is no pair of longitude and latitude: “%(line)s”. Type a pair a line, such as 116.587, 35.415.")
            % {"number": number, "line": line.strip()[:40]},
            field="spot",
        )  # fmt: skip
    place = [_in_degrees(found[2]), _in_degrees(found[4])]
    if max(map(abs, place)) > 180:
        raise Refused(
            _("Line %(number)d is in metres of a map grid (“%(line)s”); turn it into degrees, WGS 84, first.")
            % {"number": number, "line": line.strip()[:40]},
            field="spot",
        )  # fmt: skip
    return place


def _in_degrees(text: str) -> float:
    """116.587, or 116°35′13.2″."""
    parts = [float(part) for part in re.findall(r"\d+(?:\.\d+)?", text)]
    value: float = sum(part / 60**place for place, part in enumerate(parts))
    return round(-value if text.startswith("-") else value, 7)


def must_be_sized(geometry: dict[str, Any]) -> None:
    """What is smaller than a room or larger than a zone is a slip, not a parcel."""
    area = area_m2(geometry)
    if geometry["type"] != "Point" and not LEAST_M2 <= area <= MOST_M2:
        raise Refused(
            _("This encloses %(mu)s mu; a parcel has between %(least)s and %(most)s.")
            % {
                "mu": f"{area / MU_M2:,.2f}",
                "least": f"{LEAST_M2 / MU_M2:.2f}",
                "most": f"{MOST_M2 / MU_M2:,.0f}",
            },
            field="spot",
        )


def must_lie_near(geometry: dict[str, Any], outlines: Iterable[dict[str, Any]]) -> None:
    """Within reach of the zone's outlines, where it has any: a slip of a digit is 100 km."""
    corners = [place for outline in outlines for place in places_of(outline)]
    if not corners:
        return
    east, north = next(iter(places_of(geometry)))
    narrow = cos(radians(north))
    west_of, east_of = min(x for x, _y in corners), max(x for x, _y in corners)
    south_of, north_of = min(y for _x, y in corners), max(y for _x, y in corners)
    off = hypot(
        max(west_of - east, 0.0, east - east_of) * narrow,
        max(south_of - north, 0.0, north - north_of),
    )
    if off * DEGREE_M > FARTHEST_M:
        raise Refused(
            _("This lies %(km)s km from the zone's outlines; check its degrees.")
            % {"km": f"{off * DEGREE_M / 1000:,.0f}"},
            field="spot",
        )


def _point(place: Any) -> dict[str, Any]:
    if not _is_place(place):
        raise Refused(_("A point has a longitude and a latitude in degrees."), field="spot")
    if not _in_china(place[0], place[1]):
        if _in_china(place[1], place[0]):
            fault = _(
                "its numbers stand the wrong way round; longitude comes first, then latitude."
            )
        else:
            fault = _("it lies outside China; check that it is WGS 84 in degrees.")
        raise Refused(_("This is no parcel: %(fault)s") % {"fault": fault}, field="spot")
    return {"type": "Point", "coordinates": place[:2]}


def area_m2(geometry: dict[str, Any]) -> float:
    """About how large a parcel is: the earth is flat enough over a zone. A point has none."""
    total = 0.0
    several = geometry["type"] == "MultiPolygon"
    polygons = geometry["coordinates"] if several else [geometry["coordinates"]]
    for polygon in polygons if geometry["type"] != "Point" else []:
        for number, ring in enumerate(polygon):
            total += _ring_m2(ring) * (1 if number == 0 else -1)
    return total


def _ring_m2(ring: list[Any]) -> float:
    narrow = cos(radians(ring[0][1]))
    east, north = ring[0][0], ring[0][1]
    twice: float = sum(
        (a[0] - east) * (b[1] - north) - (b[0] - east) * (a[1] - north)
        for a, b in itertools.pairwise(ring)
    )
    return abs(twice) / 2 * DEGREE_M**2 * narrow


def _fault(rings: list[Any]) -> str:
    """What keeps rings from being an outline in China; empty when nothing does."""
    if not rings or not all(map(_is_ring, rings)):
        return _("it is not a polygon of closed rings in degrees of longitude and latitude.")
    places = [place for ring in rings for place in ring]
    strays = [place for place in places if not _in_china(place[0], place[1])]
    if strays:
        if all(_in_china(place[1], place[0]) for place in strays):
            return _("its numbers stand the wrong way round; longitude comes first, then latitude.")
        return _("it lies outside China; check that it is WGS 84 in degrees.")
    if sum(len(ring) for ring in rings) > MOST_POINTS:
        return _("it has too many points; simplify it.")
    if any(len({(place[0], place[1]) for place in ring}) < 3 for ring in rings):
        return _("it encloses nothing.")
    return next(filter(None, map(crossing_of, rings)), "")


def _in_china(longitude: float, latitude: float) -> bool:
    return 73 <= longitude <= 136 and 3 <= latitude <= 54


def _plain(geometry: dict[str, Any]) -> dict[str, Any]:
    """Type and places only; heights and what else a program wrote are not kept."""
    several = geometry["type"] == "MultiPolygon"
    polygons = geometry["coordinates"] if several else [geometry["coordinates"]]
    flat = [[[place[:2] for place in ring] for ring in polygon] for polygon in polygons]
    return {"type": geometry["type"], "coordinates": flat if several else flat[0]}


def crossing_of(ring: list[Any]) -> str:
    """Where a ring crosses itself, in words; empty when it does not.

    Sides are met from west to east, each with those that reach as far as it begins; a drawing so
    tangled that this takes long is refused as such.
    """
    sides = [
        (start, end) if start[:2] <= end[:2] else (end, start)
        for start, end in itertools.pairwise(ring)
    ]
    sides.sort(key=lambda side: side[0][0])
    reaching: list[tuple[Any, Any]] = []
    effort = 0
    for side in sides:
        effort += len(reaching)
        if effort > MOST_EFFORT:
            return _("its line is too tangled; simplify it.")
        reaching = [other for other in reaching if other[1][0] >= side[0][0]]
        if any(_cross(side, other) for other in reaching):
            return _("its line crosses itself near %(x).5f, %(y).5f.") % {
                "x": side[0][0],
                "y": side[0][1],
            }
        reaching.append(side)
    return ""


def _cross(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    """Whether two sides cross; those that only touch do not."""
    if max(one[0][1], one[1][1]) < min(other[0][1], other[1][1]):
        return False
    if max(other[0][1], other[1][1]) < min(one[0][1], one[1][1]):
        return False
    return (
        _turn(one[0], one[1], other[0]) * _turn(one[0], one[1], other[1]) < 0
        and _turn(other[0], other[1], one[0]) * _turn(other[0], other[1], one[1]) < 0
    )


def _turn(start: Any, end: Any, place: Any) -> float:
    """Positive where a place lies to the left of a line, negative to the right, zero on it."""
    turn: float = (end[0] - start[0]) * (place[1] - start[1]) - (end[1] - start[1]) * (
        place[0] - start[0]
    )
    return 0.0 if abs(turn) < 1e-14 else turn


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
        and abs(place[1]) <= 180
    )


def _points(geometry: dict[str, Any]) -> int:
    return sum(len(ring) for ring in _rings(geometry))


def places_of(geometry: dict[str, Any] | None) -> Iterator[tuple[float, float]]:
    """Every corner of an outline, or the point itself."""
    if geometry and geometry["type"] == "Point":
        yield geometry["coordinates"][0], geometry["coordinates"][1]
        return
    for ring in _rings(geometry) if geometry else []:
        yield from ((place[0], place[1]) for place in ring)


def _first_doubled(codes: list[str]) -> str | None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            return code
        seen.add(code)
    return None
