"""The Jinja2 environment of all rooms: the web room's, with the filters higher rooms lend it."""

from typing import Any

from jinja2 import Environment

from xiaoer.base.pages.session import sign_in_page
from xiaoer.web.environment import environment as web_environment


def environment(**options: Any) -> Environment:
    """Called by Django's Jinja2 backend once at start."""
    made = web_environment(**options)
    # The sign-in page's view is allauth's; its template asks for what stands beside the fields.
    made.globals["sign_in_page"] = sign_in_page
    return made
