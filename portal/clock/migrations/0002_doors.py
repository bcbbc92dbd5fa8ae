"""The few functions that look across tenants, owned by the role ``door``."""

from pathlib import Path

from django.db import migrations

DOORS = (Path(__file__).resolve().parent.parent / "doors.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("clock", "0001_initial"),
        ("accounts", "0002_walls"),
        ("audit", "0002_trail"),
        ("imports", "0002_walls"),
        ("obligations", "0002_walls"),
    ]
    operations = [migrations.RunSQL(DOORS, migrations.RunSQL.noop)]
