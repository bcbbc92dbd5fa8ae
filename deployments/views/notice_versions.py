"""The versions of a notice: each as it was written, what differs between two, and where it is shown."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from deployments.differences import Piece, differences
from deployments.forms_notices import ShowingForm
from deployments.models import NoticeShowing, NoticeVersion, Scenario
from deployments.notified import in_words
from deployments.services import notices as services
from deployments.services.notices import TEXTS
from deployments.views.editing import FormPage, edit
from deployments.views.notices import in_force, items_of, standing_of, under_notice, with_proofs
from deployments.views.places import place_url
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.workflow import CaseError

PER_PAGE, MOST_PAGES = 50, 10_000


@page("view_pip")
def notice_version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version as it was written, for whoever asks later what people were told."""
    rows = NoticeVersion.objects.select_related("notice__scenario__pip", "published_by")
    version = request.access.get(rows, "view_pip", pk=pk)
    row = version.notice.scenario
    today = civil_today()
    versions = list(NoticeVersion.objects.filter(tenant=request.tenant, notice=version.notice_id))
    turn = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    first = max(min(turn, MOST_PAGES) - 1, 0) * PER_PAGE
    found = with_proofs(NoticeShowing.objects.filter(tenant=request.tenant, version=version))
    showings = list(found[first : first + PER_PAGE])
    number = showings[0].number if showings else 0
    context = {
        "version": version,
        "scenario": row,
        "standing": standing_of(version, in_force(versions, today), today),
        "items": items_of(version),
        "told": in_words(version.notified),
        "facts": version_facts(version),
        "showings": showings,
        "showings_number": number,
        "newer": f"page={first // PER_PAGE}" if first else "",
        "older": f"page={first // PER_PAGE + 2}" if first + PER_PAGE < number else "",
        "before": next((one for one in versions if one.number == version.number - 1), None),
        "after": next((one for one in versions if one.number == version.number + 1), None),
        "may_edit": request.access.can("edit_register", row.pip_id),
    }
    return render(request, "deployments/notice_version.html", context)


def version_facts(version: NoticeVersion) -> list[tuple[Any, Any]]:
    """Label and value of a version's own facts."""
    rows: list[tuple[Any, Any]] = [(_("Version"), f"v{version.number}")]
    if version.state != "draft":
        rows += [
            (_("In force from"), version.effective_on),
            (_("Published"), version.published_at),
            (_("Published by"), version.published_by or "–"),
        ]
    if version.ended_on:
        rows.append((_("In force until"), version.ended_on))
    rows.append((capfirst(_("who helps persons who can't read or use it")), version.manual_channel))
    rows.append((capfirst(_("is read out on request")), version.has_voice))
    return rows


@page("view_pip")
def notice_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What differs between any two versions, word by word."""
    row = request.access.get(Scenario.objects.select_related("pip"), "view_pip", pk=pk)
    versions = list(NoticeVersion.objects.filter(tenant=request.tenant, notice__scenario=row))
    if len(versions) < 2:
        return redirect("deployments:notice", request.tenant.slug, pk)
    by_number = {one.number: one for one in versions}
    new = chosen(request, "new", by_number, versions[0].number)
    old = chosen(request, "old", by_number, new.number - 1 if new.number - 1 in by_number else versions[-1].number)
    context = {
        "scenario": row,
        "versions": versions,
        "old": old,
        "new": new,
        "changed": [line for line in compared(old, new) if line[2]],
        "same": [line for line in compared(old, new) if not line[2]],
    }
    return render(request, "deployments/notice_compare.html", context)


def chosen(request: HttpRequest, name: str, versions: dict[int, NoticeVersion], usual: int) -> NoticeVersion:
    """The version that the address names; 404 for one that isn't there."""
    number = request.GET.get(name) or str(usual)
    if not number.isdecimal() or int(number) not in versions:
        raise Http404
    return versions[int(number)]


def compared(old: NoticeVersion, new: NoticeVersion) -> list[tuple[str, str, list[Piece] | None, str]]:
    """Label, language, pieces and text of each field; no pieces where nothing differs."""
    lines = []
    for name in (*TEXTS, "manual_channel"):
        label = capfirst(str(NoticeVersion._meta.get_field(name).verbose_name))
        before, after = getattr(old, name), getattr(new, name)
        lang = "en" if name.endswith("_en") else "zh-Hans"
        lines.append((label, lang, differences(before, after) if before != after else None, after))
    if old.has_voice != new.has_voice:
        words = {True: _("yes"), False: _("no")}
        label = capfirst(_("is read out on request"))
        lines.append((label, "", differences(words[old.has_voice], words[new.has_voice]), ""))
    return lines


@page("edit_register", writes=True)
def notice_showing_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record where a version is shown, with a photo or a file."""
    rows = NoticeVersion.objects.select_related("notice__scenario__pip", "pip")
    version = request.access.get(rows, "edit_register", pk=pk)
    if version.state == "draft":
        raise CaseError(_("Version %(n)s is a draft. Publish it before you show it.") % {"n": version.number})
    row = version.notice.scenario
    back = place_url(request, "notice", row.pk)
    title = _("Record where version %(n)s is shown") % {"n": version.number}
    return edit(
        request,
        FormPage(
            title,
            _("Record it"),
            back,
            under_notice(request, row, title),
            note=str(row),
            template="deployments/upload_form.html",
        ),
        ShowingForm(
            request.POST or None,
            request.FILES or None,
            instance=NoticeShowing(tenant=request.tenant, pip_id=row.pip_id, version=version),
            initial={"shown_on": civil_today()},
            request=request,
        ),
        lambda values: services.record_showing(version, by=request.user, today=civil_today(), **values),
        to=f"{back}#shown",
        said=_("The showing is recorded."),
    )
