"""API of rules: what they are and say of firms, the verbs of writing them, and evaluations."""

from ninja import Router

from xiaoer.rules.api.reading import router as reading
from xiaoer.rules.api.running import router as running
from xiaoer.rules.api.writing import router as writing

router = Router(tags=["rules"])
for _part in (reading, writing, running):
    router.add_router("", _part)
