"""Pages that a code opens for anybody: whose they are, and how often one address may ask for them.

Nothing of the visitor is written down. What counts his requests is a keyed hash of his address and of the minute;
the cache forgets it two minutes later.
"""

import time
from ipaddress import IPv6Network, ip_address
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# A whole terminal may stand behind one address: this stops machines, not passengers.
MOST_A_MINUTE = 300


def tenant_behind(door: str, code: UUID) -> int | None:
    """The id of the tenant to which a code belongs; ``door`` is a function of doors.sql."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tenant_id FROM {door}(%s)", [code])
        found = cursor.fetchone()
    return found[0] if found else None


def asks_too_often(request: HttpRequest, what: str = "page", *, most: int = MOST_A_MINUTE, seconds: int = 60) -> bool:
    """Count this request of an address; with the cache away nobody is refused."""
    window = int(time.time()) // seconds
    key = salted_hmac("portal.public", f"{what}:{window}:{network_of(request)}", algorithm="sha256").hexdigest()
    cache.add(f"public:{key}", 0, timeout=2 * seconds)
    try:
        return cache.incr(f"public:{key}") > most
    except ValueError:  # thrown out of a full cache between the two steps
        return False


def network_of(request: HttpRequest) -> str:
    """The visitor's address; of IPv6 the part that a household or a phone keeps."""
    try:
        address = ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return ""
    return str(IPv6Network((address, 64), strict=False)) if address.version == 6 else str(address)
