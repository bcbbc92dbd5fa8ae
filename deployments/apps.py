from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeploymentsConfig(AppConfig):
    name = "deployments"

    def ready(self) -> None:
        from deployments.models import Deployment, Scenario, Site
        from deployments.panels import private_spaces, waiver_of
        from portal.obligations.subjects import SubjectKind, register
        from portal.ui import panels

        panels.register("page.banner", private_spaces)
        panels.register("desk.obligation", waiver_of)

        register(
            "scenario",
            SubjectKind(
                lambda: Scenario.objects.select_related("tenant"), "code", lambda row: row.name, _("Open the scenario")
            ),
        )
        register(
            "site",
            SubjectKind(
                lambda: Site.objects.select_related("tenant"), "code", lambda row: row.name, _("Open the site")
            ),
        )
        register(
            "deployment",
            SubjectKind(
                lambda: Deployment.objects.select_related("tenant", "site", "scenario"),
                "code",
                lambda row: row.site.name,
                _("Open the deployment"),
            ),
        )
