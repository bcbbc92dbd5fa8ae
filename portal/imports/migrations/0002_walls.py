"""The fences of this app."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0001_initial"),
        ("tenancy", "0002_walls"),
    ]
    operations = [
        # Headings and cells of a vendor's file go when the file goes.
        Fence("ImportBatch", door=True, withheld=("mapping", "ignored", "recognised", "choices")),
        Fence("ImportRow", audited=False),
    ]
