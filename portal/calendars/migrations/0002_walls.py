"""What is decided stays decided, in the database too; and what tells each transaction the state of the calendar."""

from pathlib import Path

from django.db import migrations

WALLS = (Path(__file__).resolve().parent.parent / "walls.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_notices")]
    operations = [migrations.RunSQL(WALLS, migrations.RunSQL.noop)]
