"""The portal's own Celery with a schedule that doesn't make a test wait: ``celery -A bench.torture.quick beat``."""

from portal.celery import app

app.conf.beat_schedule = {
    name: entry | {"schedule": 1.0} for name, entry in app.conf.beat_schedule.items() if name in ("sweep", "dispatch")
}
# Ask each second whether something is due, not when the next five minutes are over.
app.conf.beat_max_loop_interval = 0.5

__all__ = ["app"]
