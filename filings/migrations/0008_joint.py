"""Joint filings: uses of members that a filing covers beside those of the PIP that files."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.tenancy.fields
from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0012_m_crossing_notes"),
        ("evidence", "0004_walls_of_photos"),
        ("filings", "0007_freezing"),
        ("tenancy", "0003_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JointUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agreed_on", models.DateField(verbose_name="authority agreed on")),
                ("agreed_how", models.TextField(max_length=2000, verbose_name="who agreed, and how")),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "use of a member",
                "ordering": ["pip_id", "id"],
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="changecase",
            name="change_one_undecided_per_item",
        ),
        migrations.AddConstraint(
            model_name="changecase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_substantial__isnull", True)),
                fields=("against", "pip", "item", "scenario"),
                name="change_one_undecided_per_item",
                nulls_distinct=False,
                violation_error_message="This change waits for its decision already.",
            ),
        ),
        migrations.AddField(
            model_name="jointuse",
            name="added_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="jointuse",
            name="agreed_proof",
            field=portal.tenancy.fields.TenantKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.evidence",
                verbose_name="proof",
            ),
        ),
        migrations.AddField(
            model_name="jointuse",
            name="filing",
            field=portal.tenancy.fields.TenantKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="joint_uses", to="filings.filing"
            ),
        ),
        migrations.AddField(
            model_name="jointuse",
            name="like",
            field=portal.tenancy.fields.TenantKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="deployments.scenario",
                verbose_name="same as",
            ),
        ),
        migrations.AddField(
            model_name="jointuse",
            name="pip",
            field=portal.tenancy.fields.TenantKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="joint_uses",
                to="tenancy.pip",
                verbose_name="member",
            ),
        ),
        migrations.AddField(
            model_name="jointuse",
            name="scenario",
            field=portal.tenancy.fields.TenantKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="deployments.scenario",
                verbose_name="scenario",
            ),
        ),
        migrations.AddField(
            model_name="jointuse",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.tenant",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointuse",
            constraint=models.UniqueConstraint(
                fields=("filing", "scenario"),
                name="joint_use_once",
                violation_error_message="The filing covers this use already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreed_how", ""), _negated=True), name="joint_use_has_word_of_authority"
            ),
        ),
        Fence("JointUse"),
    ]
