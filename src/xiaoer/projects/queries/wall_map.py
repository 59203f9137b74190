"""The wall as one GeoJSON document: what the map draws and what the API answers."""

from typing import Any

from xiaoer.projects.models import Light
from xiaoer.projects.queries.blocking import Blocker, Slip
from xiaoer.projects.queries.wall import Ground, Wall, WallProject


def wall_map(found: Wall) -> dict[str, Any]:
    """Projects as features, those without a spot with a null geometry; the rest beside them."""
    return {
        "type": "FeatureCollection",
        "at": found.at.isoformat(),
        "elapsed": found.elapsed,
        "counts": {light.value: found.counts.get(light, 0) for light in Light},
        "features": [_feature(one) for one in found.projects],
        "blockers": [_blocker(one) for one in found.blockers],
        "asks": [
            {
                "id": one.id,
                "project_id": one.project_id,
                "question": one.question,
                "wanted_on": one.wanted_on,
            }
            for one in found.asks
        ],
        "slips": [_slip(one) for one in found.slips],
        "lists": [
            {"id": one.id, "name": one.name, "projects": one.projects, "percent": one.percent}
            for one in found.lists
        ],
        "ground": ground_map(found.ground),
    }


def ground_map(ground: Ground) -> dict[str, Any]:
    return {
        "cells": ground.cells,
        "parks": [{"name": name, "outline": outline} for name, outline in ground.parks],
    }


def _feature(one: WallProject) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": one.id,
        "geometry": one.spot,
        "properties": {
            "name": one.name,
            "short": one.short,
            "owner": one.owner,
            "light": one.light.value,
            "why": one.why,
            "stage": one.stage.value,
            "stage_name": str(one.stage.label),
            "leader": one.leader,
            "officer": one.officer,
            "promised_on": one.promised_on,
            "forecast_on": one.forecast_on,
            "likely_on": one.likely_on,
            "slack": one.slack,
            "percent": one.percent,
        },
    }


def _blocker(one: Blocker) -> dict[str, Any]:
    return {
        "name": one.name,
        "holds": [
            {"project_id": hold.project_id, "what": hold.what, "days": hold.days}
            for hold in one.holds
        ],
    }


def _slip(one: Slip) -> dict[str, Any]:
    return {
        "project_id": one.project_id,
        "what": one.what,
        "before_on": one.before_on,
        "now_on": one.now_on,
        "days": one.days,
        "is_lost": one.is_lost,
    }
