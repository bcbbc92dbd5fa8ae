"""The keys of deliveries to robots stay within their tenant."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [("obligations", "0010_robots"), ("notifications", "0002_walls")]
    operations = [Fence("Delivery", audited=False, door=True)]
