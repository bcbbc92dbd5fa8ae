"""The fences of this app."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("obligations", "0001_initial"),
        ("tenancy", "0002_walls"),
    ]
    operations = [
        Fence("Obligation", door=True),
        Fence("Reminder", audited=False, door=True),
        Fence("Delivery", audited=False, door=True),
    ]
