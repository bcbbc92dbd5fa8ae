"""Celery only wakes the portal up: each task asks the database what is due, so a lost or doubled call does no harm."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["portal.clock", "portal.imports", "portal.audit", "filings"])
app.conf.beat_schedule = {
    "sweep": {"task": "portal.clock.tasks.sweep", "schedule": 60.0},
    # A call that no worker took in time is dropped: the next one finds the same work, and none pile up.
    "dispatch": {"task": "portal.clock.tasks.dispatch", "schedule": 30.0, "options": {"expires": 120}},
    "receipts": {"task": "portal.clock.tasks.receipts", "schedule": 600.0},
    "seal": {"task": "portal.audit.tasks.seal", "schedule": 300.0},
    "waiting-imports": {"task": "portal.imports.tasks.take_waiting", "schedule": 60.0},
    "waiting-freezings": {"task": "filings.tasks.take_waiting", "schedule": 60.0},
}
