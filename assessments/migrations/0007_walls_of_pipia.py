"""The fences of the new tables; approved content is never changed, whoever tries."""

from pathlib import Path

from django.db import migrations

from portal.tenancy.fence import Fence

APPROVED = (Path(__file__).resolve().parent.parent / "sql" / "approved.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("assessments", "0006_one_way_to_scenarios"), ("deployments", "0006_walls_of_register")]
    operations = [
        Fence("Assessment"),
        Fence("AssessedScenario"),
        Fence("Author"),
        Fence("OwnQuestion"),
        Fence("Answer"),
        Fence("Risk"),
        Fence("Measure"),
        Fence("SectionReview"),
        Fence("Remark"),
        Fence("Version", append_only=True),
        Fence("Step", append_only=True),
        Fence("Report", append_only=True),
        Fence("Outdating", append_only=True),
        migrations.RunSQL(APPROVED, "DROP FUNCTION refuse_approved_content CASCADE"),
    ]
