"""Duties whose dates could not be checked are counted apart in the weekly receipt."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_walls")]

    operations = [
        migrations.AddField(
            model_name="weeklyreceipt",
            name="unchecked",
            field=models.PositiveIntegerField(default=0, verbose_name="duties not checked"),
        ),
    ]
