"""The fences of the register, and the ban on private spaces in the database itself."""

from pathlib import Path

from django.db import migrations

from portal.tenancy.fence import Fence

PRIVATE = (Path(__file__).resolve().parent.parent / "sql" / "private_spaces.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("deployments", "0001_initial"), ("tenancy", "0002_walls")]
    operations = [
        Fence("Scenario"),
        Fence("Site"),
        Fence("Deployment"),
        Fence("CaptureArea"),
        Fence("Device"),
        Fence("Sign"),
        Fence("PersonCount", append_only=True),
        Fence("OverlapEstimate"),
        Fence("ThresholdCrossing", append_only=True),
        migrations.RunSQL(PRIVATE, "DROP FUNCTION refuse_private_space CASCADE"),
    ]
