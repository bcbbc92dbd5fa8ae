"""Forms about people and teams."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Team
from portal.accounts.roles import ROLE_CHOICES
from portal.tenancy.models import Pip

A_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TeamChoice(forms.ModelChoiceField):
    """A team with its role."""

    def label_from_instance(self, team: Team) -> str:
        return f"{team.name} · {team.get_role_display()}"


class InviteForm(forms.Form):
    """A person, a team, and until when."""

    email = forms.EmailField(label=_("e-mail"))
    name = forms.CharField(label=_("name"), max_length=100)
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
    team = TeamChoice(label=_("team"), queryset=None)
    ends_on = forms.DateField(
        label=_("access until"),
        required=False,
        widget=A_DAY,
        help_text=_("The last day, until 24:00 in Shanghai. An auditor's access needs one."),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.filter(tenant=request.tenant)
        self.fields["language"].initial = request.user.language


class EndForm(forms.Form):
    """Until when somebody's access lasts."""

    ends_on = forms.DateField(
        label=_("access until"),
        required=False,
        widget=A_DAY,
        help_text=_("The last day, until 24:00 in Shanghai. Empty: without end."),
    )


class TeamForm(forms.Form):
    """A role for all PIPs or some."""

    name = forms.CharField(label=_("name"), max_length=100)
    role = forms.ChoiceField(label=_("role"), choices=ROLE_CHOICES)
    scope = forms.ChoiceField(
        label=_("for which PIPs"),
        choices=[("all", _("all PIPs, also those added later")), ("chosen", _("the chosen ones"))],
        initial="all",
        widget=forms.RadioSelect,
    )
    pips = forms.ModelMultipleChoiceField(
        label=_("PIPs"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pips"].queryset = Pip.objects.filter(tenant=request.tenant)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Team.objects.filter(name=name).exists():
            raise forms.ValidationError(_("There is a team with this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("scope") == "chosen" and not cleaned.get("pips"):
            self.add_error("pips", _("Choose at least one PIP."))
        return cleaned

    @property
    def chosen_pips(self) -> list[Pip] | None:
        """The PIPs of the team, None for all."""
        return None if self.cleaned_data["scope"] == "all" else list(self.cleaned_data["pips"])
