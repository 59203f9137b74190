"""API of rules: what they are and say of firms, the verbs of writing them, and evaluations."""

from ninja import Router

from xiaoer.rules.api.running import router as running
from xiaoer.rules.api.writing import router as texts

router = Router(tags=["rules"])
for _part in (texts, running):
    router.add_router("", _part)
