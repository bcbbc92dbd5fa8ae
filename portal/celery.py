"""Celery only wakes the portal up: each task asks the database what is due, so a lost or doubled call does no harm."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["portal.clock", "portal.imports", "portal.audit", "filings"])
app.conf.beat_schedule = {
    "sweep": {"task": "portal.clock.tasks.sweep", "schedule": 60.0},
    "dispatch": {"task": "portal.clock.tasks.dispatch", "schedule": 30.0},
    "seal": {"task": "portal.audit.tasks.seal", "schedule": 300.0},
    "waiting-imports": {"task": "portal.imports.tasks.take_waiting", "schedule": 60.0},
    "waiting-freezings": {"task": "filings.tasks.take_waiting", "schedule": 60.0},
}
