"""HolidayNotice: a State Council notice that an operator loaded and another one confirmed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.law.notices import Notice, notice_from_dict


class Way(models.TextChoices):
    """How a notice came into the portal."""

    TEXT = "text", _("pasted text")
    JSON = "json", _("JSON")
    FORM = "form", _("form")


class State(models.TextChoices):
    WAITING = "waiting", _("waits for confirmation")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")


class HolidayNoticeQuerySet(models.QuerySet):
    def confirmed(self) -> "HolidayNoticeQuerySet":
        """Notices that the portal reckons with, in the order of their confirmation: of a year the last one counts."""
        return self.filter(state=State.CONFIRMED).order_by("confirmed_at", "id")


class HolidayNotice(models.Model):
    """One version of a year's notice. Shared by all tenants; holds nothing of any.

    Its days are never edited and no row is deleted; the database refuses both. A correction is a new version.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    # Versions of a year are counted from 1; what ships with the portal is none of them.
    version = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    source = models.CharField(_("source"), max_length=300, help_text=_("Address or number of the notice."))
    announced_on = models.DateField(_("date of the notice"), null=True, blank=True)
    way = models.CharField(_("loaded from"), max_length=4, choices=Way)
    raw = models.TextField(_("what was loaded"))
    days_off = models.JSONField(_("days off"))
    makeup_workdays = models.JSONField(_("make-up working days"), blank=True)
    # Of everything that the calendar takes from the notice: two portals with equal digests reckon alike.
    digest = models.CharField(max_length=64)
    replaces = models.BooleanField(_("replaces the notice loaded for this year"), default=False)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    loaded_at = models.DateTimeField(_("loaded at"))
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    refused_at = models.DateTimeField(_("refused at"), null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    refusal = models.CharField(_("reason"), max_length=500, blank=True)
    # When the worker had marked every PIP with a date that the notice may move.
    recomputed_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(HolidayNoticeQuerySet)()

    class Meta:
        default_permissions = ()
        ordering = ["-year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["year", "version"], name="holiday_notice_version_once"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(state=State.WAITING), name="holiday_notice_one_waits_per_year"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("loaded_by")),
                name="holiday_notice_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CONFIRMED) | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="holiday_notice_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REFUSED)
                | (Q(refused_by__isnull=False, refused_at__isnull=False) & ~Q(refusal="")),
                name="holiday_notice_refused_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def notice(self) -> Notice:
        """As the law package reckons with it."""
        return notice_from_dict(
            {
                "year": self.year,
                "title": self.title,
                "source": self.source,
                "days_off": self.days_off,
                "makeup_workdays": self.makeup_workdays,
            }
        )

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day of which the notice may change what they are."""
        return span_of(self.notice)


def span_of(notice: Notice) -> tuple[date, date]:
    """The notice's year, and the days beyond New Year that it names."""
    days = [*notice.days_off, *notice.makeup_workdays]
    return min(date(notice.year, 1, 1), *days), max(date(notice.year, 12, 31), *days)


def digest_of(given: Mapping[str, Any]) -> str:
    """The digest of what the calendar takes from a notice."""
    kept = {key: given[key] for key in ("year", "title", "source", "days_off", "makeup_workdays")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
