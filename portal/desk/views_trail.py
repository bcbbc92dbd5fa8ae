"""The audit trail: who changed what, old → new, within what the reader may see."""

import hashlib
import json
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import Membership
from portal.accounts.pages import page
from portal.audit.models import AuditEvent, AuditSeal
from portal.desk.deeds import DEEDS
from portal.desk.names import TABLES, table_name
from portal.desk.paging import capped_count, newest_first
from portal.desk.story import entries, own_name, people_of, row_names, visible_events
from portal.documents.workbook import csv_lines

MOST_EXPORTED = 50_000


class TrailFilter(forms.Form):
    """Person, verb, object and days."""

    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    verb = forms.ChoiceField(label=gettext_lazy("Act"), required=False)
    table = forms.ChoiceField(label=gettext_lazy("Object"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    row = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.filter(tenant=request.tenant).select_related("user").order_by("user__name")
        people = [(f"user:{row.user_id}", str(row.user)) for row in members[:500]]
        everything = [("", _("all"))]
        self.fields["person"].choices = [
            ("", _("people only")),
            ("all", _("people and the portal")),
            *people,
            ("system", _("the portal")),
        ]
        self.fields["verb"].choices = everything + sorted(DEEDS.items(), key=lambda pair: str(pair[1]))
        self.fields["table"].choices = everything + sorted(TABLES.items(), key=lambda pair: str(pair[1]))

    def narrow(self, rows: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """The events that fit."""
        self.is_valid()
        chosen = self.cleaned_data
        person = chosen.get("person")
        if not person:
            # After an import the portal's own duties would fill page after page.
            rows = rows.exclude(actor__startswith="system:")
        elif person == "system":
            rows = rows.filter(actor__startswith="system:")
        elif person != "all":
            rows = rows.filter(actor=person)
        if chosen.get("verb"):
            rows = rows.filter(verb=chosen["verb"])
        if chosen.get("table"):
            rows = rows.filter(table_name=chosen["table"])
            if chosen.get("row"):
                rows = rows.filter(row_id=chosen["row"])
        if chosen.get("since"):
            rows = rows.filter(at__gte=midnight(chosen["since"]))
        if chosen.get("until") and chosen["until"] < date.max:
            rows = rows.filter(at__lt=midnight(chosen["until"] + timedelta(days=1)))
        return rows


def midnight(day: date) -> datetime:
    """The first moment of a day in Shanghai."""
    return timezone.make_aware(datetime.combine(day, time.min))


@page("view_audit")
def trail(request: HttpRequest) -> HttpResponse:
    """The newest fifty events that fit."""
    form = TrailFilter(request.GET, request=request)
    rows = form.narrow(visible_events(request))
    leaf = newest_first(request, rows)
    everything = request.GET.copy()
    everything["person"] = "all"
    context = {
        "title": _("Audit trail"),
        "everything": "" if form.cleaned_data.get("person") else everything.urlencode(),
        "form": form,
        "leaf": leaf,
        "entries": entries(request, leaf.rows),
        "count": capped_count(rows),
        "head": AuditSeal.objects.filter(tenant=request.tenant).order_by("-number").defer("leaves").first(),
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/trail.html", context)


@page("view_audit")
def export(request: HttpRequest) -> HttpResponse:
    """What the filter shows, newest first: a table, or one line of JSON an event with its hash and its sealed text."""
    form = TrailFilter(request.GET, request=request)
    rows = form.narrow(visible_events(request)).order_by("-id")[:MOST_EXPORTED]
    if request.GET.get("format") == "jsonl":
        sealed = rows.select_related("seal").defer("seal__leaves")  # the leaves of a seal are a megabyte
        body = "".join(line_of(event) for event in sealed.iterator()).encode()
        response = HttpResponse(body, content_type="application/x-ndjson")
        ending = "jsonl"
    else:
        events = list(rows)
        response = HttpResponse(b"".join(csv_lines(header(), table_of(request, events))), content_type="text/csv")
        ending = "csv"
    name = f"trail-{request.tenant.slug}-{timezone.localtime():%Y%m%d-%H%M}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def line_of(event: AuditEvent) -> str:
    """The sealed text as it stands, with its hash and the number of the seal that covers it."""
    line = {
        "id": event.pk,
        "seal": event.seal.number if event.seal else None,
        "sha256": hashlib.sha256(event.body.encode()).hexdigest(),
        "body": event.body,
    }
    return json.dumps(line, ensure_ascii=False) + "\n"


def header() -> list[str]:
    """The columns of the table, in the reader's language."""
    return [
        _("Number"),
        _("Moment"),
        _("Person"),
        _("Account"),
        _("Act"),
        _("Object"),
        _("Name"),
        _("What"),
        _("Changes"),
        _("Reason"),
        _("Request"),
        "SHA-256",
    ]


def table_of(request: HttpRequest, events: list[AuditEvent]):
    """The rows of the table."""
    people, called = people_of(events), row_names(request, events)
    for event in events:
        content = event.content
        changes = content.get("changes") or content.get("new") or content.get("old")
        yield [
            event.pk,
            timezone.localtime(event.at).isoformat(timespec="seconds"),
            people.get(event.actor, ""),
            event.actor,
            event.verb,
            table_name(event.table_name),
            own_name(event, called),
            event.get_operation_display(),
            json.dumps(changes, ensure_ascii=False),
            content.get("reason") or "",
            content.get("request") or "",
            hashlib.sha256(event.body.encode()).hexdigest(),
        ]
