"""Days that the portal reckons for a filing are not kept, or follow the calendar, unless somebody chose them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("filings", "0009_authorities")]

    operations = [
        migrations.RemoveField(model_name="submission", name="answer_expected_on"),
        # Of rows from before nobody can tell whether their day was chosen: they keep it.
        migrations.AddField(
            model_name="endingtask",
            name="is_own_date",
            field=models.BooleanField(default=True, verbose_name="day chosen by a person"),
        ),
    ]
