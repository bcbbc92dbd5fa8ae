"""The fence of erasures; what is kept is kept whoever tries, and then two persons erase it."""

from pathlib import Path

from django.db import migrations

from portal.tenancy.fence import Fence

ERASURE = (Path(__file__).resolve().parent.parent / "sql" / "erasure.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("assessments", "0009_erasure"), ("deployments", "0006_walls_of_register")]
    operations = [
        Fence("Erasure"),
        migrations.RunSQL(ERASURE, "DROP FUNCTION assessment_erase(bigint)"),
    ]
