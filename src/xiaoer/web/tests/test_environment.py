"""Pages obey the content policy, and templates fail loudly instead of showing nothing."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from xiaoer.web import environment as web

from .conftest import render, render_text

ROOMS = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(ROOMS.glob("*/templates/**/*.html"))
INLINE = re.compile(
    r"\sstyle=|\son[a-z]+=[\"']|javascript:|<style|<script(?![^>]*(src=|application/json))"
)
ICON = re.compile(r"""\bicon\(["']([\w-]+)["']""")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_styles_or_scripts(path: Path) -> None:
    assert INLINE.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_icon_a_template_names_is_in_the_sprite(path: Path) -> None:
    listed = set((ROOMS / "web" / "icons.txt").read_text("utf-8").split())
    assert set(ICON.findall(path.read_text("utf-8"))) - listed == set()


def test_a_name_a_page_was_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render_text("{{ nobody }}")


def test_what_people_type_is_escaped() -> None:
    assert render_text("{{ told }}", told="<script>") == "&lt;script&gt;"


def test_a_filter_has_one_meaning() -> None:
    web.register_filter("one_meaning", len)
    web.register_filter("one_meaning", len)
    with pytest.raises(ValueError, match="one_meaning"):
        web.register_filter("one_meaning", str)
    del web.extra_filters["one_meaning"]


@given(st.dictionaries(st.text(), st.text()))
def test_json_in_a_page_cannot_leave_its_element(value: dict[str, str]) -> None:
    block = web.json_block(value)
    assert "<" not in block
    assert json.loads(block) == value


@pytest.mark.parametrize(
    ("path", "changes", "result"),
    [
        ("/a/", {"state": "open"}, "/a/?state=open"),
        ("/a/?state=open&page=3", {"page": None}, "/a/?state=open"),
        ("/a/?state=open", {"state": None}, "/a/"),
        ("/a/?q=%E4%BE%9B%E7%94%B5", {"sort": "-due"}, "/a/?q=%E4%BE%9B%E7%94%B5&sort=-due"),
    ],
)
def test_a_filter_lives_in_the_address(path: str, changes: dict[str, object], result: str) -> None:
    assert web.with_query(path, **changes) == result


def test_the_shell_speaks_the_reader_s_language() -> None:
    assert '<html lang="zh-Hans"' in render("web/styles.html")
    english = render("web/styles.html", language="en")
    assert '<html lang="en"' in english
    assert "Demo data" in english


def test_the_theme_of_the_cookie_is_drawn_by_the_server() -> None:
    assert 'data-bs-theme="dark"' in render("web/styles.html", theme="dark")
    assert "data-theme-open" in render("web/styles.html", theme="<b>")


@pytest.mark.parametrize("shell", ["app", "public", "print", "wall"])
def test_every_shell_draws_a_page_with_a_title_alone(shell: str) -> None:
    page = f'{{% extends "web/{shell}.html" %}}{{% block title %}}Alone{{% endblock %}}'
    assert re.search(r"<title>Alone · ", render_text(page))


def test_on_a_phone_a_cell_of_nothing_but_the_dash_is_left_out() -> None:
    page = render_text(
        '{% from "web/macros/table.html" import table with context %}'
        '{% call table([{"label": "谁"}], "表") %}<tr><td class="who">{{ none | missing }}</td>'
        '<td class="num due strong">{{ none | number }}</td><td class="due"> – </td>'
        '<td class="who">{{ "<b>–" }}</td><td class="what">–</td><td class="who">张 – 李</td></tr>'
        '<tr><td class="due"><span class="phone-only"><span>灯</span> 用地</span>\n–</td></tr>'
        '<tr><td class="due"><span class="phone-only">灯</span> 3</td><td class="who">–</td></tr>'
        "{% endcall %}"
    )
    assert page.count("blank") == 4
    assert '用地</span> <span class="desk-only">–</span></td>' in page
    assert page.count("desk-only") == 1
    assert '<td class="who blank">–</td><td class="num due strong blank">–</td>' in page
    assert "&lt;b&gt;–" in page
