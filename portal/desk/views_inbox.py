"""What the portal told people: everybody's own inbox, and the log of all deliveries for those who answer for it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.pages import MEMBER, page
from portal.desk.paging import capped_count, newest_first
from portal.desk.views_duties import with_days_left
from portal.obligations.models import Delivery

CHOICES = {name: Delivery._meta.get_field(name).choices for name in ("state", "channel")}


def own_messages(request: HttpRequest) -> QuerySet[Delivery]:
    """The reader's messages about PIPs that he may still see."""
    rows = request.access.rows(Delivery, "view_pip")
    return rows.filter(user=request.user, channel="inbox")


@page(MEMBER)
def inbox(request: HttpRequest) -> HttpResponse:
    """The reader's messages, newest first."""
    mine = own_messages(request)
    unread = mine.filter(read_at__isnull=True)
    shown = unread if request.GET.get("show") == "unread" else mine
    leaf = newest_first(request, shown.select_related("reminder__obligation__pip", "reminder__obligation__tenant"))
    with_days_left([row.reminder.obligation for row in leaf.rows])
    number = capped_count(unread)
    context = {
        "title": _("Inbox"),
        "leaf": leaf,
        "rows": leaf.rows,
        "unread": number,
        "tabs": [
            {"label": _("All"), "url": request.path, "count": None, "current": shown is mine},
            {"label": _("Unread"), "url": "?show=unread", "count": number, "current": shown is not mine},
        ],
    }
    return render(request, "desk/inbox.html", context)


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
    """Channel, result, PIP, and what one letter carried."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), required=False, choices=[("", gettext_lazy("all")), *CHOICES["channel"]]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Result"), required=False, choices=[("", gettext_lazy("all")), *CHOICES["state"]]
    )
    pip = forms.ChoiceField(label=gettext_lazy("PIP"), required=False)
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
        return rows.filter(**{lookups[name]: value for name, value in chosen.items() if value})


@page("view_audit")
def deliveries(request: HttpRequest) -> HttpResponse:
    """Who was told what, when, by which channel, with which result."""
    form = DeliveryFilter(request.GET, request=request)
    rows = form.narrow(request.access.rows(Delivery, "view_pip"))
    leaf = newest_first(
        request, rows.select_related("user", "reminder__obligation__pip", "reminder__obligation__tenant")
    )
    context = {
        "title": _("Delivery log"),
        "form": form,
        "leaf": leaf,
        "rows": leaf.rows,
        "count": capped_count(rows),
    }
    return render(request, "desk/deliveries.html", context)
