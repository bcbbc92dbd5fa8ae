"""The heartbeat of the scheduler: the one row a kind of work that proves that it runs."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

# A quiet August must not look like a dead scheduler: an alarm after this long without a sweep.
ALARM_AFTER = timedelta(hours=26)


class Heartbeat(models.Model):
    """When a kind of work last ran. Shared by all tenants; holds nothing of any."""

    name = models.CharField(max_length=20, primary_key=True)
    beat_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


def beat(name: str) -> None:
    """Note that this work ran now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": timezone.now()})


def is_silent(name: str) -> bool:
    """Whether the work has not run for 26 hours; a portal that never ran it yet is given the benefit of the doubt."""
    last = Heartbeat.objects.filter(name=name).values_list("beat_at", flat=True).first()
    return last is not None and timezone.now() - last > ALARM_AFTER
