from django.apps import AppConfig


class FilingsConfig(AppConfig):
    name = "filings"

    def ready(self) -> None:
        from filings.panels import of_deployment, of_pip
        from portal.ui.panels import register

        register("deployments.deployment", of_deployment)
        register("deployments.pip", of_pip)
