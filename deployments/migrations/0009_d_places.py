"""Changes of a filed video system, plans as pages show them, and the ban on private spaces without its gaps."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import portal.tenancy.fields
from portal.tenancy.fence import Fence

PRIVATE = (Path(__file__).resolve().parent.parent / "sql" / "private_spaces.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0008_e_signs_before_posting"),
        ("evidence", "0004_walls_of_photos"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="capturearea",
            options={"default_permissions": (), "ordering": ["name"], "verbose_name": "capture area"},
        ),
        migrations.AddField(
            model_name="capturearea",
            name="plan_shown",
            field=portal.tenancy.fields.TenantKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.evidence",
                verbose_name="plan as it is shown",
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="police_change_filed_on",
            field=models.DateField(blank=True, null=True, verbose_name="last change filed with the police on"),
        ),
        migrations.AddField(
            model_name="site",
            name="police_change_proof",
            field=portal.tenancy.fields.TenantKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.evidence",
                verbose_name="police receipt of the change",
            ),
        ),
        Fence("CaptureArea"),
        Fence("Site"),
        # The trigger saw no row at COMMIT, when nobody acts for a tenant any more, and two transactions passed each
        # other unseen.
        migrations.RunSQL(PRIVATE, "DROP FUNCTION keep_private_space CASCADE"),
    ]
