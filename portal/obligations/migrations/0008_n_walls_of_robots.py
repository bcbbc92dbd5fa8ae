"""The keys of deliveries to robots stay within their tenant."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [("obligations", "0007_n_robots"), ("notifications", "0002_n_walls")]
    operations = [Fence("Delivery", audited=False, door=True)]
