"""The functions that row-level security and the audit triggers call, and the fences of this app."""

from pathlib import Path

from django.db import migrations

from portal.tenancy.fence import Fence

WALLS = (Path(__file__).resolve().parent.parent / "sql" / "walls.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]
    operations = [
        migrations.RunSQL(WALLS, migrations.RunSQL.noop),
        Fence("Tenant", tenant_column="id", door=True),
        Fence("Pip", door=True),
        Fence("PipMark", audited=False, door=True),
        Fence("Counter", audited=False),
    ]
