"""The directory of the provincial authorities."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.tenancy.choices


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0008_joint"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuthorityEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "province",
                    models.CharField(
                        choices=portal.tenancy.choices.province_choices, max_length=2, verbose_name="province"
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9０-９+()（）\\-－ ,，、;；转]{5,60}$",
                                "Give telephone numbers: digits, spaces and hyphens.",
                            )
                        ],
                        verbose_name="telephone",
                    ),
                ),
                ("hours", models.CharField(blank=True, max_length=120, verbose_name="hours")),
                (
                    "notice_url",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[
                            django.core.validators.URLValidator(
                                message="Give an address that begins with http:// or https://.",
                                schemes=["http", "https"],
                            )
                        ],
                        verbose_name="address of the filing guide or notice",
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="what callers should know")),
                ("source", models.CharField(max_length=300, verbose_name="where it was read")),
                ("seen_on", models.DateField(verbose_name="read on")),
                ("entered_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["province", "-id"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("confirmed_by", None), _negated=True),
                        fields=["province", "-id"],
                        name="authority_entry_confirmed",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("phone", ""), _negated=True),
                            models.Q(("notice_url", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="authority_entry_reaches_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("entered_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="authority_entry_confirmed_by_another",
                    ),
                ],
            },
        ),
        # What was entered stays as it is; only its confirmation is added.
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE ON filings_authorityentry FROM app;"
            " GRANT UPDATE (confirmed_at, confirmed_by_id) ON filings_authorityentry TO app",
            migrations.RunSQL.noop,
        ),
    ]
