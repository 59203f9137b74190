"""API of permits."""

from ninja import Router

router = Router(tags=["permits"])
