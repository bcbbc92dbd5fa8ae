"""Pages for anybody, opened by the code of a notice: send a request, and ask for its answer.

Nothing of the visitor is kept: no name, no address, no session. The form's own cookie is limited to this form, ends
with the browser, and only proves that what is sent comes from the form that was shown.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.forms import Form, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from deployments.models import Notice
from deployments.views.editing import add_errors
from portal.accounts.pages import ANYONE, page
from portal.calendars.clock import civil_today
from portal.cases import services
from portal.cases.choices import Channel, State, Step
from portal.cases.codes import fits, grouped
from portal.cases.models import Case, CaseNote
from portal.cases.public_forms import RequestForm, StatusForm
from portal.cases.targets import target_of
from portal.tenancy.public import asks_too_often
from portal.tenancy.session import make_read_only

DOOR = "door_notice"
COOKIE = "request_form"
LANGUAGES = ("zh-hans", "en")
# A whole hall may stand behind one address and have something to say; a machine has more. A code has sixty bits.
MOST_SENT, SENT_SECONDS = 30, 3600
MOST_ASKED, ASKED_SECONDS = 60, 600


def notice_of(request: HttpRequest, code: UUID) -> Notice:
    """The notice whose code opened the page."""
    if request.tenant is None:
        raise Http404
    notice = Notice.objects.select_related("pip", "scenario").filter(tenant=request.tenant, code=code).first()
    if notice is None:
        raise Http404
    notice.tenant = notice.pip.tenant = request.tenant
    return notice


def in_asked_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer in the language that the address asks for, else in that of the browser."""

    @wraps(view)
    def run(request: HttpRequest, code: UUID) -> HttpResponse:
        asked = request.GET.get("language")
        language = asked if asked in LANGUAGES else translation.get_language()
        with translation.override(language):
            response = view(request, code)
        response.headers["Content-Language"] = language
        return response

    return run


def shown(request: HttpRequest, template: str, notice: Notice, *, status: int = 200, **context: Any) -> HttpResponse:
    """A public page, of which no copy stays anywhere."""
    query = f"?language={request.GET['language']}" if request.GET.get("language") in LANGUAGES else ""
    context |= {
        "notice": notice,
        "pip": notice.pip,
        "query": query,
        "other": "en" if translation.get_language() == "zh-hans" else "zh-hans",
        "send_url": reverse("request_public", args=[notice.code]),
        "status_url": reverse("request_status", args=[notice.code]),
    }
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def too_often(request: HttpRequest) -> HttpResponse:
    """Nothing was written; the visitor may try again later."""
    return render(request, "429.html", status=429)


def signer(browser: str) -> Signer:
    """Signs the token of a form for the browser that holds the form's cookie."""
    return Signer(salt=f"portal.cases.form.{browser}")


@csrf_exempt  # the form's own cookie does it: the portal's is for people who are signed in
@page(ANYONE, writes=True, door=DOOR)
@in_asked_language
def request_public(request: HttpRequest, code: UUID) -> HttpResponse:
    """Send a request, a refusal or a complaint; the answer shows the reference and the secret code, once."""
    notice = notice_of(request, code)
    browser = request.COOKIES.get(COOKIE, "")[:64] or secrets.token_urlsafe(16)
    form = RequestForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        sending = token_of(form, browser)
        if form.is_valid() and sending:
            if asks_too_often(request, f"request:{code}", most=MOST_SENT, seconds=SENT_SECONDS):
                return too_often(request)
            try:
                row, secret = take_in(notice, form.cleaned_data, sending)
            except ValidationError as error:
                add_errors(form, error)
            else:
                address = request.build_absolute_uri(reverse("request_status", args=[code]))
                ticket = {"case": row, "code": grouped(secret), "address": address}
                return shown(request, "cases/public_sent.html", notice, **ticket)
        status = 422
    hand_out(form, browser)
    response = shown(request, "cases/public_request.html", notice, form=form, status=status)
    response.set_cookie(
        COOKIE,
        browser,
        path=reverse("request_public", args=[code]),
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def take_in(notice: Notice, values: dict[str, Any], sending: str) -> tuple[Case, str]:
    """The case that a visitor's words make."""
    today = civil_today()
    said = {name: values[name] for name in ("kind", "category", "asked", "place")}
    return services.receive(
        notice.pip,
        channel=Channel.PUBLIC,
        received_on=today,
        today=today,
        by=None,
        sending=sending,
        scenario=notice.scenario,
        **said,
    )


def token_of(form: Form, browser: str) -> str:
    """The token of the form that was shown to this browser; the form says what to do if it wasn't."""
    try:
        return signer(browser).unsign(form.data.get("sending", ""))
    except BadSignature:
        form.add_error(
            None,
            _("Send it once more. If this stands here again, allow cookies for this page: the form needs its own."),
        )
        return ""


def hand_out(form: Form, browser: str) -> None:
    """Give the form that is about to be shown a token of its own, and empty the field that only programs see."""
    fresh = signer(browser).sign(secrets.token_urlsafe(12))
    if not form.is_bound:
        form.initial["sending"] = fresh
        return
    form.data = form.data.copy()
    form.data["sending"], form.data["website"] = fresh, ""


@csrf_exempt  # reads one answer for whoever knows its code; nothing is written
@page(ANYONE, writes=True, door=DOOR)
@in_asked_language
def request_status(request: HttpRequest, code: UUID) -> HttpResponse:
    """State and answer of a request for whoever has reference and code; a wrong one of them says nothing more."""
    notice = notice_of(request, code)
    form = StatusForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return shown(request, "cases/public_status.html", notice, form=form)
    if asks_too_often(request, "answer", most=MOST_ASKED, seconds=ASKED_SECONDS):
        return too_often(request)
    make_read_only()
    row = None
    if form.is_valid():
        row = case_with(notice, **form.cleaned_data)
        if row is None:
            form.add_error(None, _("Reference and code don't belong together. Compare both with your note."))
    if row is None:
        return shown(request, "cases/public_status.html", notice, form=form, status=422)
    notes = CaseNote.objects.filter(case=row, step=Step.NOTE, is_for_person=True).exclude(text="")
    context = {
        "case": row,
        "is_open": row.state == State.OPEN,
        "target": target_of(row) if row.state == State.OPEN else None,
        "notes": notes.values("at", "text"),
    }
    return shown(request, "cases/public_answer.html", notice, **context)


def case_with(notice: Notice, *, reference: str, code: str) -> Case | None:
    """The case of this PIP with the reference, if the code is its own."""
    row = Case.objects.select_related("pip").filter(pip_id=notice.pip_id, reference=reference).first()
    return row if fits(code, row.code_hash if row else "") and row else None
