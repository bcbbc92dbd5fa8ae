from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilingsConfig(AppConfig):
    name = "filings"

    def ready(self) -> None:
        from filings.models import Filing
        from filings.panels import (
            changes_of_filing,
            changes_of_pip,
            changes_of_scenario,
            of_deployment,
            of_filing,
            of_group,
            of_inspection,
            of_members,
            of_pip,
            of_scenario,
        )
        from portal.obligations import subjects
        from portal.ui.panels import register

        register("deployments.deployment", of_deployment)
        register("deployments.scenario", of_scenario)
        register("deployments.pip", of_pip)
        register("deployments.group", of_group)
        register("cases.inspection", of_inspection)
        register("filings.filing.top", changes_of_filing)
        register("deployments.scenario", changes_of_scenario)
        register("deployments.pip", changes_of_pip)
        register("filings.filing", of_members)
        register("filings.filing", of_filing)
        subjects.register(
            "filing",
            subjects.SubjectKind(
                lambda: Filing.objects.select_related("tenant"),
                "reference",
                lambda row: row.reference,
                _("See the dossier"),
                icon="folder-open",
                has_code=False,
            ),
        )
