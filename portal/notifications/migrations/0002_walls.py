"""The fences of channels; what a robot's secrets were, the trail must not remember."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_channels"), ("tenancy", "0002_walls")]
    operations = [
        Fence("Robot", door=True, withheld=("sealed_address", "sealed_secret", "code_hash")),
        Fence("RobotPip"),
        Fence("MailTest", withheld=("code_hash",)),
        Fence("ChannelChoice"),
        Fence("OutgoingEvent", audited=False, door=True),
        Fence("TrailMark", audited=False),
        Fence("WeeklyReceipt", audited=False, door=True),
    ]
