"""The door of the public notice pages; writing a door anew changes nothing about the others."""

from pathlib import Path

from django.db import migrations

DOORS = (Path(__file__).resolve().parent.parent / "doors.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("clock", "0002_doors"), ("deployments", "0006_walls_of_register")]
    operations = [migrations.RunSQL(DOORS, migrations.RunSQL.noop)]
