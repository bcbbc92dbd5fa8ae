"""Channels of a workspace: mail, robots, webhooks; each red until a person typed back what its test brought."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from portal.accounts.pages import MEMBER, page
from portal.calendars.clock import civil_today
from portal.desk.paging import newest_first
from portal.notifications import services
from portal.notifications.forms import ChoiceForm, CodeForm, RobotForm
from portal.notifications.models import ChannelChoice, EventKind, MailTest, OutgoingEvent, Robot
from portal.notifications.webhooks import EVENT_ID, SIGNATURE
from portal.obligations.models import Delivery

OWNER = "manage_members"


def robots(request: HttpRequest):
    """The robots and webhooks of the workspace."""
    return Robot.objects.filter(tenant=request.tenant)


def robot_or_404(request: HttpRequest, code: Any) -> Robot:
    """One of them."""
    robot = robots(request).select_related("tenant", "tested_by").filter(code=code).first()
    if robot is None:
        raise Http404
    return robot


@page(OWNER)
def channels(request: HttpRequest) -> HttpResponse:
    """Mail, robots and webhooks, and whether each has proved that it brings something."""
    rows = list(robots(request).prefetch_related("robot_pips__pip", "robot_pips__robot"))
    asked = MailTest.objects.filter(sent_to=request.user).order_by("-id").first()
    context = {
        "title": _("Channels"),
        "rows": rows,
        "mail": services.mail_proof(),
        "code_form": CodeForm() if asked is not None and asked.awaits_code else None,
    }
    return render(request, "desk/channels.html", context)


@page(OWNER, writes=True)
def mail_test(request: HttpRequest) -> HttpResponse:
    """Send oneself a test mail."""
    if request.method == "POST":
        refusal = services.send_mail_test(request.tenant, by=request.user)
        if refusal:
            messages.error(request, _("The mail server did not take the mail: %(why)s") % {"why": refusal})
        else:
            messages.success(request, _("A mail is on its way to %(to)s.") % {"to": request.user.email})
    return redirect("desk:channels", request.tenant.slug)


@page(OWNER, writes=True)
def mail_confirm(request: HttpRequest) -> HttpResponse:
    """Type back the code of the test mail."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if services.confirm_mail(form.cleaned_data["code"], by=request.user, on=civil_today()):
            messages.success(request, _("Mail arrives: the proof is kept with the day and your name."))
        else:
            messages.error(request, _("This is not the code of the newest test message, or it is older than a day."))
    return redirect("desk:channels", request.tenant.slug)


