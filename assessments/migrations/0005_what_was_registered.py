"""Reports registered so far cover one scenario each and were made elsewhere."""

from django.db import migrations

from portal.tenancy.fence import each_tenant


def move(apps, schema_editor) -> None:
    for cursor in each_tenant(schema_editor.connection):
        cursor.execute("SELECT count(*) FROM assessments_assessment")
        expected = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO assessments_assessedscenario (tenant_id, pip_id, assessment_id, scenario_id, facts, sha256,"
            " frozen_at_event) SELECT tenant_id, pip_id, id, scenario_id, assessed, '',"
            " (SELECT coalesce(max(id), 0) FROM audit_auditevent) FROM assessments_assessment"
        )
        assert cursor.rowcount == expected, "every assessment covers its scenario"
        cursor.execute(
            "UPDATE assessments_assessment row SET is_external = true, title = scenario.name"
            " FROM deployments_scenario scenario WHERE scenario.id = row.scenario_id"
        )
        assert cursor.rowcount == expected, "every assessment has a title"


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_pipia")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
