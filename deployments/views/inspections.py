"""Inspections: the register of what is due, and the page in the hand of the one who stands before the sign."""

from typing import Any
from uuid import uuid4

from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from deployments import services
from deployments.choices import VALID_RESULTS, sign_results
from deployments.filters import SOON, InspectionFilter
from deployments.models import Sign, SignInspection
from deployments.sign_forms import InspectionForm
from deployments.views.editing import add_errors
from deployments.views.lists import Register
from deployments.views.places import place_url
from deployments.views.signs import due_words, result_badge, signs_of, state_of
from portal.accounts.pages import page
from portal.calendars.clock import civil_today

JSON = "application/json"

INSPECTIONS = Register(
    "inspections",
    InspectionFilter,
    {
        "next": ("next_on", "pk"),
        "code": ("code", "pk"),
        "site": ("deployment__site__name", "code", "pk"),
    },
    # The headers of the vendor file, and what only the portal knows.
    {
        "sign_code": "code",
        "pip_uscc": "pip__uscc",
        "deployment_code": "deployment__code",
        "capture_area": "capture_area__name",
        "location": "location",
        "languages": "languages",
        "posted_on": "posted_on",
        "removed_on": "removed_on",
        "inspected_on": "inspected_on",
        "last_result": "last_result",
        "next_inspection_on": "next_on",
    },
)


@page("view_pip")
def inspections(request: HttpRequest) -> HttpResponse:
    """Every sign that hangs, with its last and its next inspection, the most urgent first."""
    rows = request.access.rows(Sign).hanging().inspected().scheduled()
    columns = (
        *("pk", "pip_id", "code", "location", "inspected_on", "last_result", "next_on"),
        *("deployment_id", "deployment__code", "deployment__site__name"),
    )
    return INSPECTIONS.answer(request, rows, columns, {}, dress)


def dress(rows: list[dict[str, Any]]) -> None:
    """How far each next inspection is."""
    today = civil_today()
    for row in rows:
        row |= due_words(row["next_on"], row["last_result"], today)
        row["badge"] = result_badge(row["last_result"])


@page("edit_register", writes=True)
def sign_inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a photo, say what you see: one form for a thumb, and the same answer to a second tap."""
    rows = Sign.objects.inspected().scheduled().select_related("deployment__site", "pip")
    row = request.access.get(rows, "edit_register", pk=pk)
    form = InspectionForm(request.POST or None, request.FILES or None, initial={"ticket": uuid4()})
    done = place_url(request, "sign_inspected", pk)
    if request.method == "POST" and form.is_valid():
        try:
            services.inspect_sign(row, by=request.user, today=civil_today(), now=now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return JsonResponse({"to": done}) if wants_json(request) else redirect(done)
    if request.method == "POST" and wants_json(request):
        return JsonResponse({"errors": form.said()}, status=422)
    context = {
        "sign": row,
        "state": state_of(row),
        "form": form,
        "is_first": row.posted_on is None,
        "findings": [(code, label) for code, label in sign_results() if code not in VALID_RESULTS],
        "done": done,
    }
    status = 422 if form.is_bound else 200
    context |= due_words(row.next_on, row.last_result, civil_today())
    response = render(request, "deployments/sign_inspect.html", context, status=status)
    # Gone back to, the page is asked for again: its ticket is good for one inspection.
    response["Cache-Control"] = "private, no-store"
    return response


def wants_json(request: HttpRequest) -> bool:
    """Whether the script sent the form; without it the page itself is the answer."""
    return request.headers.get("Accept") == JSON


@page("edit_register")
def sign_inspected(request: HttpRequest, pk: int) -> HttpResponse:
    """What was written down, and the next sign of the same place."""
    row = request.access.get(Sign.objects.select_related("deployment__site"), "edit_register", pk=pk)
    last = SignInspection.objects.filter(sign=row).first()
    today = civil_today()
    others = signs_of(deployment__site=row.deployment.site_id, removed_on__isnull=True).exclude(pk=pk)
    # An inspector who is on the spot looks at what is due soon, too.
    due = [one for one in others.order_by("next_on", "pk") if one.next_on is None or one.next_on <= today + SOON]
    # A sign that waits to be posted comes first: without it nobody is warned.
    waiting = sorted((one for one in due if one.inspected_on != today), key=lambda one: one.posted_on is not None)
    context = {
        "sign": row,
        "last": last,
        "following": waiting[0] if waiting else None,
        "waiting_number": len(waiting),
    }
    return render(request, "deployments/sign_inspected.html", context)
