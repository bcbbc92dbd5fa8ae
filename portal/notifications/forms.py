"""Forms of channels."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.notifications.failures import NotAccepted
from portal.notifications.models import Kind, Robot
from portal.notifications.outgoing import address_of
from portal.notifications.robots import is_known_host
from portal.tenancy.models import Pip

SHORTEST_SECRET = 16
# The part of the address's query in which a platform keeps the robot's own key.
KEYS = {Kind.WECOM: "key", Kind.DINGTALK: "access_token"}


class RobotForm(forms.Form):
    """A robot or a webhook: where, with which secret, and what it is told of."""

    kind = forms.ChoiceField(label=_("kind"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.WECOM)
    name = forms.CharField(
        label=_("name"), max_length=100, help_text=_("As your people call the chat or the program, such as: PI group.")
    )
    address = forms.CharField(
        label=_("address"),
        max_length=1000,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "The whole webhook address, as the platform shows it. It is encrypted and nobody is shown it again."
        ),
    )
    secret = forms.CharField(
        label=_("signing secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "DingTalk and Feishu: the secret of the signature check, to be switched on there. WeCom has none: its key"
            " stands in the address. Webhook: one of your own, at least 16 characters."
        ),
    )
    language = forms.ChoiceField(label=_("language of the messages"), choices=settings.LANGUAGES)
    layer = forms.ChoiceField(
        label=_("told of"),
        choices=[("all", _("everything, dates set by law first")), ("law", _("dates set by law only"))],
        initial="all",
        widget=forms.RadioSelect,
    )
    scope = forms.ChoiceField(
        label=_("told of these PIPs"),
        choices=[("all", _("all PIPs, also those added later")), ("chosen", _("the chosen ones"))],
        initial="all",
        widget=forms.RadioSelect,
    )
    pips = forms.ModelMultipleChoiceField(
        label=_("PIPs"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, request: HttpRequest, robot: Robot | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.robot = robot
        self.fields["pips"].queryset = Pip.objects.filter(tenant=request.tenant)
        self.fields["language"].initial = request.user.language
        if robot is not None:
            self.begin_with(robot)

    def begin_with(self, robot: Robot) -> None:
        """What stands, but for what nobody is shown again; the kind stays."""
        del self.fields["kind"]
        self.fields["address"].required = False
        self.fields["address"].help_text = _("Leave it empty to keep the present one. A new one must be tested again.")
        self.initial |= {
            "name": robot.name,
            "language": robot.language,
            "layer": "law" if robot.is_law_only else "all",
            "scope": "all" if robot.has_all_pips else "chosen",
            "pips": [row.pip_id for row in robot.robot_pips.all()],
        }

    @property
    def kind_now(self) -> str:
        """The kind that stands, or that was chosen."""
        return self.robot.kind if self.robot else self.cleaned_data.get("kind", "")

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = Robot.objects.filter(name=name)
        if (others.exclude(pk=self.robot.pk) if self.robot else others).exists():
            raise forms.ValidationError(_("There is a channel with this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned, kind = super().clean(), self.kind_now
        if kind and cleaned.get("address"):
            self.look_at_address(cleaned["address"].strip(), kind)
        self.look_at_secret(cleaned.get("secret", ""), kind)
        if cleaned.get("scope") == "chosen" and not cleaned.get("pips"):
            self.add_error("pips", _("Choose at least one PIP."))
        return cleaned

    def look_at_address(self, address: str, kind: str) -> None:
        """Refuse what the platform can't have given out, and what leads into a private network."""
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            host = ""
        if not host or "@" in parts.netloc:
            self.add_error("address", _("This is no web address. Copy it whole, from https:// to its end."))
            return
        if not is_known_host(kind, host):
            known = ", ".join(settings.ROBOT_HOSTS[kind])
            sentence = _("Robots of this kind live at %(hosts)s. Copy the address from the platform.")
            self.add_error("address", sentence % {"hosts": known})
            return
        if kind in KEYS and not parse_qs(parts.query).get(KEYS[kind]):
            sentence = _("The part “%(key)s=…” is missing at the end of the address. Copy it whole.")
            self.add_error("address", sentence % {"key": KEYS[kind]})
            return
        if kind == Kind.WEBHOOK:
            self.look_at_network(address)

    def look_at_network(self, address: str) -> None:
        """The same look as before each sending, so that the person hears of it now."""
        try:
            address_of(address)
        except NotAccepted as refused:
            if refused.is_final:
                sentence = _("The portal posts to public https addresses only. This one is none.")
                self.add_error("address", sentence)

    def look_at_secret(self, secret: str, kind: str) -> None:
        """A signature needs its secret."""
        if kind == Kind.WECOM:
            return
        if not secret and self.robot is None:
            self.add_error("secret", _("Without the secret nobody can tell that a message is the portal's."))
        elif secret and kind == Kind.WEBHOOK and len(secret) < SHORTEST_SECRET:
            self.add_error("secret", _("Take at least 16 characters; a long random word is best."))

    def values(self) -> dict[str, Any]:
        """What the services take."""
        cleaned = self.cleaned_data
        return {
            "name": cleaned["name"],
            "language": cleaned["language"],
            "address": cleaned["address"].strip(),
            "secret": cleaned["secret"] if self.kind_now != Kind.WECOM else "",
            "pips": None if cleaned["scope"] == "all" else list(cleaned["pips"]),
            "is_law_only": cleaned["layer"] == "law",
        }


class CodeForm(forms.Form):
    """The code of a test message, typed back."""

    code = forms.CharField(
        label=_("code of the test message"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class ChoiceForm(forms.Form):
    """A person's own choice; what the law sets can't be switched off and is no field."""

    mails_recommended = forms.ChoiceField(
        label=_("standards, filing practice, defaults of the portal"),
        choices=[("yes", _("in the inbox and by mail")), ("no", _("in the inbox only"))],
        widget=forms.RadioSelect,
    )
