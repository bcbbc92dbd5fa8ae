from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "portal.desk"
    label = "desk"

    def ready(self) -> None:
        import portal.celery  # noqa: F401 - tasks called from web and tests go to this app's broker
        from portal.desk.panels import install

        install()
