from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "portal.cases"
    label = "cases"

    def ready(self) -> None:
        from portal.cases.models import Case, Incident
        from portal.cases.panels import of_scenario
        from portal.obligations import subjects
        from portal.ui import panels

        panels.register("deployments.scenario", of_scenario)
        for kind, model, label, icon in (
            ("case", Case, _("Open the case"), "inbox"),
            ("incident", Incident, _("Open the incident"), "siren"),
        ):
            subjects.register(
                kind, subjects.SubjectKind(rows_of(model), "reference", str, label, icon, has_code=False)
            )


def rows_of(model):
    """The rows of a kind of subject, with what their address needs."""
    return lambda: model.objects.select_related("tenant")
