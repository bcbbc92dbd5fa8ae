"""The scope is one of a list; yes and no go."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deployments", "0004_scope_from_yes_no")]
    operations = [
        migrations.RemoveField(
            model_name="scenario",
            name="is_in_scope",
        ),
        migrations.AddConstraint(
            model_name="scenario",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scope__in", ("", "in")), models.Q(("scope_reason", ""), _negated=True), _connector="OR"
                ),
                name="scenario_out_of_scope_needs_reason",
                violation_error_message="Say why the Measures do not apply to this scenario.",
            ),
        ),
    ]
