"""The ladder of a workspace, and what people answer to a reminder: on the duty's page, or by the link of a mail."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from portal.accounts.access import Access
from portal.accounts.models import Membership, User
from portal.accounts.pages import ANYONE, page
from portal.calendars.clock import civil_today
from portal.clock.ladders import set_ladder
from portal.clock.links import named_by
from portal.clock.models import ESCALATE_AFTER, MOST_SNOOZE, Acknowledgement, Ladder
from portal.clock.reminders import ladder_days
from portal.clock.rungs import STEP
from portal.desk.acts import act_of
from portal.desk.forms_reminders import AnswerForm, LadderForm
from portal.desk.views_duties import with_days_left
from portal.law.threshold import LADDER
from portal.obligations.models import Delivery, Obligation, State
from portal.obligations.subjects import row_of, subjects_of
from portal.tenancy.models import Tenant
from portal.tenancy.public import asks_too_often
from portal.tenancy.session import acting
from portal.workflow import CaseError


@page("manage_members", writes=True)
def ladder_settings(request: HttpRequest) -> HttpResponse:
    """Set the ladder of the workspace; open duties get it at once."""
    own = Ladder.objects.filter(tenant=request.tenant).first()
    stands = {
        "days": ", ".join(map(str, ladder_days())),
        "escalate_after": own.escalate_after if own else ESCALATE_AFTER,
    }
    form = LadderForm(request.POST or None, initial=stands)
    if request.method == "POST" and form.is_valid():
        try:
            days = set_ladder(
                form.cleaned_data["days"], escalate_after=form.cleaned_data["escalate_after"], today=civil_today()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            shown = _(", ").join(map(str, days))
            messages.success(
                request, _("From now on people are reminded %(days)s working days before the date.") % {"days": shown}
            )
            return redirect("desk:ladder", request.tenant.slug)
    context = {
        "title": _("Reminders of this workspace"),
        "form": form,
        "is_own": own is not None,
        "default": _(", ").join(map(str, LADDER)),
        "default_escalation": ESCALATE_AFTER,
    }
    return render(request, "desk/ladder.html", context, status=422 if form.errors else 200)


@page("view_pip", writes=True)
def answer_duty(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the reminders of a duty from its own page."""
    duty = request.access.get(Obligation.objects.select_related("pip", "tenant"), "view_pip", pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and form.act(duty, by=request.user):
        messages.success(request, _("Your answer stands in the timeline."))
        return redirect(duty)
    context = {"title": _("Answer the reminders"), "duty": duty, "form": form, "most": MOST_SNOOZE}
    return render(request, "desk/answer_duty.html", context, status=422 if form.errors else 200)


@page("view_pip")
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead on to where the duty is met; where that takes a button, to the duty's own page, which has it."""
    duty = request.access.get(Obligation.objects.select_related("pip", "tenant"), "view_pip", pk=pk)
    act = act_of(request, duty, row_of(duty))
    return redirect(duty if act is None or act.posts else act.url)


@csrf_exempt  # only who has the mail knows the address, and a button on the page acts
@page(ANYONE, writes=True)
def answer_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a reminder by the link in its mail, without signing in. It shows what the mail said, and no more."""
    if asks_too_often(request, "answer"):
        return render(request, "429.html", status=429)
    names = named_by(token)
    if names is None:
        return refused(request, _("This link has run out or is not whole. Sign in and open the duty from the inbox."))
    tenant = Tenant(pk=names[0])
    with acting(tenant, actor="public", verb="reminder.open_link"):
        delivery = (
            Delivery.objects.select_related("user", "reminder__obligation__pip", "reminder__obligation__tenant")
            .filter(pk=names[1], user__isnull=False)
            .first()
        )
    if delivery is None:
        return refused(request, _("This link has run out or is not whole. Sign in and open the duty from the inbox."))
    person = delivery.user
    with override(language_of(request, person)), acting(tenant, actor=f"user:{person.pk}", user_id=person.pk):
        return answered_by_link(request, delivery)


def language_of(request: HttpRequest, person: User) -> str:
    """The language chosen on this browser's pages, else the person's own."""
    chosen = request.COOKIES.get("language", "")
    return chosen if chosen in dict(settings.LANGUAGES) else person.language


def refused(request: HttpRequest, sentence: str, duty: Obligation | None = None, status: int = 410) -> HttpResponse:
    """A page that says why the link does nothing any more."""
    context = {"title": _("Nothing to answer"), "sentence": sentence, "duty": duty}
    return private(render(request, "desk/answer_refused.html", context, status=status))


def private(response: HttpResponse) -> HttpResponse:
    """Nobody keeps the page, and no address is handed on with a click."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def answered_by_link(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    """The page of a link whose person is known, and what its buttons do."""
    duty, person, today = delivery.reminder.obligation, delivery.user, civil_today()
    membership = Membership.objects.current(today).filter(tenant=duty.tenant, user=person).first()
    access = Access(person, duty.tenant, membership) if membership else None
    if access is None or access.is_read_only or not access.can("view_pip", duty.pip_id):
        return refused(request, _("Your access to this has ended. Ask an owner of the workspace."))
    if duty.state != State.OPEN:
        return refused(request, _("This duty is open no more. There is nothing left to do."), duty, status=200)
    if delivery.reminder.rung.startswith(STEP) or delivery.reminder.aims_at != duty.safe_on:
        return refused(
            request, _("The date has moved since this mail was sent. Answer the newest mail, or open the duty."), duty
        )
    used = Acknowledgement.objects.filter(
        obligation=duty, user=person, aims_at=duty.safe_on, at__gte=delivery.created_at
    ).first()
    if used is not None:
        return shown(request, delivery, used=used)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if form.act(duty, by=person):
                return private(redirect(request.path))
        except CaseError as error:
            return refused(request, str(error), duty, status=409)
    return shown(request, delivery, form=form, status=422 if form.errors else 200)


def shown(
    request: HttpRequest, delivery: Delivery, *, used: Any = None, form: Any = None, status: int = 200
) -> HttpResponse:
    """What the mail said, and either the answer that stands or the two buttons."""
    duty = delivery.reminder.obligation
    with_days_left([duty])
    duty.about = subjects_of([duty])[duty.pk]
    context = {
        "title": duty.title,
        "duty": duty,
        "person": delivery.user,
        "layer": duty.law.layer,
        "is_law": duty.law.layer == "law",
        "used": used,
        "form": form,
        "address": reverse("desk:obligation", args=[duty.tenant.slug, duty.pk]),
    }
    return private(render(request, "desk/answer.html", context, status=status))
