"""A sign is printed with its code before it is posted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deployments", "0007_defaults_for_files")]
    operations = [
        migrations.AlterField(
            model_name="sign",
            name="posted_on",
            field=models.DateField(blank=True, null=True, verbose_name="posted on"),
        ),
    ]
