"""The Jinja2 environment of all rooms: the web room's, with the filters higher rooms lend it."""

from typing import Any

from jinja2 import Environment

from xiaoer.web.environment import environment as web_environment


def environment(**options: Any) -> Environment:
    """Called by Django's Jinja2 backend once at start."""
    return web_environment(**options)
