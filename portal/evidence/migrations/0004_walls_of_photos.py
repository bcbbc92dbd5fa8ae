"""The fence of photos."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_register")]
    operations = [Fence("Photo", append_only=True)]
