"""The order to freeze a large dossier in the background."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.tenancy.fields
from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0006_scans_after_the_seal"),
        ("tenancy", "0003_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="filing",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("freezing", "being frozen"),
                    ("frozen", "frozen"),
                    ("submitted", "submitted"),
                    ("correcting", "correction asked"),
                    ("accepted", "accepted"),
                    ("rejected", "rejected"),
                    ("withdrawn", "withdrawn"),
                ],
                default="draft",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.CreateModel(
            name="Freezing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordered_at", models.DateTimeField()),
                ("papers", models.PositiveIntegerField(verbose_name="papers")),
                ("papers_done", models.PositiveIntegerField(default=0, verbose_name="papers printed")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("refusal_en", models.TextField(blank=True)),
                ("refusal_zh", models.TextField(blank=True)),
                (
                    "filing",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="freezings", to="filings.filing"
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                "verbose_name": "freezing of a dossier",
                "ordering": ["id"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)), fields=["ordered_at"], name="freezing_waiting"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("filing",),
                        name="freezing_one_at_a_time",
                        violation_error_message="This dossier is being frozen already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("papers_done__lte", models.F("papers"))),
                        name="freezing_done_within_papers",
                    ),
                ],
            },
        ),
        Fence("Freezing", door=True),
    ]
