from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments.panels import of_inspection, of_scenario
        from portal.ui.panels import register

        register("deployments.scenario", of_scenario)
        register("cases.inspection", of_inspection)
