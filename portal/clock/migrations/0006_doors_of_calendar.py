"""The doors through which a holiday notice finds the dates that it may move."""

from pathlib import Path

from django.db import migrations

DOORS = (Path(__file__).resolve().parent.parent / "doors.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("clock", "0005_door_of_freezings"),
        ("obligations", "0008_moved_dates"),
        ("calendars", "0002_walls"),
    ]
    operations = [migrations.RunSQL(DOORS, migrations.RunSQL.noop)]
