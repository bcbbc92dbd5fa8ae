"""The states that the portal shows: each has a word, an icon and a tone. Red is for unlawful or overdue only."""

from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Tone = Literal["good", "warn", "bad", "info", "quiet"]
TONE_ICONS: dict[str, str] = {
    "good": "circle-check",
    "warn": "triangle-alert",
    "bad": "octagon-alert",
    "info": "info",
    "quiet": "circle",
}


STATES: dict[str, tuple[str | Promise, Tone, str]] = {
    # duties
    "open": (pgettext_lazy("state", "open"), "info", "circle-dashed"),
    "met": (pgettext_lazy("state", "met"), "good", "circle-check"),
    "waived": (pgettext_lazy("state", "waived"), "quiet", "circle-slash"),
    "not_required": (pgettext_lazy("state", "not required"), "quiet", "minus"),
    "overdue": (pgettext_lazy("state", "overdue"), "bad", "clock-alert"),
    "unlawful": (pgettext_lazy("state", "unlawful"), "bad", "octagon-alert"),
    "due_soon": (pgettext_lazy("state", "due soon"), "warn", "hourglass"),
    "firm": (pgettext_lazy("state", "firm"), "quiet", "lock"),
    "provisional": (pgettext_lazy("state", "provisional"), "warn", "hourglass"),
    "recommended": (pgettext_lazy("state", "recommended"), "quiet", "bookmark"),
    # deployments, scenarios, signs
    "planned": (pgettext_lazy("state", "planned"), "quiet", "circle-dashed"),
    "active": (pgettext_lazy("state", "active"), "good", "circle-play"),
    "suspended": (pgettext_lazy("state", "suspended"), "warn", "circle-pause"),
    "terminated": (pgettext_lazy("state", "terminated"), "quiet", "circle-x"),
    "disposed": (pgettext_lazy("state", "disposed"), "quiet", "archive"),
    "posted": (pgettext_lazy("state", "posted"), "good", "circle-check"),
    "removed": (pgettext_lazy("state", "removed"), "quiet", "circle-x"),
    # counts and crossings
    "proposed": (pgettext_lazy("state", "proposed"), "warn", "circle-question-mark"),
    "confirmed": (pgettext_lazy("state", "confirmed"), "good", "badge-check"),
    "reached": (pgettext_lazy("state", "100,000 reached"), "warn", "flag"),
    "near": (pgettext_lazy("state", "close to 100,000"), "warn", "triangle-alert"),
    "unconfirmed": (pgettext_lazy("state", "count unconfirmed"), "warn", "circle-question-mark"),
    # filings and their papers
    "draft": (pgettext_lazy("state", "draft"), "info", "square-pen"),
    "ready": (pgettext_lazy("state", "ready"), "info", "list-checks"),
    "frozen": (pgettext_lazy("state", "frozen"), "info", "lock"),
    "submitted": (pgettext_lazy("state", "submitted"), "info", "send"),
    "correction": (pgettext_lazy("state", "correction asked"), "warn", "undo-2"),
    "accepted": (pgettext_lazy("state", "accepted"), "good", "badge-check"),
    "withdrawn": (pgettext_lazy("state", "withdrawn"), "quiet", "circle-slash"),
    "closed": (pgettext_lazy("state", "closed"), "quiet", "archive"),
    "missing": (pgettext_lazy("state", "missing"), "warn", "circle-dashed"),
    "generated": (pgettext_lazy("state", "generated"), "info", "file-check"),
    "sealed": (pgettext_lazy("state", "sealed"), "good", "stamp"),
    "scanned": (pgettext_lazy("state", "scanned"), "good", "file-check"),
    "not_applicable": (pgettext_lazy("state", "not applicable"), "quiet", "minus"),
    "in_review": (pgettext_lazy("state", "in review"), "info", "eye"),
    "approved": (pgettext_lazy("state", "approved"), "good", "badge-check"),
    # vendor files
    "uploaded": (pgettext_lazy("state", "uploaded"), "quiet", "upload"),
    "checking": (pgettext_lazy("state", "being checked"), "info", "loader"),
    "checked": (pgettext_lazy("state", "checked"), "info", "list-checks"),
    "applying": (pgettext_lazy("state", "being applied"), "info", "loader"),
    "applied": (pgettext_lazy("state", "applied"), "good", "circle-check"),
    "refused": (pgettext_lazy("state", "refused"), "warn", "ban"),
    "failed": (pgettext_lazy("state", "failed"), "warn", "circle-x"),
    "undone": (pgettext_lazy("state", "undone"), "quiet", "undo-2"),
    "new": (pgettext_lazy("state", "new"), "good", "plus"),
    "changed": (pgettext_lazy("state", "changed"), "info", "square-pen"),
    "unchanged": (pgettext_lazy("state", "unchanged"), "quiet", "minus"),
    "error": (pgettext_lazy("state", "error"), "warn", "triangle-alert"),
    "warning": (pgettext_lazy("state", "warning"), "warn", "triangle-alert"),
    "hint": (pgettext_lazy("state", "hint"), "quiet", "info"),
    # reminders and deliveries
    "waiting": (pgettext_lazy("state", "waiting"), "quiet", "clock"),
    "sent": (pgettext_lazy("state", "sent"), "good", "send"),
    "skipped": (pgettext_lazy("state", "skipped"), "quiet", "minus"),
    "cancelled": (pgettext_lazy("state", "cancelled"), "quiet", "circle-slash"),
    "late": (pgettext_lazy("state", "late"), "warn", "clock-alert"),
    # people
    "ended": (pgettext_lazy("state", "ended"), "quiet", "circle-x"),
    "invited": (pgettext_lazy("state", "invited"), "info", "mail"),
}
