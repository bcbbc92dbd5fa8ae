"""The fences of people and grants; a user sees his own memberships, and the tenants that they open."""

from django.db import migrations

from portal.tenancy.fence import Fence

OWN = """
CREATE POLICY own_memberships ON accounts_membership FOR SELECT USING (user_id = portal_user());
CREATE POLICY entered_by_members ON tenancy_tenant FOR SELECT USING (
    EXISTS (SELECT 1 FROM accounts_membership m WHERE m.tenant_id = tenancy_tenant.id AND m.user_id = portal_user())
);
"""
OWN_BACK = """
DROP POLICY own_memberships ON accounts_membership;
DROP POLICY entered_by_members ON tenancy_tenant;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("tenancy", "0002_walls")]
    operations = [
        Fence("Membership", door=True),
        Fence("Team"),
        Fence("TeamPip"),
        Fence("TeamMember"),
        Fence("PipGroupPermission"),
        Fence("PipUserPermission"),
        Fence("TenantGroupPermission", tenant_column="content_object_id"),
        Fence("TenantUserPermission", tenant_column="content_object_id"),
        migrations.RunSQL(OWN, OWN_BACK),
    ]
