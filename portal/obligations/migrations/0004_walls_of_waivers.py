"""The fence of waivers."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [("obligations", "0003_register")]
    operations = [Fence("Waiver")]
