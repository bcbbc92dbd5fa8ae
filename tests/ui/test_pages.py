"""Whole pages: the catalogue under the strict policy, and error pages that need nothing."""

import re
from pathlib import Path

import pytest
from django.template import RequestContext, Template
from django.template.engine import Engine
from django.template.loader import get_template
from django.utils import translation

from tests.ui import catalogue

SOURCE = Path(__file__).with_name("catalogue.html")


@pytest.fixture(params=["en", "zh-hans"])
def page(request) -> str:
    asked = catalogue.request()
    with translation.override(request.param):
        return Template(SOURCE.read_text()).render(RequestContext(asked, catalogue.context() | {"user": asked.user}))


def test_nothing_inline_that_the_policy_would_block(page):
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_page_has_one_heading_and_unique_ids(page):
    assert len(re.findall(r"<h1", page)) == 1
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_every_icon_is_hidden_from_screen_readers(page):
    drawings = re.findall(r'<svg[^>]*class="icon[^>]*>', page)
    assert len(drawings) > 50
    assert all('aria-hidden="true"' in drawing for drawing in drawings)


@pytest.mark.parametrize("name", ["404.html", "403.html", "403_csrf.html", "500.html", "503.html"])
def test_error_page_stands_without_context_in_both_languages(name):
    html = get_template(name).render()
    assert 'lang="en"' in html
    assert 'lang="zh-Hans"' in html
    assert "FR Compliance" in html


def test_the_project_uses_our_account_pages():
    for name in ("account/login.html", "account/logout.html", "account/password_change.html"):
        assert "portal/ui" in get_template(name).origin.name


def test_component_tags_need_no_load():
    assert "portal.ui.templatetags.ui" in Engine.get_default().builtins
