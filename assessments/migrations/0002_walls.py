"""The fences of this app."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0001_initial"),
        ("deployments", "0002_walls"),
        ("evidence", "0002_walls"),
    ]
    operations = [
        Fence("Assessment"),
    ]
