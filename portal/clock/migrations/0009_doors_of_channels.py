"""The doors to what waits for robots, webhooks and receipts; mails alone are left behind the old one."""

from pathlib import Path

from django.db import migrations

DOORS = (Path(__file__).resolve().parent.parent / "doors.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("clock", "0008_answers"), ("obligations", "0011_walls_of_robots")]
    operations = [migrations.RunSQL(DOORS, migrations.RunSQL.noop)]
