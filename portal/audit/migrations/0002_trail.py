"""The trail is written by triggers only, sealed once, and never changed."""

from pathlib import Path

from django.db import migrations

from portal.tenancy.fence import Fence

TRAIL = (Path(__file__).resolve().parent.parent / "sql" / "trail.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("tenancy", "0002_walls")]
    operations = [
        Fence("AuditSeal", audited=False),
        Fence("AuditEvent", audited=False),
        migrations.RunSQL(TRAIL, migrations.RunSQL.noop),
    ]
