"""A sign: its record, its print and its forms."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils.http import content_disposition_header
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from deployments import services
from deployments.choices import VALID_RESULTS
from deployments.forms import SignForm
from deployments.models import CaptureArea, Deployment, Device, Sign, SignInspection
from deployments.sign_forms import PrintForm
from deployments.sign_sheet import Material, read_material
from deployments.sign_sheet import sign_sheet as sheet_of
from deployments.sign_wording import CURRENT
from deployments.views.editing import FormPage, edit, for_writing, same_code, saved
from deployments.views.equipment import end, page_under
from deployments.views.places import place_url
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.documents.sign import render_sign
from portal.workflow import CaseError

# How many of each a page shows.
DEVICES_SHOWN = 100
LOOKS_SHOWN = 50
WITH = ("pip", "deployment__site", "deployment__scenario", "deployment__pip", "capture_area", "photo__original")


@dataclass(frozen=True)
class Lack:
    """What a printed sign lacks: the sentence, and the page on which it is put right."""

    sentence: str
    label: str
    view: str


LACKS = {
    "notice": Lack(
        gettext_lazy("The scenario has no notice yet; the code on the sign leads visitors to it."),
        gettext_lazy("Write the notice"),
        "notice",
    ),
    "purpose": Lack(gettext_lazy("The scenario says no purpose."), gettext_lazy("Give the purpose"), "scenario_edit"),
    "contact": Lack(
        gettext_lazy("The PIP has no telephone or e-mail of its PI protection officer."),
        gettext_lazy("Give the contact"),
        "pip_edit",
    ),
    "notice_unpublished": Lack(
        gettext_lazy("The notice is not published yet. Publish it before the sign hangs."),
        gettext_lazy("Open the notice"),
        "notice",
    ),
    "no_way": Lack(
        gettext_lazy("No other way than FR is recorded, so the sign names none (Article 10)."),
        gettext_lazy("Record the other way"),
        "choice",
    ),
    "no_withdrawal": Lack(
        gettext_lazy("It isn't recorded how a person withdraws consent, so the sign doesn't say it (Article 6)."),
        gettext_lazy("Record the way"),
        "consent",
    ),
}


def result_badge(result: str | None) -> str:
    """The badge of what an inspection found; *missing* is also what papers are."""
    return "gone" if result == "missing" else result or ""


def state_of(sign: Sign) -> str:
    """A sign in one word, for its badge; read with its last inspection."""
    if sign.removed_on is not None:
        return "removed"
    if sign.posted_on is None:
        return "to_post"
    return "posted" if (sign.last_result or "") in VALID_RESULTS else result_badge(sign.last_result)


def due_words(next_on: date | None, result: str | None, today: date) -> dict[str, Any]:
    """How far the next inspection is, whether its day has passed, or that a spoilt sign waits for it."""
    is_spoilt = (result or "") not in VALID_RESULTS
    if next_on is None or is_spoilt:
        return {"left": "", "is_overdue": False, "is_spoilt": is_spoilt}
    days = (next_on - today).days
    if days < 0:
        words = ngettext("%(n)d day overdue", "%(n)d days overdue", -days) % {"n": -days}
    else:
        words = _("today") if days == 0 else ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    return {"left": words, "is_overdue": days < 0, "is_spoilt": False}


def signs_of(*only: Q, **of: Any) -> QuerySet[Sign]:
    """Signs with their last and their next inspection."""
    rows = Sign.objects.filter(*only, **of).inspected().scheduled()
    return rows.select_related("capture_area", "deployment")


def dressed(row: Sign) -> Sign:
    """A sign with its state and the words of its next inspection."""
    row.state = state_of(row)
    row.due = due_words(row.next_on, row.last_result, civil_today())
    return row


def languages_of(sign: Sign) -> str:
    """The languages of a sign as the print form knows them."""
    has_zh, has_en = ("zh" in sign.languages.lower() or "中" in sign.languages), "en" in sign.languages.lower()
    return "en" if has_en and not has_zh else "zh" if has_zh and not has_en else "both"


def languages_in_words(sign: Sign) -> str:
    """The languages of a sign by their names; one without a name here as it was written."""
    named = {"zh": _("Chinese"), "en": _("English")}
    written = [part for part in re.split(r"[\s,;/、，；]+", sign.languages) if part]
    return _(", ").join(named.get(part.lower(), part) for part in written)


# The record


@page("view_pip")
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a sign: its photo, its facts, what it covers, who looked at it, and its print."""
    rows = Sign.objects.inspected().scheduled().select_related(*WITH)
    row = request.access.get(rows, "view_pip", pk=pk)
    for owned in (row, row.deployment, row.pip):
        owned.tenant = request.tenant
    looks = SignInspection.objects.filter(sign=row).select_related("photo__original", "inspected_by")
    looks = list(looks[: LOOKS_SHOWN + 1])
    devices = covered_devices(row)
    photo = next((look.photo for look in looks if look.photo), row.photo)
    material = read_material(row)
    context = {
        "sign": row,
        "state": state_of(row),
        "facts": sign_facts(row),
        "photo": photo,
        "entries": history(row, looks[:LOOKS_SHOWN]),
        "is_cut": len(looks) > LOOKS_SHOWN,
        "devices": devices[:DEVICES_SHOWN],
        "devices_number": len(devices),
        "form": PrintForm(initial={"size": row.size or "A4", "languages": languages_of(row)}),
        "lacks": lacks(request, material, material.missing),
        "doubts": lacks(request, material, material.doubts),
        "may_edit": request.access.can("edit_register", row.pip_id) and row.removed_on is None,
    }
    return render(request, "deployments/sign.html", context | due_words(row.next_on, row.last_result, civil_today()))


