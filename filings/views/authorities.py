"""The directory of the provincial authorities, kept by platform accounts for all workspaces."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filings.models import AuthorityEntry
from filings.services.authorities import confirm_authority, enter_authority
from portal.accounts.pages import PLATFORM, page
from portal.calendars.clock import civil_today
from portal.law.enums import PROVINCES


class EntryForm(forms.ModelForm):
    """What was read of an authority, where and when."""

    class Meta:
        model = AuthorityEntry
        fields = ["phone", "hours", "notice_url", "remark", "source", "seen_on"]
        widgets = {"seen_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def clean_seen_on(self):
        seen_on = self.cleaned_data["seen_on"]
        if seen_on > civil_today():
            raise forms.ValidationError(_("The day lies in the future. Give the day on which it was read."))
        return seen_on

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and not data.get("phone") and not data.get("notice_url"):
            raise forms.ValidationError(_("Give a telephone number or an address, else nobody can use the entry."))
        return data


@page(PLATFORM)
def authorities(request: HttpRequest) -> HttpResponse:
    """Every province with what is shown of it, and what waits for a second person."""
    language, shown, waiting = get_language() or "en", {}, {}
    for row in AuthorityEntry.objects.select_related("entered_by", "confirmed_by").order_by("id"):
        (shown if row.confirmed_by_id else waiting)[row.province] = row
    lines = [
        {
            "code": code,
            "name": province.authority.in_(language),
            "entry": shown.get(code),
            "waiting": one if (one := waiting.get(code)) and one.pk > getattr(shown.get(code), "pk", 0) else None,
        }
        for code, province in PROVINCES.items()
    ]
    context = {"title": _("Authorities"), "lines": lines, "known": len(shown), "total": len(lines)}
    return render(request, "filings/authorities.html", context)


@page(PLATFORM, writes=True)
def authority(request: HttpRequest, province: str) -> HttpResponse:
    """One province: its versions, and the form of a new one."""
    if province not in PROVINCES:
        raise Http404
    rows = list(
        AuthorityEntry.objects.filter(province=province).select_related("entered_by", "confirmed_by").order_by("-id")
    )
    last = rows[0] if rows else None
    own = AuthorityEntry(province=province)
    initial = {name: getattr(last, name) for name in EntryForm.Meta.fields if name != "seen_on"} if last else {}
    form = EntryForm(request.POST if request.method == "POST" else None, instance=own, initial=initial)
    if form.is_bound and form.is_valid():
        enter_authority(form.save(commit=False), by=request.user, now=timezone.now())
        messages.success(request, _("Entered. Another platform account must confirm it before it is shown."))
        return redirect("authorities:authority", province)
    found = PROVINCES[province]
    context = {
        "title": found.authority.in_(get_language() or "en"),
        "province": province,
        "rows": rows,
        "waiting": last if last and not last.confirmed_by_id else None,
        "is_own": last is not None and last.entered_by_id == request.user.pk,
        "form": form,
    }
    return render(request, "filings/authority.html", context, status=422 if form.errors else 200)


@page(PLATFORM, writes=True)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm an entry as another person; a GET leads to its province."""
    row = get_object_or_404(AuthorityEntry, pk=pk)
    if request.method == "POST":
        confirm_authority(row, by=request.user, now=timezone.now())
        messages.success(request, _("Confirmed. Every workspace sees it from now on."))
    return redirect("authorities:authority", row.province)
