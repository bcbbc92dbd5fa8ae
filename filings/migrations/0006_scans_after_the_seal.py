"""Sealed now means back from the seal; the papers that were called so had their scan uploaded already."""

from django.db import migrations

from portal.tenancy.fence import each_tenant


def rename(apps, schema_editor) -> None:
    for cursor in each_tenant(schema_editor.connection):
        cursor.execute("UPDATE filings_dossierdocument SET state = 'scanned' WHERE state = 'sealed'")


class Migration(migrations.Migration):
    dependencies = [("filings", "0005_papers")]
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
