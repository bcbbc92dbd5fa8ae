"""The door of the dossiers that wait to be frozen; writing a door anew changes nothing about the others."""

from pathlib import Path

from django.db import migrations

DOORS = (Path(__file__).resolve().parent.parent / "doors.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("clock", "0004_d_door_of_overdue"), ("filings", "0007_freezing")]
    operations = [migrations.RunSQL(DOORS, migrations.RunSQL.noop)]
