"""API of rules."""

from ninja import Router

router = Router(tags=["rules"])
