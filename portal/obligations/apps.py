from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    name = "portal.obligations"
    label = "obligations"