def covered_devices(row: Sign) -> list[Device]:
    """The devices in use of which a sign warns: those of its area, or without one those of the whole deployment."""
    own = Q(capture_area=row.capture_area_id) if row.capture_area_id else Q()
    return list(Device.objects.filter(own, deployment=row.deployment_id).in_use().select_related("capture_area"))


def sign_facts(row: Sign) -> list[tuple[Any, Any]]:
    """Label and value of a sign's own facts."""
    facts = [
        (_("Place of the sign"), row.location),
        (_("Warns of"), row.capture_area.name if row.capture_area else _("every device of the deployment")),
        (_("Posted on"), row.posted_on or _("not posted yet")),
        (_("Languages"), languages_in_words(row)),
        (_("Size"), row.get_size_display()),
        (_("Version of the wording"), row.wording, _("The current one is %(version)s.") % {"version": CURRENT}),
        (
            _("Inspected every"),
            days_of(row),
            _("portal default, not law"),
        ),
    ]
    if row.removed_on:
        facts.insert(3, (_("Taken down on"), row.removed_on))
    return facts


def days_of(row: Sign) -> str:
    """The interval of a sign's site in words."""
    days = row.deployment.site.inspection_days
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def history(row: Sign, looks: list[SignInspection]) -> list[dict[str, Any]]:
    """Everything that happened to a sign, the newest first."""
    found = [
        {
            "kind": "accepted" if look.result in VALID_RESULTS else "warning",
            "what": look.get_result_display(),
            "moment": look.inspected_at,
            "who": look.inspected_by,
            "detail": look.note,
            "photo": look.photo,
        }
        for look in looks
    ]
    # A day is before everything that it saw, or after it.
    for day, at, what in ((row.removed_on, time.max, _("Taken down")), (row.posted_on, time.min, _("Posted"))):
        if day:
            moment = datetime.combine(day, at, get_default_timezone())
            found.append({"kind": "", "what": what, "day": day, "moment": moment})
    return sorted(found, key=lambda entry: entry["moment"], reverse=True)


def lacks(request: HttpRequest, material: Material, names: list[str]) -> list[dict[str, Any]]:
    """What a printed sign lacks, for those who may with the address at which it is put right."""
    scenario = material.sign.deployment.scenario
    may_edit = request.access.can("edit_register", material.sign.pip_id)
    found = []
    for name in names:
        lack = LACKS[name]
        if not may_edit:
            found.append({"sentence": lack.sentence})
            continue
        try:
            key = material.sign.pip.uscc if lack.view == "pip_edit" else scenario.pk
            url = place_url(request, lack.view, key)
        except NoReverseMatch:
            url = place_url(request, "scenario", scenario.pk)
        found.append({"sentence": lack.sentence, "label": lack.label, "url": url})
    return found


