"""The verbs of the directory of authorities: enter what was read, confirm it as another person."""

from datetime import datetime

from django.utils.translation import gettext as _

from filings.models import AuthorityEntry
from portal.accounts.models import User
from portal.tenancy.session import service
from portal.workflow import CaseError


@service("authority.enter")
def enter_authority(entry: AuthorityEntry, *, by: User, now: datetime) -> AuthorityEntry:
    """Keep what was read; it is shown once another platform account has confirmed it."""
    entry.entered_by, entry.entered_at = by, now
    entry.save(force_insert=True)
    return entry


@service("authority.confirm")
def confirm_authority(entry: AuthorityEntry, *, by: User, now: datetime) -> AuthorityEntry:
    """Show it to all workspaces from now on."""
    if entry.entered_by_id == by.pk:
        raise CaseError(_("You entered it yourself, so another platform account must confirm it."))
    newest = AuthorityEntry.objects.filter(province=entry.province).order_by("-id").first()
    free = AuthorityEntry.objects.filter(pk=entry.pk, confirmed_by__isnull=True)
    if newest.pk != entry.pk or not free.update(confirmed_by=by, confirmed_at=now):
        raise CaseError(_("Something newer stands here, or it is confirmed already. Reload the page."))
    return entry
