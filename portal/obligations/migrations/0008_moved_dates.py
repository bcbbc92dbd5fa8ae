"""Dates that moved with a holiday notice, and the index by which open dates are found."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import portal.tenancy.fields
from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("obligations", "0007_work"),
        ("tenancy", "0003_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="DateMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_due_on", models.DateField(verbose_name="due on")),
                ("new_due_on", models.DateField(verbose_name="due on")),
                ("old_safe_on", models.DateField(verbose_name="safe date")),
                ("new_safe_on", models.DateField(verbose_name="safe date")),
                (
                    "old_firmness",
                    models.CharField(choices=[("firm", "firm"), ("provisional", "provisional")], max_length=11),
                ),
                (
                    "new_firmness",
                    models.CharField(choices=[("firm", "firm"), ("provisional", "provisional")], max_length=11),
                ),
                ("old_calendar", models.CharField(max_length=40)),
                ("new_calendar", models.CharField(max_length=40)),
                ("notice_year", models.PositiveSmallIntegerField()),
                ("notice_title", models.CharField(max_length=200)),
                ("moved_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["due_on"], name="obligation_open_by_due"
            ),
        ),
        migrations.AddField(
            model_name="datemove",
            name="obligation",
            field=portal.tenancy.fields.TenantKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="obligations.obligation"
            ),
        ),
        migrations.AddField(
            model_name="datemove",
            name="pip",
            field=portal.tenancy.fields.TenantKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.pip"
            ),
        ),
        migrations.AddField(
            model_name="datemove",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.tenant",
            ),
        ),
        migrations.AddIndex(
            model_name="datemove",
            index=models.Index(fields=["obligation", "id"], name="date_move_of_duty"),
        ),
        Fence("DateMove", append_only=True),
    ]
