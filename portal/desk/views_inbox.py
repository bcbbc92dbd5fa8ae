"""What the portal told people: everybody's own inbox, and the log of all deliveries for those who answer for it."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.accounts.pages import MEMBER, page
from portal.desk.paging import capped_count, newest_first
from portal.desk.views_duties import with_days_left
from portal.desk.views_trail import MOST_EXPORTED, midnight
from portal.documents.workbook import csv_lines
from portal.notifications.models import WeeklyReceipt
from portal.obligations.models import Delivery, Obligation
from portal.obligations.subjects import subjects_of

CHOICES = {name: Delivery._meta.get_field(name).choices for name in ("state", "channel")}
MOST_UNFOLDED = 3
OF_DUTY = ("reminder__obligation__pip__tenant", "reminder__obligation__tenant")
A_YEAR = timedelta(days=366)


def own_messages(request: HttpRequest) -> QuerySet[Delivery]:
    """The reader's messages of the last year, about PIPs that he may still see; older ones stay in the log."""
    rows = request.access.rows(Delivery, "view_pip")
    return rows.filter(user=request.user, channel="inbox", created_at__gte=timezone.now() - A_YEAR)


@page(MEMBER)
def inbox(request: HttpRequest) -> HttpResponse:
    """The reader's messages, newest first."""
    mine = own_messages(request)
    unread = mine.filter(read_at__isnull=True)
    shown = unread if request.GET.get("show") == "unread" else mine
    leaf = newest_first(request, shown.select_related(*OF_DUTY))
    with_days_left(with_subjects(leaf.rows))
    number = capped_count(unread)
    context = {
        "title": _("Inbox"),
        "leaf": leaf,
        "rows": leaf.rows,
        "groups": grouped(leaf.rows),
        "unread": number,
        "tabs": [
            {"label": _("All"), "url": request.path, "count": None, "current": shown is mine},
            {"label": _("Unread"), "url": "?show=unread", "count": number, "current": shown is not mine},
        ],
    }
    return render(request, "desk/inbox.html", context)


def with_subjects(rows: list[Delivery]) -> list[Obligation]:
    """The duties that are told, each with what it is about."""
    duties = [row.reminder.obligation for row in rows]
    subjects = subjects_of(duties)
    for duty in duties:
        duty.about = subjects[duty.pk]
    return duties


def grouped(rows: list[Delivery]) -> list[dict[str, Any]]:
    """Messages of one rule that came one after the other: the first ones, and the rest to be unfolded."""
    groups = []
    for _rule, found in groupby(rows, key=lambda row: row.reminder.obligation.rule):
        alike = list(found)
        rest = alike[MOST_UNFOLDED:]
        unread = sum(row.read_at is None for row in rest)
        groups.append(
            {
                "title": alike[0].reminder.obligation.title,
                "first": alike[:MOST_UNFOLDED],
                "rest": rest,
                "unread": unread,
                "unread_words": ngettext("%(count)d unread", "%(count)d unread", unread) % {"count": unread},
            }
        )
    return groups


