"""What an assessment covers stands in one place; its constraints come once every row fits them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0005_what_was_registered")]
    operations = [
        migrations.RemoveField(
            model_name="assessment",
            name="assessed",
        ),
        migrations.RemoveField(
            model_name="assessment",
            name="scenario",
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("draft", "returned")),
                    models.Q(
                        ("has_lawfulness", True),
                        ("has_measures", True),
                        ("has_rights_impact", True),
                        ("has_risks", True),
                    ),
                    _connector="OR",
                ),
                name="assessment_has_four_elements",
                violation_error_message="An assessment without all four elements of Article 9 can't be submitted.",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("approved", "superseded")), _negated=True),
                    models.Q(
                        ("approved_by__isnull", False),
                        ("approved_on__isnull", False),
                        ("keep_until__isnull", False),
                        ("report__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="assessment_approved_by_somebody_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    ("is_one_person", True),
                    models.Q(("approved_by", models.F("written_by")), _negated=True),
                    _connector="OR",
                ),
                name="assessment_approver_is_not_author",
                violation_error_message="The author can't approve the own report. Ask another person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_external", True), models.Q(("template", ""), _negated=True), _connector="OR"),
                name="assessment_written_here_has_structure",
            ),
        ),
    ]
