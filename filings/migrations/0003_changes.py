"""Changes of what was filed; what was noticed of one stays as it was."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.tenancy.fields
from portal.tenancy.fence import Fence

STAYS = (Path(__file__).resolve().parent.parent / "sql" / "noticed_stays.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0011_f_frozen_words"),
        ("filings", "0002_walls"),
        ("tenancy", "0003_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=20, verbose_name="reference")),
                ("item", models.CharField(max_length=40, verbose_name="item")),
                ("old", models.JSONField(null=True, verbose_name="as filed")),
                ("new", models.JSONField(null=True, verbose_name="as noticed")),
                ("event", models.PositiveBigIntegerField(null=True)),
                ("noticed_at", models.DateTimeField(verbose_name="noticed at")),
                (
                    "weight",
                    models.CharField(
                        choices=[("substantial", "substantial"), ("ask", "to be judged"), ("minor", "minor")],
                        max_length=11,
                        verbose_name="weight",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="takes effect on")),
                ("effective_reason", models.TextField(blank=True, max_length=2000, verbose_name="reason for the day")),
                ("is_substantial", models.BooleanField(null=True, verbose_name="substantial")),
                ("reason", models.TextField(blank=True, max_length=4000, verbose_name="reason")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("judged", models.JSONField(null=True)),
                ("judged_event", models.PositiveBigIntegerField(null=True)),
                ("approved_at", models.DateTimeField(null=True, verbose_name="confirmed at")),
                ("alone_because", models.TextField(blank=True, max_length=2000)),
                (
                    "against",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="filings.snapshot"
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "filing",
                    portal.tenancy.fields.TenantKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="filings.filing",
                    ),
                ),
                (
                    "pip",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="tenancy.pip"
                    ),
                ),
                (
                    "scenario",
                    portal.tenancy.fields.TenantKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deployments.scenario",
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
                "verbose_name": "change of what was filed",
                "ordering": ["-id"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["tenant", "pip", "-id"], name="change_of_pip")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="change_reference_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_substantial__isnull", True)),
                        fields=("against", "item", "scenario"),
                        name="change_one_undecided_per_item",
                        nulls_distinct=False,
                        violation_error_message="This change waits for its decision already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("is_substantial__isnull", True)),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("is_substantial__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="change_decided_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(
                                ("is_substantial", False),
                                models.Q(
                                    models.Q(("approved_by", models.F("decided_by")), _negated=True),
                                    models.Q(("alone_because", ""), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="change_confirmed_by_another",
                        violation_error_message="Another person than the one who decided confirms it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="change_confirmed_has_moment",
                    ),
                ],
            },
        ),
        Fence("ChangeCase"),
        migrations.RunSQL(STAYS, "DROP FUNCTION refuse_other_change CASCADE"),
    ]
