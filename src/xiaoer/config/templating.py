"""The Jinja2 environment of all rooms: the web room's, with the filters higher rooms lend it."""

import os
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache

from xiaoer.base.pages.session import sign_in_page
from xiaoer.web.environment import environment as web_environment


def environment(**options: Any) -> Environment:
    """Called by Django's Jinja2 backend once at start."""
    made = web_environment(**options)
    # The sign-in page's view is allauth's; its template asks for what stands beside the fields.
    made.globals["sign_in_page"] = sign_in_page
    # Many short-lived processes on one source (the tests) compile each page once, not each for itself.
    if folder := os.environ.get("XIAOER_COMPILED_PAGES"):
        made.bytecode_cache = FileSystemBytecodeCache(folder)
    return made
