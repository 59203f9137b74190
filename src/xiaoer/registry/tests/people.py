"""Arranging for the tests of the registry, by its own verbs."""

from typing import Any

from tests.town import NOW, actor
from xiaoer.base.models import Post
from xiaoer.base.scope import Actor, acting, as_web
from xiaoer.registry import actions as registry
from xiaoer.registry.models import Cell, Party


def make_cell(by: Actor, code: str = "C-01") -> Cell:
    grid = registry.open_grid(by=by, now=NOW, code=f"G-{code}", name=f"总网格{code}")
    return registry.open_cell(by=by, now=NOW, grid=grid, code=code, name=f"单元{code}")


def make_firm(
    by: Actor, name: str = "示范泗源新材料有限公司", cell: Cell | None = None, **facts: Any
) -> Party:
    given = registry.PartyFacts(name=name, **facts)
    return registry.add_party(by=by, now=NOW, facts=given, cell=cell)


def post_of(username: str) -> Post:
    """The post of somebody of the town, asked inside another's scope."""
    with as_web():
        post_id = actor(username).post_id or 0
    return Post.objects.get(pk=post_id)


__all__ = ["acting", "make_cell", "make_firm", "post_of"]
