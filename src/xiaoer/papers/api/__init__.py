"""API of papers."""

from ninja import Router

router = Router(tags=["papers"])
