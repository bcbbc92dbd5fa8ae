from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments.panels import mend_of, of_incident, of_inspection, of_scenario
        from deployments import mending
        from portal.ui.panels import register

        register("deployments.scenario", of_scenario)
        register("cases.inspection", of_inspection)
        register("cases.incident", of_incident)
        mending.register("assessment", mend_of)
