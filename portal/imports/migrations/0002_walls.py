"""The fences of this app."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0001_initial"),
        ("tenancy", "0002_walls"),
    ]
    operations = [
        Fence("ImportBatch", door=True),
        Fence("ImportRow", audited=False),
    ]