@page("view_pip")
def sign_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sign as PDF, on the paper and in the languages that were chosen."""
    row = request.access.get(Sign.objects.select_related(*WITH), "view_pip", pk=pk)
    row.tenant = request.tenant
    form = PrintForm(request.GET)
    if not form.is_valid():
        raise Http404
    material = read_material(row)
    if material.missing:
        raise CaseError(" ".join(str(LACKS[name].sentence) for name in material.missing))
    size, languages = form.cleaned_data["size"], form.cleaned_data["languages"]
    paper = render_sign(sheet_of(material, paper=size, languages=languages))
    name = f"{row.code}-{size}-{languages}.pdf"
    headers = {"Content-Disposition": content_disposition_header(True, name), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


# The forms


def next_code(row: Deployment) -> str:
    """A code for the deployment's next sign that no other sign of it has."""
    number = Sign.objects.filter(deployment=row).count() + 1
    return f"{row.code}-S{number}"[:60]


@page("edit_register", writes=True)
def sign_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a sign that hangs, or with ``print`` one that is printed next."""
    row = request.access.get(Deployment, "edit_register", pk=pk)
    is_print = "print" in request.GET
    initial: dict[str, Any] = {"code": next_code(row), "languages": "zh, en", "posted_on": civil_today()}
    if is_print:
        initial |= {"size": "A4", "wording": CURRENT}
    if request.GET.get("area", "").isdecimal():
        initial["capture_area"] = CaptureArea.objects.filter(deployment=row, pk=int(request.GET["area"])).first()
    title = _("Print a sign") if is_print else _("Record a sign")
    return edit(
        request,
        page_under(request, row, title, _("Go on to the print") if is_print else _("Record the sign")),
        SignForm(
            request.POST or None,
            request.FILES or None,
            instance=Sign(tenant=request.tenant, pip_id=row.pip_id, deployment=row),
            initial=initial,
            is_print=is_print,
            request=request,
        ),
        lambda values: services.post_sign(row, today=civil_today(), by=request.user, **values),
        to=lambda made: after_sign(request, made),
        said=lambda made: _("The sign is recorded.") if made.hangs else _("The sign is ready to be printed."),
        twin=same_code(Sign, tenant=request.tenant, pip=row.pip_id),
    )


def after_sign(request: HttpRequest, made: Sign) -> str:
    """Where a new sign leads: to its deployment, or to its print while it doesn't hang."""
    if made.hangs:
        return place_url(request, "deployment", made.deployment_id) + "#signs"
    return place_url(request, "sign", made.pk) + "#print"


@page("edit_register", writes=True)
def sign_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a sign."""
    row = request.access.get(for_writing(request, Sign.objects.all()), "edit_register", pk=pk)
    return edit(
        request,
        page_of(request, row, _("Edit the sign"), _("Save the sign")),
        SignForm(request.POST or None, request.FILES or None, instance=row, request=request),
        lambda values: services.edit_sign(row, today=civil_today(), by=request.user, **values),
        to=place_url(request, "sign", pk),
        said=saved,
        twin=same_code(Sign, tenant=request.tenant, pip=row.pip_id),
    )


@page("edit_register", writes=True)
def sign_take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a sign was taken down."""
    row = request.access.get(for_writing(request, Sign.objects.all()), "edit_register", pk=pk)
    title = _("Take down the sign %(code)s") % {"code": row.code}
    return end(
        request,
        page_of(request, row, title, _("Record it as taken down"), template="deployments/end.html"),
        _("taken down on"),
        lambda on: services.take_down_sign(row, removed_on=on, today=civil_today()),
        _("The sign is recorded as taken down."),
    )


def page_of(request: HttpRequest, row: Sign, title: str, submit: str, **more: Any) -> FormPage:
    """A form page under a sign's record."""
    place = row.deployment
    steps = [
        (_("Deployments"), place_url(request, "deployments")),
        (str(place), place_url(request, "signs", place.pk)),
        (str(row), place_url(request, "sign", row.pk)),
        (title, ""),
    ]
    return FormPage(title, submit, place_url(request, "sign", row.pk), steps, **more)
