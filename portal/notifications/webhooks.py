"""Outgoing webhooks: one JSON event a request, signed so that the receiver knows that it is ours and new.

``Frportal-Signature: t=<seconds since 1970>,v1=<hex HMAC-SHA256 of "t.body">``, keyed with the webhook's secret.
"""

import hashlib
import hmac
from datetime import datetime

from django.utils import timezone

from portal.notifications.models import OutgoingEvent, Robot
from portal.notifications.outgoing import Answer, post, require_taken
from portal.notifications.robots import secrets_of

SIGNATURE = "Frportal-Signature"
EVENT_ID = "Frportal-Event-Id"


def signature(secret: str, body: bytes, *, at: datetime) -> str:
    """The header's value."""
    stamp = int(at.timestamp())
    return f"t={stamp},v1={hmac.new(secret.encode(), f'{stamp}.'.encode() + body, hashlib.sha256).hexdigest()}"


def send_event(robot: Robot, event: OutgoingEvent) -> Answer:
    """Post a stored event; NotAccepted unless it was answered with 2xx."""
    return send_body(robot, event.body.encode(), code=str(event.code))


def send_body(robot: Robot, body: bytes, *, code: str) -> Answer:
    """Post a body with its signature; NotAccepted unless it was answered with 2xx."""
    address, secret = secrets_of(robot)
    headers = {SIGNATURE: signature(secret, body, at=timezone.now()), EVENT_ID: code}
    answer = post(address, body, headers)
    require_taken(answer)
    return answer
