"""The fences of this app."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0001_initial"),
        ("deployments", "0002_walls"),
        ("evidence", "0002_walls"),
        ("obligations", "0002_walls"),
    ]
    operations = [
        Fence("Filing"),
        Fence("CoveredScenario"),
        Fence("DossierDocument"),
        Fence("Snapshot", append_only=True),
        Fence("Submission", append_only=True),
        Fence("Receipt", append_only=True),
    ]
