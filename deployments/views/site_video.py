"""A site under the Video Regulations: its system, the filing with the county police, its neighbour, its proofs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from deployments import services
from deployments.models import GovernanceRecord, Site
from deployments.site_forms import NeighbourForm, PoliceChangeForm, PoliceFilingForm, SiteProofForm, VideoForm
from deployments.video import changes_since_filing, police_reckoning
from deployments.views.duties import duties_of
from deployments.views.editing import FormPage, edit, for_writing, saved
from deployments.views.places import crumbs, place_url
from deployments.views.sites import next_of, read_site, site_context
from portal.accounts.pages import page
from portal.calendars.clock import calendar, civil_today, working_days_left
from portal.law import enums
from portal.law.rules.video import PUBLIC_SYSTEM, RETENTION_DAYS
from portal.law.sources import VIDEO

PROOFS_SHOWN = 50
# Video Regulations Art 9: what is asked of other public places is less.
ASKED_OF = {"video_post": enums.ART7, "video_viewing": PUBLIC_SYSTEM}


@page("view_pip")
def site_police(request: HttpRequest, pk: int) -> HttpResponse:
    """What the Video Regulations ask of the place, and what is recorded of it."""
    row = read_site(request, pk, "police_proof", "police_change_proof", "secret_unit_consent")
    today = civil_today()
    duties = duties_of(request, row.pip_id, f"site:{row.code}")
    reckoning = police_reckoning(row.video_in_use_on, calendar())
    proofs = GovernanceRecord.objects.filter(tenant=request.tenant, site=row).select_related("evidence", "recorded_by")
    proofs = list(proofs[:PROOFS_SHOWN])
    context = site_context(request, row, "site_police") | {
        "today": today,
        "is_art7": row.video_category in enums.ART7,
        "facts": video_facts(row),
        "reckoning": reckoning,
        "left": working_days_left(today, reckoning.due) if reckoning else None,
        "is_late": bool(reckoning and row.police_filed_on and row.police_filed_on > reckoning.due),
        "changes": changes_since_filing(row),
        "kinds": kinds_of(row, proofs) if row.video_category in PUBLIC_SYSTEM or proofs else [],
        "proofs": proofs,
        "next": next_of(request, row, duties),
        "where": ", ".join(dict.fromkeys(part for part in (row.get_province_display(), row.city) if part)),
        "law_of_filing": [VIDEO(14)],
        "law_of_neighbour": [VIDEO(10)],
        "law_of_proofs": [VIDEO(15), VIDEO(16), VIDEO(21), VIDEO(22)],
    }
    return render(request, "deployments/site_video.html", context)


def video_facts(row: Site) -> list[tuple[Any, ...]]:
    """Label, value and note of the video system."""
    facts: list[tuple[Any, ...]] = [
        (_("Category"), enums.VIDEO_CATEGORIES.get(row.video_category, "")),
        (_("In use since"), row.video_in_use_on),
    ]
    if row.video_category in enums.ART7:
        is_short = row.video_retention_days is not None and row.video_retention_days < RETENTION_DAYS
        note = _("Shorter than the 30 days of Article 17.") if is_short else _("30 days at least (Article 17).")
        days = "" if row.video_retention_days is None else _("%(n)d days") % {"n": row.video_retention_days}
        facts.append((_("Video is kept for"), days, note))
    return facts


def kinds_of(row: Site, proofs: list[GovernanceRecord]) -> list[dict[str, Any]]:
    """Each kind of proof with its newest one, and whether the Regulations ask for it here."""
    found = []
    for kind, categories in ASKED_OF.items():
        newest = next((proof for proof in proofs if proof.kind == kind), None)
        is_asked = row.video_category in categories
        label = enums.GOVERNANCE_KINDS[kind]
        found.append({"code": kind, "label": label, "newest": newest, "is_asked": is_asked})
    return found


def held_site(request: HttpRequest, pk: int) -> Site:
    """The site, held while a form of it is saved."""
    return request.access.get(for_writing(request, Site.objects.all()), "edit_register", pk=pk)


def page_of(request: HttpRequest, row: Site, title: str, submit: str) -> FormPage:
    """A form page under the site's page of the Video Regulations."""
    steps = crumbs(request, "sites", _("Sites"), row, title)
    return FormPage(title, submit, place_url(request, "site_police", row.pk), steps)


@page("edit_register", writes=True)
def site_video_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Describe the video system."""
    row = held_site(request, pk)
    form_page = page_of(request, row, _("Describe the video system"), _("Save the video system"))
    return edit(
        request,
        form_page,
        VideoForm(request.POST or None, instance=row, request=request),
        lambda values: services.set_video(row, today=civil_today(), **values),
        to=form_page.cancel,
        said=saved,
    )


@page("edit_register", writes=True)
def site_police_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the filing with the county police."""
    row = held_site(request, pk)
    form_page = page_of(request, row, _("Record the filing with the police"), _("Record the filing"))
    return edit(
        request,
        form_page,
        PoliceFilingForm(request.POST or None, request.FILES or None, instance=row, request=request),
        lambda values: services.file_with_police(
            row,
            filed_on=values["police_filed_on"],
            number=values["police_filing_number"],
            receipt=values["receipt"],
            by=request.user,
            today=civil_today(),
        ),
        to=form_page.cancel,
        said=saved,
    )


@page("edit_register", writes=True)
def site_police_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a change was filed with the county police."""
    row = held_site(request, pk)
    form_page = page_of(request, row, _("Record a filed change"), _("Record the change"))
    return edit(
        request,
        form_page,
        PoliceChangeForm(request.POST or None, request.FILES or None, instance=row, request=request),
        lambda values: services.file_change(
            row,
            filed_on=values["police_change_filed_on"],
            receipt=values["receipt"],
            by=request.user,
            today=civil_today(),
        ),
        to=form_page.cancel,
        said=saved,
    )


@page("edit_register", writes=True)
def site_neighbour(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer whether a military or secret-related unit is near, and record its consent."""
    row = held_site(request, pk)
    form_page = page_of(request, row, _("Military or secret-related unit nearby"), _("Save the answer"))
    return edit(
        request,
        form_page,
        NeighbourForm(request.POST or None, request.FILES or None, instance=row, request=request),
        lambda values: services.answer_neighbour(
            row,
            is_near=values["near_secret_unit"],
            consent_on=values["secret_unit_consent_on"],
            letter=values["letter"],
            by=request.user,
            today=civil_today(),
        ),
        to=form_page.cancel,
        said=saved,
    )


@page("edit_register", writes=True)
def site_proof_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a dated proof of the unit that manages the video system."""
    row = request.access.get(Site, "edit_register", pk=pk)
    form_page = page_of(request, row, _("Record a proof"), _("Record the proof"))
    return edit(
        request,
        form_page,
        SiteProofForm(
            request.POST or None,
            request.FILES or None,
            instance=GovernanceRecord(tenant=request.tenant, pip_id=row.pip_id, site=row),
            initial={"kind": request.GET.get("kind", ""), "done_on": civil_today()},
            request=request,
        ),
        lambda values: services.prove_of_site(row, by=request.user, today=civil_today(), **values),
        to=form_page.cancel,
        said=_("The proof is recorded."),
    )