@page(MEMBER, writes=True, open_to_readers=True)
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark one message as read and go to its duty, or mark them all."""
    if request.method != "POST":
        return redirect("desk:inbox", request.tenant.slug)
    mine = own_messages(request).filter(read_at__isnull=True)
    chosen = request.POST.get("delivery", "")
    if not chosen:
        mine.update(read_at=timezone.now())
        return redirect("desk:inbox", request.tenant.slug)
    row = own_messages(request).filter(pk=int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0)
    message = row.select_related("reminder").first()
    if message is None:
        return redirect("desk:inbox", request.tenant.slug)
    mine.filter(pk=message.pk).update(read_at=timezone.now())
    return redirect("desk:obligation", request.tenant.slug, message.reminder.obligation_id)


class DeliveryFilter(forms.Form):
    """Channel, result, PIP, days, and what one letter carried."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), required=False, choices=[("", gettext_lazy("all")), *CHOICES["channel"]]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Result"),
        required=False,
        choices=[("", gettext_lazy("all")), *CHOICES["state"], ("held", gettext_lazy("held back"))],
    )
    pip = forms.ChoiceField(label=gettext_lazy("PIP"), required=False)
    since = forms.DateField(
        label=gettext_lazy("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    letter = forms.IntegerField(
        label=gettext_lazy("Number of the letter"), required=False, min_value=1, max_value=2**63 - 1
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pips = [(pip.uscc, pip.name) for pip in request.access.pips("view_pip")]
        self.fields["pip"].choices = [("", _("all")), *pips]

    def narrow(self, rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """The deliveries that fit."""
        self.is_valid()
        chosen = self.cleaned_data
        lookups = {"channel": "channel", "state": "state", "pip": "pip__uscc", "letter": "letter"}
        if chosen.get("state") == "held":
            chosen = chosen | {"state": ""}
            rows = rows.filter(held_on__isnull=False)
        if chosen.get("since"):
            rows = rows.filter(created_at__gte=midnight(chosen["since"]))
        if chosen.get("until") and chosen["until"] < date.max:
            rows = rows.filter(created_at__lt=midnight(chosen["until"] + timedelta(days=1)))
        return rows.filter(**{lookups[name]: chosen[name] for name in lookups if chosen.get(name)})


def logged(request: HttpRequest, form: DeliveryFilter) -> QuerySet[Delivery]:
    """The deliveries that the reader may see and that fit, with what a line of the log says."""
    rows = form.narrow(request.access.rows(Delivery, "view_pip"))
    return rows.select_related("user", "robot", "instead_of__robot", *OF_DUTY)


@page("view_audit")
def deliveries(request: HttpRequest) -> HttpResponse:
    """Who was told what, when, by which channel, with which result."""
    form = DeliveryFilter(request.GET, request=request)
    rows = logged(request, form)
    leaf = newest_first(request, rows)
    with_subjects(leaf.rows)
    context = {
        "title": _("Delivery log"),
        "form": form,
        "leaf": leaf,
        "rows": leaf.rows,
        "count": capped_count(rows),
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/deliveries.html", context)


@page("view_audit")
def export(request: HttpRequest) -> HttpResponse:
    """What the filter shows, newest first, as a table."""
    form = DeliveryFilter(request.GET, request=request)
    rows = logged(request, form).order_by("-id")[:MOST_EXPORTED]
    response = HttpResponse(b"".join(csv_lines(header(), table_of(rows))), content_type="text/csv")
    name = f"deliveries-{request.tenant.slug}-{timezone.localtime():%Y%m%d-%H%M}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def header() -> list[str]:
    """The columns of the table, in the reader's language."""
    return [
        _("Number"),
        _("Created"),
        _("PIP"),
        _("Duty"),
        _("Rung"),
        _("Channel"),
        _("Recipient"),
        _("Result"),
        _("Sent"),
        _("Attempts"),
        _("Letter or card"),
        _("Message-ID"),
        _("Instead of"),
        _("Held back on"),
        _("Error"),
    ]


def table_of(rows: QuerySet[Delivery]) -> Iterator[list[Any]]:
    """The rows of the table."""
    for row in rows:
        duty = row.reminder.obligation
        yield [
            row.pk,
            in_shanghai(row.created_at),
            duty.pip.name,
            duty.title,
            row.reminder.rung,
            row.get_channel_display(),
            row.user.email if row.user else row.robot.name,
            row.get_state_display(),
            in_shanghai(row.sent_at),
            row.attempts,
            row.letter or "",
            row.message_id if row.channel == "mail" else "",
            row.instead_of.robot.name if row.instead_of else "",
            row.held_on.isoformat() if row.held_on else "",
            row.failure,
        ]


def in_shanghai(moment: Any) -> str:
    """A moment to the second, or nothing."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""


@page("view_audit")
def receipts(request: HttpRequest) -> HttpResponse:
    """The weekly receipts: what was checked and sent in each week, and who was told so."""
    leaf = newest_first(request, WeeklyReceipt.objects.filter(tenant=request.tenant).select_related("user"))
    context = {"title": _("Weekly receipts"), "leaf": leaf, "rows": leaf.rows}
    return render(request, "desk/receipts.html", context)
