"""The notice as anybody reads it: found by its code, without a sign-in, a cookie or a script (FRM Art 5)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from deployments.models import NoticeVersion
from deployments.views.notices import LANGUAGES, in_force
from portal.accounts.pages import ANYONE, page
from portal.calendars.clock import civil_today
from portal.law.enums import NOTICE_ITEMS
from portal.law.sources import FRM
from portal.law.text import Text

# A notice may be kept for a minute; a new version is seen after that.
CACHED = "public, max-age=60"

# The items as passengers read them: in Chinese by the words of the Measures, in English by plain ones.
ITEMS = {
    "identity": Text("Who processes it, and how to reach us", NOTICE_ITEMS["identity"].zh),
    "purpose": Text("What for, and how", NOTICE_ITEMS["purpose"].zh),
    "retention": Text("How long it is kept", NOTICE_ITEMS["retention"].zh),
    "necessity": Text("Why it is necessary, and what it means for your rights", NOTICE_ITEMS["necessity"].zh),
    "rights": Text("Your rights, and how to use them", NOTICE_ITEMS["rights"].zh),
    "other": Text("What else the law asks us to tell you", NOTICE_ITEMS["other"].zh),
}
LAW = Text(f"{FRM(5).source.title.en}, Art 5", FRM(5).label.zh)


@page(ANYONE, door="door_notice")
def notice(request: HttpRequest, code: UUID) -> HttpResponse:
    """The version in force in Chinese and English; with ``large`` in large print, with ``next`` the announced one."""
    found = version_of(request, code)
    if found is None:
        known = {"is_known": request.tenant is not None}
        return answer(request, "deployments/public_nothing.html", known, status=404)
    version, announced = found
    # What a version told when it was published stays its own: a new name of the PIP is a new version.
    context = {
        "version": version,
        "pip": version.notified.get("name") or version.pip.name,
        "scenario": version.notice.scenario,
        "parts": [part_of(version, key, lang) for key, lang in LANGUAGES],
        "is_large": "large" in request.GET,
        "announced": announced,
        "is_announced": version == announced,
        "requests_url": requests_url(code),
        "address": request.build_absolute_uri(request.path),
    }
    return answer(request, "deployments/public_notice.html", context)


def version_of(request: HttpRequest, code: UUID) -> tuple[NoticeVersion, NoticeVersion | None] | None:
    """The version to show and the one that is announced; None where nothing is published. A draft is never read."""
    if request.tenant is None:
        return None
    rows = NoticeVersion.objects.filter(tenant=request.tenant, notice__code=code).exclude(state="draft")
    versions = list(rows.select_related("notice__scenario", "pip"))
    today = civil_today()
    coming = [one for one in versions if one.effective_on > today]
    announced = min(coming, key=lambda one: (one.effective_on, -one.number), default=None)
    shown = in_force(versions, today)
    if announced is not None and (shown is None or "next" in request.GET):
        shown = announced
    return (shown, announced) if shown is not None else None


def part_of(version: NoticeVersion, key: str, lang: str) -> dict[str, object]:
    """One language of a version; an item without words of its own stands there in Chinese."""
    items = []
    for number, (name, label) in enumerate(ITEMS.items(), 1):
        own, chinese = getattr(version, f"{name}_{key}"), getattr(version, f"{name}_zh")
        if own or chinese:
            items.append((number, label.in_(key), own or chinese, lang if own else "zh-Hans"))
    plain = getattr(version, f"plain_{key}")
    return {
        "key": key,
        "lang": lang,
        # Django's own name of the language.
        "code": "zh-hans" if key == "zh" else "en",
        "items": items,
        "plain": plain,
        "law": LAW.in_(key),
    }


def requests_url(code: UUID) -> str:
    """Where a person asks, withdraws or complains."""
    try:
        return reverse("request_public", args=[code])
    except NoReverseMatch:
        return ""


def answer(request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """A page of both languages; what isn't there may be there in a moment."""
    response = render(request, template, context, status=status)
    response.headers["Content-Language"] = "zh-Hans, en"
    response.headers["Cache-Control"] = CACHED if status == 200 else "no-store"
    return response
