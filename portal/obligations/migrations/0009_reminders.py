"""Why a rung was settled and on which day it was told; in which letter of the day a delivery went."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("obligations", "0008_moved_dates"),
        ("tenancy", "0003_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="letter_kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=6),
        ),
        migrations.AddField(
            model_name="delivery",
            name="letter_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="reminder",
            name="settled_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ended", "the duty had ended"),
                    ("moved", "the date moved"),
                    ("overtaken", "a later one went instead"),
                    ("acknowledged", "somebody said that he is on it"),
                    ("snoozed", "somebody put it off"),
                    ("ladder", "the ladder was changed"),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="told_on",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("sent", "sent"),
                    ("failed", "failed"),
                    ("dropped", "no longer needed"),
                ],
                default="waiting",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "planned"),
                    ("sent", "sent"),
                    ("skipped", "skipped"),
                    ("silenced", "silenced"),
                    ("cancelled", "cancelled"),
                ],
                default="planned",
                max_length=9,
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("letter_kind", ""), _negated=True),
                fields=["user", "letter_on"],
                name="delivery_letter_of_day",
            ),
        ),
    ]
