"""The heartbeat of the scheduler; a tenant's ladder of reminders; what people answer to a reminder."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.obligations.models import Obligation
from portal.tenancy.fields import TenantKey
from portal.tenancy.models import Pip, TenantOwned, scoped

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


# Bounds of a ladder: a period of the Measures has 30 working days, so an earlier rung than 60 would never be reached.
MOST_DAYS, MOST_RUNGS = 60, 10
# default, not law: working days without an answer after which the owners are told.
ESCALATE_AFTER = 2
MOST_SNOOZE = 5  # working days


class Ladder(TenantOwned):
    """On which working days before the date to aim at a tenant is reminded; without a row the portal's own hold."""

    days = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("working days before"))
    escalate_after = models.PositiveSmallIntegerField(
        _("working days until the owners are told"),
        default=ESCALATE_AFTER,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("ladder of reminders")
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="ladder_once"),
            models.CheckConstraint(
                condition=Q(escalate_after__gte=1, escalate_after__lte=10), name="ladder_escalates_in_time"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(map(str, self.days))


class AcknowledgementQuerySet(models.QuerySet):
    def in_force(self, on: date) -> "AcknowledgementQuerySet":
        """Answers that still keep nags away on a day."""
        return self.filter(until__gte=on)


class Acknowledgement(TenantOwned):
    """What a person answered to a reminder: that he is on it, or that it may rest until a day.

    It keeps nags away up to and including ``until``; never the dates that law sets (``portal.clock.rungs``).
    """

    pip = TenantKey(Pip, related_name="+")
    obligation = TenantKey(Obligation, on_delete=models.CASCADE, related_name="acknowledgements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The date that stood when it was said: of another one nothing was said yet.
    aims_at = models.DateField()
    kind = models.CharField(max_length=6, choices=[("on_it", _("is on it")), ("snooze", _("put off"))])
    until = models.DateField(_("rests until"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField()

    objects = scoped(AcknowledgementQuerySet)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        verbose_name = _("answer to a reminder")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="on_it") | ~Q(reason=""),
                name="acknowledgement_snooze_has_reason",
                violation_error_message=_("Say why it may rest."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.until}"