@sensitive_post_parameters("address", "secret")
@page(OWNER, writes=True)
def add_robot(request: HttpRequest) -> HttpResponse:
    """Set up a robot or a webhook."""
    form = RobotForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        robot = services.add_robot(request.tenant, kind=form.cleaned_data["kind"], **form.values())
        messages.success(request, _("%(name)s is set up. Send a test message now.") % {"name": robot.name})
        return redirect(robot)
    context = {"form": form, "title": _("Add a channel"), "save": _("Add the channel")}
    return render(request, "desk/channel_form.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("address", "secret")
@page(OWNER, writes=True)
def change_robot(request: HttpRequest, code: Any) -> HttpResponse:
    """Change what a robot is told, or where it lives."""
    robot = robot_or_404(request, code)
    form = RobotForm(request.POST or None, request=request, robot=robot)
    if request.method == "POST" and form.is_valid():
        services.change_robot(robot, **form.values())
        messages.success(request, _("%(name)s is changed.") % {"name": robot.name})
        return redirect(robot)
    context = {"form": form, "title": robot.name, "robot": robot, "save": _("Save the changes")}
    return render(request, "desk/channel_form.html", context, status=422 if form.errors else 200)


@page(OWNER)
def robot(request: HttpRequest, code: Any) -> HttpResponse:
    """One robot or webhook: whether it works, what it is told of, what it was sent."""
    row = robot_or_404(request, code)
    context = {
        "title": row.name,
        "robot": row,
        "facts": facts_of(row),
        "code_form": CodeForm() if row.awaits_code else None,
        "kinds": EventKind.choices,
        "signature": SIGNATURE,
        "event_id": EVENT_ID,
    }
    if row.is_webhook:
        leaf = newest_first(request, request.access.rows(OutgoingEvent).filter(robot=row).select_related("pip"))
        context |= {"leaf": leaf, "events": leaf.rows}
    return render(request, "desk/channel.html", context)


def facts_of(row: Robot) -> list[tuple[Any, ...]]:
    """The robot in a few lines."""
    chosen = row.robot_pips.select_related("pip")
    pips = _("all PIPs, also those added later") if row.has_all_pips else ", ".join(one.pip.name for one in chosen)
    rows = OutgoingEvent.objects.filter(robot=row) if row.is_webhook else Delivery.objects.filter(robot=row)
    numbers = rows.aggregate(
        sent=Count("pk", filter=Q(state="sent")),
        waiting=Count("pk", filter=Q(state="waiting")),
        failed=Count("pk", filter=Q(state="failed")),
    )
    proof = _("%(day)s, by %(person)s") % {"day": row.tested_on, "person": row.tested_by} if row.tested_on else ""
    return [
        (_("Kind"), row.get_kind_display()),
        (_("Server"), row.host, _("The address and the secret are encrypted; nobody is shown them again.")),
        (_("Told of"), _("dates set by law only") if row.is_law_only else _("everything, dates set by law first")),
        (_("For"), pips),
        (_("Language"), row.get_language_display()),
        (_("Test arrived"), proof or _("not tested yet")),
        (_("Sent, waiting, failed"), _("%(sent)s sent, %(waiting)s waiting, %(failed)s failed") % numbers),
    ]


@page(OWNER, writes=True)
def robot_test(request: HttpRequest, code: Any) -> HttpResponse:
    """Send the test message."""
    row = robot_or_404(request, code)
    if request.method == "POST":
        if services.send_test(row):
            messages.success(request, _("The server took the message. Read its code and type it back here."))
        else:
            messages.error(request, _("The message was not taken: %(why)s") % {"why": row.test_failure})
    return redirect(row)


@page(OWNER, writes=True)
def robot_confirm(request: HttpRequest, code: Any) -> HttpResponse:
    """Type back the code of the test message."""
    row, form = robot_or_404(request, code), CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if services.confirm_test(row, form.cleaned_data["code"], by=request.user, on=civil_today()):
            messages.success(request, _("%(name)s works from now on.") % {"name": row.name})
        else:
            messages.error(request, _("This is not the code of the newest test message, or it is older than a day."))
    return redirect(row)


@page(OWNER, writes=True)
def robot_switch(request: HttpRequest, code: Any) -> HttpResponse:
    """Switch a robot off or on."""
    row = robot_or_404(request, code)
    if request.method == "POST" and row.state == "off":
        services.switch_on(row)
        messages.success(request, _("%(name)s is switched on.") % {"name": row.name})
    elif request.method == "POST":
        services.switch_off(row)
        messages.success(request, _("%(name)s is told nothing more.") % {"name": row.name})
    return redirect(row)


@page(OWNER, writes=True)
def replay_event(request: HttpRequest, code: Any, pk: int) -> HttpResponse:
    """Send an event again."""
    row = robot_or_404(request, code)
    event = request.access.rows(OutgoingEvent).filter(robot=row, pk=pk).first()
    if event is None:
        raise Http404
    if request.method == "POST":
        services.replay(event)
        messages.success(request, _("The event is sent again within a minute, with the same id."))
    return redirect(row)


@page(MEMBER, writes=True)
def own_channels(request: HttpRequest) -> HttpResponse:
    """By which channels the reader is told, in this workspace."""
    chosen = ChannelChoice.objects.filter(tenant=request.tenant, user=request.user).first()
    now = "yes" if chosen is None or chosen.mails_recommended else "no"
    form = ChoiceForm(request.POST or None, initial={"mails_recommended": now})
    if request.method == "POST" and form.is_valid():
        is_wanted = form.cleaned_data["mails_recommended"] == "yes"
        services.choose_channels(request.tenant, request.user, mails_recommended=is_wanted)
        messages.success(request, _("Your choice is kept."))
        return redirect("desk:own_channels", request.tenant.slug)
    context = {"form": form, "title": _("How you are told"), "may_set_up": request.access.can(OWNER)}
    return render(request, "desk/own_channels.html", context, status=422 if form.errors else 200)
