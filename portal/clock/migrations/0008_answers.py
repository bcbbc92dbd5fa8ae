"""Ladders of tenants and answers to reminders; the door of overdue duties looks at the week of what is weekly."""

from pathlib import Path

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.tenancy.fields
from portal.tenancy.fence import Fence

DOORS = (Path(__file__).resolve().parent.parent / "doors.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("clock", "0007_door_of_feeds"),
        ("obligations", "0009_reminders"),
        ("tenancy", "0003_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("aims_at", models.DateField()),
                ("kind", models.CharField(choices=[("on_it", "is on it"), ("snooze", "put off")], max_length=6)),
                ("until", models.DateField(verbose_name="rests until")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("at", models.DateTimeField()),
                (
                    "obligation",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acknowledgements",
                        to="obligations.obligation",
                    ),
                ),
                (
                    "pip",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.pip"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a reminder",
                "ordering": ["-id"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "on_it"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="acknowledgement_snooze_has_reason",
                        violation_error_message="Say why it may rest.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ladder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), size=None, verbose_name="working days before"
                    ),
                ),
                (
                    "escalate_after",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="working days until the owners are told",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "ladder of reminders",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("tenant",), name="ladder_once"),
                    models.CheckConstraint(
                        condition=models.Q(("escalate_after__gte", 1), ("escalate_after__lte", 10)),
                        name="ladder_escalates_in_time",
                    ),
                ],
            },
        ),
        Fence("Acknowledgement", append_only=True),
        Fence("Ladder"),
        migrations.RunSQL(DOORS, migrations.RunSQL.noop),
    ]
