"""The fences of the new tables, and the new keys of the old ones."""

from django.db import migrations

from portal.tenancy.fence import Fence


class Migration(migrations.Migration):
    dependencies = [("deployments", "0005_scope_by_list"), ("evidence", "0004_walls_of_photos")]
    operations = [
        # Parents before the keys that point at them.
        Fence("MlpsSystem"),
        Fence("Scenario"),
        Fence("Site"),
        Fence("CaptureArea"),
        Fence("Device"),
        Fence("Sign"),
        Fence("SignInspection", append_only=True),
        Fence("ScopeDecision"),
        Fence("Alternative"),
        Fence("AlternativeCheck", append_only=True),
        Fence("ConductCheck", append_only=True),
        Fence("Notice", door=True),
        Fence("NoticeVersion"),
        Fence("NoticeShowing", append_only=True),
        Fence("ConsentMechanism"),
        Fence("ConsentWording"),
        Fence("ConsentCount", append_only=True),
        Fence("ProtectionControl"),
        Fence("GovernanceRecord", append_only=True),
        Fence("Vendor"),
        Fence("Engagement"),
        Fence("Supervision", append_only=True),
    ]
