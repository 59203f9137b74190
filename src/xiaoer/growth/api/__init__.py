"""API of growth."""

from ninja import Router

router = Router(tags=["growth"])
