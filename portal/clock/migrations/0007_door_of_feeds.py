"""The door of the calendars that people subscribe to; writing a door anew changes nothing about the others."""

from pathlib import Path

from django.db import migrations

DOORS = (Path(__file__).resolve().parent.parent / "doors.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("clock", "0006_doors_of_calendar"), ("accounts", "0003_absence")]
    operations = [migrations.RunSQL(DOORS, migrations.RunSQL.noop)]
