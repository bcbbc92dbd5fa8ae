"""Kinds of filings and their chain; terminations with their tasks; answers with codes."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import filings.choices
import portal.tenancy.choices
import portal.tenancy.fields
from portal.tenancy.fence import Fence, each_tenant

CHAIN = (Path(__file__).resolve().parent.parent / "sql" / "chain.sql").read_text()


def name_authorities(apps, schema_editor) -> None:
    """Filings so far went to the authority of the PIP's province."""
    for cursor in each_tenant(schema_editor.connection):
        cursor.execute(
            "UPDATE filings_filing SET authority = tenancy_pip.province FROM tenancy_pip"
            " WHERE tenancy_pip.id = filings_filing.pip_id"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0011_f_frozen_words"),
        ("evidence", "0004_walls_of_photos"),
        ("filings", "0003_changes"),
        ("obligations", "0005_b_due_at"),
        ("tenancy", "0003_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EndedDeployment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("former_status", models.CharField(max_length=10)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="EndingTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(choices=filings.choices.ending_tasks, max_length=20, verbose_name="task")),
                ("due_on", models.DateField(verbose_name="do by (own date)")),
                ("done_on", models.DateField(null=True, verbose_name="done on")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="what was done")),
            ],
            options={
                "ordering": ["position"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Termination",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=20, verbose_name="reference")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "under way"), ("undone", "undone"), ("closed", "closed")],
                        default="running",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                (
                    "extent",
                    models.CharField(
                        choices=[
                            ("whole", "the whole use of face recognition"),
                            ("scenarios", "some scenarios"),
                            ("sites", "some sites"),
                        ],
                        max_length=9,
                        verbose_name="what ends",
                    ),
                ),
                ("ended_on", models.DateField(verbose_name="ended on")),
                ("reason", models.TextField(max_length=4000, verbose_name="reason")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("nothing", "nothing is on file"),
                            ("change", "change filing: the rest goes on"),
                            ("cancel", "cancellation of the whole filing"),
                        ],
                        max_length=7,
                        verbose_name="what becomes of the filing",
                    ),
                ),
                ("way_reason", models.TextField(blank=True, max_length=4000, verbose_name="why this way")),
                ("started_at", models.DateTimeField()),
                ("closed_on", models.DateField(null=True, verbose_name="closed on")),
                ("undo_reason", models.TextField(blank=True, max_length=4000, verbose_name="why it was undone")),
            ],
            options={
                "verbose_name": "termination",
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="filing",
            name="filing_one_initial_per_pip",
        ),
        migrations.RemoveConstraint(
            model_name="filing",
            name="filing_submitted_has_day",
        ),
        migrations.RemoveConstraint(
            model_name="receipt",
            name="correction_has_reason",
        ),
        migrations.AddField(
            model_name="filing",
            name="arose_on",
            field=models.DateField(null=True, verbose_name="period runs from"),
        ),
        migrations.AddField(
            model_name="filing",
            name="authority",
            field=models.CharField(
                blank=True, choices=portal.tenancy.choices.province_choices, max_length=2, verbose_name="authority"
            ),
        ),
        migrations.AddField(
            model_name="filing",
            name="follows",
            field=portal.tenancy.fields.TenantKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followers",
                to="filings.filing",
                verbose_name="follows",
            ),
        ),
        migrations.AddField(
            model_name="filing",
            name="way_reason",
            field=models.TextField(blank=True, max_length=4000, verbose_name="why this way"),
        ),
        migrations.AddField(
            model_name="receipt",
            name="answer_by",
            field=models.DateField(null=True, verbose_name="correct by (own date)"),
        ),
        migrations.AddField(
            model_name="receipt",
            name="fields",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=filings.choices.affected_fields, max_length=40),
                blank=True,
                default=list,
                size=None,
                verbose_name="fields and papers named",
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="reasons",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=filings.choices.correction_reasons, max_length=20),
                blank=True,
                default=list,
                size=None,
                verbose_name="reasons",
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="answer_expected_on",
            field=models.DateField(null=True, verbose_name="answer expected by"),
        ),
        migrations.AlterField(
            model_name="filing",
            name="crossing",
            field=portal.tenancy.fields.TenantKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="filings",
                to="deployments.thresholdcrossing",
            ),
        ),
        migrations.AlterField(
            model_name="filing",
            name="kind",
            field=models.CharField(
                choices=[
                    ("initial", "initial filing"),
                    ("change", "change filing"),
                    ("termination", "cancellation filing"),
                ],
                default="initial",
                max_length=11,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="filing",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("frozen", "frozen"),
                    ("submitted", "submitted"),
                    ("correcting", "correction asked"),
                    ("accepted", "accepted"),
                    ("rejected", "rejected"),
                    ("withdrawn", "withdrawn"),
                ],
                default="draft",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="receipt",
            name="kind",
            field=models.CharField(
                choices=[("correction", "correction asked"), ("accepted", "accepted"), ("rejected", "rejected")],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("follows__isnull", True), ("kind", "initial")),
                fields=("pip", "kind"),
                name="filing_one_initial_per_pip",
                violation_error_message="This PIP has an initial filing already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["submitted", "accepted", "rejected"]), _negated=True),
                    ("submitted_on__isnull", False),
                    _connector="OR",
                ),
                name="filing_submitted_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "initial"), ("crossing__isnull", False)),
                    models.Q(
                        ("kind__in", ["change", "termination"]),
                        ("arose_on__isnull", False),
                        ("follows__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="filing_kind_has_its_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("follows",),
                name="filing_followed_once",
                violation_error_message="A filing that follows this one is open already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "accepted"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="correction_has_reason",
            ),
        ),
        migrations.AddField(
            model_name="endeddeployment",
            name="deployment",
            field=portal.tenancy.fields.TenantKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="endings", to="deployments.deployment"
            ),
        ),
        migrations.AddField(
            model_name="endeddeployment",
            name="pip",
            field=portal.tenancy.fields.TenantKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.pip"
            ),
        ),
        migrations.AddField(
            model_name="endeddeployment",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.tenant",
            ),
        ),
        migrations.AddField(
            model_name="endingtask",
            name="done_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="endingtask",
            name="engagement",
            field=portal.tenancy.fields.TenantKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deployments.engagement"
            ),
        ),
        migrations.AddField(
            model_name="endingtask",
            name="evidence",
            field=portal.tenancy.fields.TenantKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.evidence",
                verbose_name="proof",
            ),
        ),
        migrations.AddField(
            model_name="endingtask",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="endingtask",
            name="pip",
            field=portal.tenancy.fields.TenantKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.pip"
            ),
        ),
        migrations.AddField(
            model_name="endingtask",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.tenant",
            ),
        ),
        migrations.AddField(
            model_name="termination",
            name="answer",
            field=portal.tenancy.fields.TenantKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="ended_by", to="filings.filing"
            ),
        ),
        migrations.AddField(
            model_name="termination",
            name="filing",
            field=portal.tenancy.fields.TenantKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="endings", to="filings.filing"
            ),
        ),
        migrations.AddField(
            model_name="termination",
            name="pip",
            field=portal.tenancy.fields.TenantKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="terminations",
                to="tenancy.pip",
                verbose_name="PIP",
            ),
        ),
        migrations.AddField(
            model_name="termination",
            name="started_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="termination",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.tenant",
            ),
        ),
        migrations.AddField(
            model_name="endingtask",
            name="termination",
            field=portal.tenancy.fields.TenantKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="filings.termination"
            ),
        ),
        migrations.AddField(
            model_name="endeddeployment",
            name="termination",
            field=portal.tenancy.fields.TenantKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="ended", to="filings.termination"
            ),
        ),
        migrations.AddConstraint(
            model_name="termination",
            constraint=models.UniqueConstraint(fields=("tenant", "reference"), name="termination_reference_once"),
        ),
        migrations.AddConstraint(
            model_name="termination",
            constraint=models.UniqueConstraint(
                condition=models.Q(("way", "cancel")), fields=("answer",), name="termination_answered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="termination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("extent", "whole"),
                    ("way", "nothing"),
                    models.Q(("way_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="termination_partial_says_why",
                violation_error_message="Say why the filing is changed or cancelled.",
            ),
        ),
        migrations.AddConstraint(
            model_name="termination",
            constraint=models.CheckConstraint(
                condition=models.Q(("way", "nothing"), ("filing__isnull", False), _connector="OR"),
                name="termination_way_has_filing",
            ),
        ),
        migrations.AddConstraint(
            model_name="termination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True), ("closed_on__isnull", False), _connector="OR"
                ),
                name="termination_closed_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="termination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "undone"), _negated=True),
                    models.Q(("undo_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="termination_undone_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="endingtask",
            constraint=models.UniqueConstraint(fields=("termination", "position"), name="ending_task_once"),
        ),
        migrations.AddConstraint(
            model_name="endingtask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("done_on__isnull", True),
                    models.Q(("code__in", ["vendor", "deletion"]), _negated=True),
                    ("evidence__isnull", False),
                    _connector="OR",
                ),
                name="ending_task_proved",
                violation_error_message="This task is done with its proof only.",
            ),
        ),
        migrations.AddIndex(
            model_name="endeddeployment",
            index=models.Index(fields=["deployment"], name="ending_of_deployment"),
        ),
        migrations.AddConstraint(
            model_name="endeddeployment",
            constraint=models.UniqueConstraint(fields=("termination", "deployment"), name="deployment_ended_once"),
        ),
        migrations.RunPython(name_authorities, migrations.RunPython.noop),
        # The rows just written must have met their constraints before the table is altered again.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop),
        Fence("Filing"),
        Fence("Termination"),
        Fence("EndedDeployment"),
        Fence("EndingTask"),
        migrations.RunSQL(CHAIN, "DROP FUNCTION keep_chain_of_filings CASCADE"),
    ]
