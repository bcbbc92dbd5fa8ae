"""Notices that operators load and confirm."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HolidayNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "source",
                    models.CharField(
                        help_text="Address or number of the notice.", max_length=300, verbose_name="source"
                    ),
                ),
                ("announced_on", models.DateField(blank=True, null=True, verbose_name="date of the notice")),
                (
                    "way",
                    models.CharField(
                        choices=[("text", "pasted text"), ("json", "JSON"), ("form", "form")],
                        max_length=4,
                        verbose_name="loaded from",
                    ),
                ),
                ("raw", models.TextField(verbose_name="what was loaded")),
                ("days_off", models.JSONField(verbose_name="days off")),
                ("makeup_workdays", models.JSONField(blank=True, verbose_name="make-up working days")),
                ("digest", models.CharField(max_length=64)),
                (
                    "replaces",
                    models.BooleanField(default=False, verbose_name="replaces the notice loaded for this year"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for confirmation"),
                            ("confirmed", "confirmed"),
                            ("refused", "refused"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("loaded_at", models.DateTimeField(verbose_name="loaded at")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed at")),
                ("refused_at", models.DateTimeField(blank=True, null=True, verbose_name="refused at")),
                ("refusal", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("recomputed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "loaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "refused_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "-version"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("year", "version"), name="holiday_notice_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("year",),
                        name="holiday_notice_one_waits_per_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("loaded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="holiday_notice_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="holiday_notice_confirmed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(
                                ("refused_at__isnull", False),
                                ("refused_by__isnull", False),
                                models.Q(("refusal", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="holiday_notice_refused_with_reason",
                    ),
                ],
            },
        ),
    ]
