"""Absences with their stand-ins, and the secret addresses of calendars."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Greatest

import portal.tenancy.fields
from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_walls"),
        ("tenancy", "0003_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="away from")),
                ("ends_on", models.DateField(verbose_name="away until")),
                (
                    "membership",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="absences", to="accounts.membership"
                    ),
                ),
                (
                    "stand_in",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_in",
                        to="accounts.membership",
                        verbose_name="stand-in",
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
                "verbose_name": "absence",
                "ordering": ["starts_on", "id"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["tenant", "ends_on"], name="absence_by_end")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (models.Func("membership", "membership", models.Value("[]"), function="int8range"), "&&"),
                            (
                                models.Func(
                                    "starts_on",
                                    Greatest("starts_on", "ends_on"),
                                    models.Value("[]"),
                                    function="daterange",
                                ),
                                "&&",
                            ),
                        ],
                        name="absence_one_at_a_time",
                        violation_error_message="There is an absence on some of these days already. End that one first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="absence_ends_after_start",
                        violation_error_message="The last day lies before the first. Correct one of the two.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stand_in", models.F("membership")), _negated=True),
                        name="absence_stand_in_is_another",
                        violation_error_message="Nobody stands in for himself. Choose another person.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                (
                    "covers_all",
                    models.BooleanField(default=False, verbose_name="all duties that I may see, not only my own"),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "membership",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="feeds", to="accounts.membership"
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
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("membership", "covers_all"), name="feed_once_per_coverage")
                ],
            },
        ),
        Fence("Absence"),
        Fence("FeedAddress", door=True, withheld=("secret_hash",)),
    ]
