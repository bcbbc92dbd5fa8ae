"""What the blind trigger let pass: a deployment that is active with a device in a private space is suspended."""

from django.db import migrations

from portal.tenancy.fence import each_tenant

WRONG = (
    "status = 'active' AND id IN (SELECT deployment_id FROM deployments_device"
    " WHERE removed_on IS NULL AND is_private_space(space_type))"
)


def stop(apps, schema_editor) -> None:
    for cursor in each_tenant(schema_editor.connection):
        cursor.execute(f"UPDATE deployments_deployment SET status = 'suspended' WHERE {WRONG}")
        cursor.execute(f"SELECT count(*) FROM deployments_deployment WHERE {WRONG}")
        assert cursor.fetchone()[0] == 0, "no deployment recognises faces in a private space"


class Migration(migrations.Migration):
    dependencies = [("deployments", "0009_d_places")]
    operations = [migrations.RunPython(stop, migrations.RunPython.noop)]
