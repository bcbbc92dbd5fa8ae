"""What supersedes a frozen crossing, counsel's reviews of a fall, the overlap in a group, and the tenant's own steps."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import deployments.choices
import portal.tenancy.fields
from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0011_f_frozen_words"),
        ("evidence", "0004_walls_of_photos"),
        ("tenancy", "0003_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="personcount",
            name="source_sha256",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.CreateModel(
            name="CrossingNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("proposed_on", models.DateField(null=True)),
                ("crossed_on", models.DateField(verbose_name="day that holds")),
                ("persons", models.PositiveIntegerField(verbose_name="persons on that day")),
                ("method", models.CharField(max_length=300, verbose_name="method of counting")),
                ("reason", models.TextField(max_length=4000, verbose_name="reason")),
                ("snapshot", models.JSONField()),
                ("noted_on", models.DateField()),
                ("noted_at", models.DateTimeField()),
                (
                    "crossing",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="deployments.thresholdcrossing",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BelowReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("below_on", models.DateField(verbose_name="below 100,000 since")),
                ("persons", models.PositiveIntegerField(verbose_name="persons on that day")),
                (
                    "decision",
                    models.CharField(
                        choices=deployments.choices.below_decisions, max_length=6, verbose_name="decision"
                    ),
                ),
                ("reason", models.TextField(max_length=4000, verbose_name="reason")),
                ("decided_on", models.DateField()),
                ("decided_at", models.DateTimeField()),
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
                    "pip",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.pip"
                    ),
                ),
                (
                    "proof",
                    portal.tenancy.fields.TenantKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.evidence",
                        verbose_name="proof of deletion",
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
                "ordering": ["id"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "ended"), _negated=True), ("proof__isnull", False), _connector="OR"
                        ),
                        name="below_ended_with_proof_of_deletion",
                        violation_error_message="A duty that is held to have ended needs the proof of deletion.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupOverlap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "best_percent",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(99)],
                        verbose_name="likely overlap, %",
                    ),
                ),
                (
                    "most_percent",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(99)],
                        verbose_name="largest possible overlap, %",
                    ),
                ),
                ("reasoning", models.TextField(max_length=4000, verbose_name="reasoning")),
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
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("tenant",), name="group_overlap_once_per_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(("best_percent__lte", models.F("most_percent"))),
                        name="group_overlap_best_not_above_most",
                        violation_error_message="The likely overlap can't exceed the largest possible one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WarningStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99),
                        ]
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
                "ordering": ["percent"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "percent"), name="warning_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 1), ("percent__lte", 99)),
                        name="warning_step_below_the_line",
                    ),
                ],
            },
        ),
        Fence("CrossingNote", append_only=True),
        Fence("BelowReview", append_only=True),
        Fence("GroupOverlap"),
        Fence("WarningStep"),
    ]
