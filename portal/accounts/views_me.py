"""Language, appearance and density: the reader's own, open to everybody, auditors too."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.pages import ANYONE, SIGNED_IN, page

A_YEAR = 365 * 24 * 60 * 60  # seconds
LANGUAGES = dict(settings.LANGUAGES)
CHOICES = {name: {code for code, _label in User._meta.get_field(name).choices} for name in ("theme", "density")}


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the reader came from, if it is one of ours."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if ours else "/")


@page(ANYONE, writes=True, open_to_readers=True)
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language: a member's is kept with the account, a visitor's in a cookie."""
    chosen = request.POST.get("language", "")
    response = back(request)
    if request.method != "POST" or chosen not in LANGUAGES:
        return response
    if request.user.is_authenticated:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    # Also for a member: the sign-in page then greets in the language last used on this device.
    response.set_cookie("language", chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


@page(SIGNED_IN, writes=True, open_to_readers=True)
def appearance(request: HttpRequest) -> HttpResponse:
    """Switch theme or density from the menu."""
    chosen = {name: request.POST[name] for name in CHOICES if request.POST.get(name) in CHOICES[name]}
    if chosen:
        for name, value in chosen.items():
            setattr(request.user, name, value)
        request.user.save(update_fields=list(chosen))
    return back(request)


class SettingsForm(forms.ModelForm):
    """A person's own settings; the account belongs to no tenant, so this is no TenantForm."""

    class Meta:
        model = User
        fields = ("name", "language", "theme", "density")
        widgets = {"theme": forms.RadioSelect, "density": forms.RadioSelect, "language": forms.RadioSelect}


@page(SIGNED_IN, writes=True, open_to_readers=True)
def own_settings(request: HttpRequest) -> HttpResponse:
    """All of one's own settings on one page."""
    person = User.objects.get(pk=request.user.pk)
    form = SettingsForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(person.language):
            messages.success(request, _("Your settings are saved."))
        return redirect("me:settings")
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)
