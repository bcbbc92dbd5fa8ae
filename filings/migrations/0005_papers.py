"""Facts read off scans, the way to the seal, what was copied out, and the wording of the forms."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.tenancy.fields
from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0004_walls_of_photos"),
        ("filings", "0004_kinds"),
        ("tenancy", "0003_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="dossierdocument",
            name="state",
            field=models.CharField(
                choices=[
                    ("missing", "missing"),
                    ("draft", "draft"),
                    ("to_seal", "at the seal"),
                    ("sealed", "sealed"),
                    ("scanned", "scanned"),
                    ("accepted", "accepted"),
                ],
                default="missing",
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="Sealing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("taken_by", models.CharField(max_length=100, verbose_name="taken by")),
                ("taken_on", models.DateField(verbose_name="taken on")),
                (
                    "copies",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="copies of each paper",
                    ),
                ),
                ("back_on", models.DateField(blank=True, null=True, verbose_name="back on")),
                ("was_sealed", models.BooleanField(blank=True, null=True, verbose_name="sealed")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "filing",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sealings", to="filings.filing"
                    ),
                ),
                (
                    "pip",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.pip"
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for the seal",
                "ordering": ["number"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SealedPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sealings",
                        to="filings.dossierdocument",
                    ),
                ),
                (
                    "evidence",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.evidence"
                    ),
                ),
                (
                    "pip",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.pip"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "sealing",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="papers", to="filings.sealing"
                    ),
                ),
            ],
            options={
                "verbose_name": "paper at the seal",
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CopiedField",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=160)),
                ("digest", models.CharField(max_length=16)),
                ("ticked_at", models.DateTimeField()),
                (
                    "filing",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="copied", to="filings.filing"
                    ),
                ),
                (
                    "pip",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.pip"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "ticked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "field copied out",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("filing", "field"), name="copied_field_once")],
            },
        ),
        migrations.CreateModel(
            name="FieldWording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "form",
                    models.CharField(
                        choices=[("basic-information", "basic-information"), ("application", "application")],
                        max_length=20,
                    ),
                ),
                ("field", models.CharField(max_length=40)),
                ("label_zh", models.CharField(blank=True, max_length=100, verbose_name="label (Chinese)")),
                ("label_en", models.CharField(blank=True, max_length=100, verbose_name="label (English)")),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(999),
                        ],
                        verbose_name="position",
                    ),
                ),
                (
                    "max_length",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20000),
                        ],
                        verbose_name="greatest length",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "wording of a field",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "form", "field"), name="field_wording_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperFacts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name on the paper")),
                (
                    "uscc",
                    models.CharField(
                        blank=True, max_length=18, verbose_name="unified social credit code on the paper"
                    ),
                ),
                ("agent", models.CharField(blank=True, max_length=100, verbose_name="agent named")),
                ("dated_on", models.DateField(blank=True, null=True, verbose_name="date on the paper")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("is_long_term", models.BooleanField(default=False, verbose_name="without an end date")),
                ("is_copy", models.BooleanField(default=False, verbose_name="scan of a copy, not of the original")),
                ("has_signature", models.BooleanField(blank=True, null=True, verbose_name="signature is there")),
                ("has_seal", models.BooleanField(blank=True, null=True, verbose_name="seal is there")),
                (
                    "pages",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(2000),
                        ],
                        verbose_name="pages in the file",
                    ),
                ),
                (
                    "pages_of",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(2000),
                        ],
                        verbose_name="pages of the paper",
                    ),
                ),
                ("read_at", models.DateTimeField()),
                (
                    "document",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="facts", to="filings.dossierdocument"
                    ),
                ),
                (
                    "evidence",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.evidence"
                    ),
                ),
                (
                    "pip",
                    portal.tenancy.fields.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.pip"
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "facts of a scan",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("document",), name="paper_facts_once_per_document"),
                    models.CheckConstraint(
                        condition=models.Q(("is_long_term", False), ("valid_until__isnull", True), _connector="OR"),
                        name="paper_facts_end_or_none",
                        violation_error_message="Give the last day, or say that there is none, not both.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="sealing",
            constraint=models.UniqueConstraint(fields=("filing", "number"), name="sealing_number_once"),
        ),
        migrations.AddConstraint(
            model_name="sealing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("back_on__isnull", True), ("was_sealed__isnull", True)),
                    models.Q(("back_on__isnull", False), ("was_sealed__isnull", False)),
                    _connector="OR",
                ),
                name="sealing_back_with_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="sealing",
            constraint=models.CheckConstraint(
                condition=models.Q(("back_on__isnull", True), ("back_on__gte", models.F("taken_on")), _connector="OR"),
                name="sealing_back_after_taken",
                violation_error_message="Papers can't be back before they were taken.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sealedpaper",
            constraint=models.UniqueConstraint(fields=("sealing", "document"), name="paper_once_per_sealing"),
        ),
        Fence("PaperFacts"),
        Fence("Sealing"),
        Fence("SealedPaper"),
        Fence("CopiedField"),
        Fence("FieldWording"),
    ]
