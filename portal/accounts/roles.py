"""The only table of roles: what a team with a role may do for its PIPs, and for the tenant."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    """Permissions on each PIP of the team and on the tenant; a read-only role can't write, by construction."""

    name: str | Promise
    pip: frozenset[str]
    tenant: frozenset[str] = frozenset()
    is_read_only: bool = False
    needs_end_date: bool = False


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ROLES = {
    "owner": Role(
        _("Owner"),
        _set(
            "view_pip edit_register upload_import apply_import confirm_count prepare_filing submit_filing"
            " open_sensitive write_assessment approve_assessment waive_finding"
        ),
        _set("manage_members manage_pips view_audit"),
    ),
    "officer": Role(
        _("Compliance officer"),
        _set(
            "view_pip edit_register upload_import apply_import confirm_count prepare_filing submit_filing"
            " open_sensitive write_assessment"
        ),
        _set("view_audit"),
    ),
    "reviewer": Role(
        _("Reviewer"),
        _set("view_pip submit_filing open_sensitive approve_assessment waive_finding"),
        _set("view_audit"),
    ),
    "operator": Role(_("Operator"), _set("view_pip edit_register upload_import apply_import")),
    "vendor": Role(_("Vendor"), _set("upload_import")),
    "auditor": Role(_("Auditor"), _set("view_pip"), _set("view_audit"), is_read_only=True, needs_end_date=True),
}
ROLE_CHOICES = [(code, role.name) for code, role in ROLES.items()]
PIP_PERMISSIONS = frozenset().union(*(role.pip for role in ROLES.values()))
TENANT_PERMISSIONS = frozenset().union(*(role.tenant for role in ROLES.values()))
