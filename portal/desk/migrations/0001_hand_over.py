"""Work that went from hand to hand."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.tenancy.fields
from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("filings", "0007_freezing"),
        ("obligations", "0007_work"),
        ("tenancy", "0003_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("on", models.DateField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "to",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="HandedOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "former",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "obligation",
                    portal.tenancy.fields.TenantKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
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
                    "task",
                    portal.tenancy.fields.TenantKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="filings.endingtask",
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
                    "hand_over",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="desk.handover"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["tenant", "on", "-id"], name="hand_over_of_day"),
        ),
        migrations.AddIndex(
            model_name="handedover",
            index=models.Index(fields=["hand_over"], name="handed_over_in_step"),
        ),
        migrations.AddConstraint(
            model_name="handedover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("obligation__isnull", False), ("task__isnull", True)),
                    models.Q(("obligation__isnull", True), ("task__isnull", False)),
                    _connector="OR",
                ),
                name="handed_over_one_thing",
            ),
        ),
        Fence("HandOver"),
        Fence("HandedOver"),
    ]
