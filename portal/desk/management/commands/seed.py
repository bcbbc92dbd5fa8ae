"""``manage.py seed``: make the demo's workspaces, each once; an interrupted seed goes on where it stopped."""

from django.core.management.base import BaseCommand

from portal.desk import demo
from portal.embedded.secrets import demo_password


class Command(BaseCommand):
    help = "Make the demo: the workspaces demo, start and other, and the platform accounts."

    def handle(self, *args, **options) -> None:
        password = demo_password()
        demo.make_platform(password)
        for make in (demo.make_start, demo.make_other, demo.make_demo):
            make(password)
