"""The fences of this app."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0001_initial"),
        ("tenancy", "0002_walls"),
    ]
    operations = [
        Fence("Evidence", append_only=True, withheld=("wrapped_key",)),
        Fence("Opening", append_only=True),
    ]
