"""Published notices and wordings of consent can't be reworded, not even in the database."""

from pathlib import Path

from django.db import migrations

FROZEN = (Path(__file__).resolve().parent.parent / "sql" / "frozen_words.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("deployments", "0007_defaults_for_files")]
    operations = [migrations.RunSQL(FROZEN, "DROP FUNCTION refuse_other_words CASCADE")]
