"""Forms of other ways than FR, of their checks, and of the self-check against coercion."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deployments import choices
from deployments.form_base import CodeField, RegisterForm, dates, rows_of_text
from deployments.form_log import LogForm
from deployments.models import Alternative, AlternativeCheck, ConductCheck, Deployment, Scenario
from portal.evidence.fields import PhotoField
from portal.law.sources import FRM

NO_YES = [("no", _("No")), ("yes", _("Yes"))]


class AlternativeForm(RegisterForm):
    """Another way than FR, everywhere or at one deployment."""

    deployment = CodeField(
        Deployment._base_manager.none(),
        label=_("Deployment"),
        required=False,
        help_text=_("Empty: offered wherever the scenario is used."),
    )
    photo = PhotoField(
        label=_("Photo"), required=False, help_text=_("The counter, the lane or the reader, as people find it.")
    )
    laws = {"kind": FRM(10)}

    class Meta:
        model = Alternative
        fields = ["kind", "description", "place", "deployment"]
        help_texts = {
            "kind": _("A fingerprint is biometric too: alone it is no way out (portal's reading, not law)."),
            "description": _("What a person does who doesn't want FR, and how long it takes."),
            "place": _("So that a stranger finds it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Deployment.objects.filter(tenant=self.request.tenant, scenario_id=self.instance.scenario_id)
        self.offer("deployment", rows)
        if self.instance.photo_id:
            self.fields["photo"].help_text = _("A new photo takes the place of the one shown; the old one stays kept.")


class NewAlternativeForm(LogForm, AlternativeForm):
    """A further way: one that came in meanwhile is shown first."""

    log = ("scenario_id",)

    class Meta(AlternativeForm.Meta):
        pass


class EndAlternativeForm(RegisterForm):
    """The day since which a way is no longer offered."""

    class Meta:
        model = Alternative
        fields = ["ended_on"]
        widgets = dates("ended_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].required = True


class AlternativeCheckForm(LogForm):
    """What somebody found who tried the other way; its two buttons are the answer."""

    log = ("alternative_id",)
    photo = PhotoField(label=_("Photo"), required=False)
    is_offered = forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        label=_("really offered"),
        error_messages={"required": _("Press one of the two buttons: it is offered, or it isn't.")},
    )

    class Meta:
        model = AlternativeCheck
        fields = ["checked_on", "note"]
        widgets = dates("checked_on") | rows_of_text(note=2)


class ConductForm(LogForm):
    """The six questions: each is answered by hand, none beforehand."""

    log = ("scenario_id",)

    class Meta:
        model = ConductCheck
        fields = ["note", "checked_on"]
        widgets = dates("checked_on") | rows_of_text(note=3)
        help_texts = {"note": _("What was looked at. With a finding: what is done about it, by whom, until when.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = choices.conduct_questions()
        for code, words in questions:
            self.fields[code] = forms.ChoiceField(
                choices=NO_YES,
                label=words,
                widget=forms.RadioSelect,
                error_messages={"required": _("Answer this question.")},
            )
        self.groups = (
            (_("Questions: yes is a finding"), tuple(code for code, _words in questions)),
            (_("Record"), ("note", "checked_on")),
        )

    @property
    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        findings = [code for code, _words in choices.conduct_questions() if cleaned[code] == "yes"]
        return {"checked_on": cleaned["checked_on"], "note": cleaned["note"], "findings": findings}


class IdServiceForm(RegisterForm):
    """Whether the national identity service was considered: advice, no duty."""

    laws = {"id_service_considered_on": FRM(11)}

    class Meta:
        model = Scenario
        fields = ["id_service_considered_on", "id_service_note"]
        widgets = dates("id_service_considered_on") | rows_of_text(id_service_note=2)
        help_texts = {
            "id_service_note": _("Such as: used for visitors; not used for staff, because the badge is enough."),
        }
