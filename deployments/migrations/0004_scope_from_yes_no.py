"""What was out of scope before there was a list of grounds stays out, on the only ground there was: R&D or training."""

from django.db import migrations

from portal.tenancy.fence import each_tenant


def decide(apps, schema_editor) -> None:
    for cursor in each_tenant(schema_editor.connection):
        cursor.execute("SELECT count(*) FROM deployments_scenario WHERE NOT is_in_scope")
        expected = cursor.fetchone()[0]
        cursor.execute("UPDATE deployments_scenario SET scope = 'out_rnd' WHERE NOT is_in_scope")
        assert cursor.rowcount == expected, "every scenario that was out of scope gets its ground"


class Migration(migrations.Migration):
    dependencies = [("deployments", "0003_register")]
    operations = [migrations.RunPython(decide, migrations.RunPython.noop)]
