"""The fences of this app."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("deployments", "0006_walls_of_register"),
        ("evidence", "0004_walls_of_photos"),
    ]
    operations = [
        # What a visitor wrote can be blacked out in the case; the trail could not be made to forget it.
        Fence("Case", withheld=("code_hash", "asked", "place")),
        Fence("CaseNote", append_only=True),
        Fence("Incident"),
    ]
