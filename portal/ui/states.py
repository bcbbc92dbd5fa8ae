"""The states that the portal shows: each has a word, an icon and a tone. Red is for unlawful or overdue only."""

from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    "open": (_("open"), "info", "circle-dashed"),
    "met": (_("met"), "good", "circle-check"),
    "waived": (_("waived"), "quiet", "circle-slash"),
    "not_required": (_("not required"), "quiet", "minus"),
    "overdue": (_("overdue"), "bad", "clock-alert"),
    "unlawful": (_("unlawful"), "bad", "octagon-alert"),
    "due_soon": (_("due soon"), "warn", "hourglass"),
    "firm": (_("firm"), "quiet", "lock"),
    "provisional": (_("provisional"), "warn", "hourglass"),
    "recommended": (_("recommended"), "quiet", "bookmark"),
    # deployments, scenarios, signs
    "planned": (_("planned"), "quiet", "circle-dashed"),
    "active": (_("active"), "good", "circle-play"),
    "suspended": (_("suspended"), "warn", "circle-pause"),
    "terminated": (_("terminated"), "quiet", "circle-x"),
    "disposed": (_("disposed"), "quiet", "archive"),
    "posted": (_("posted"), "good", "circle-check"),
    "removed": (_("removed"), "quiet", "circle-x"),
    "to_post": (_("to be posted"), "info", "printer"),
    "conspicuous": (_("conspicuous"), "good", "circle-check"),
    "obscured": (_("obscured"), "warn", "eye-off"),
    "damaged": (_("damaged"), "warn", "triangle-alert"),
    # other ways than FR, protection, vendors, proofs of governance
    "offered": (_("offered"), "good", "circle-check"),
    "not_offered": (_("not offered"), "bad", "octagon-alert"),
    "unchecked": (_("not checked yet"), "warn", "circle-dashed"),
    "check_due": (_("check overdue"), "bad", "clock-alert"),
    "in_place": (_("in place"), "good", "circle-check"),
    "partial": (_("partly in place"), "warn", "circle-dashed"),
    "unproved": (_("without proof"), "warn", "circle-question-mark"),
    "review_due": (_("review overdue"), "bad", "clock-alert"),
    "in_force": (_("in force"), "good", "circle-check"),
    "no_access": (_("no access"), "quiet", "minus"),
    "no_contract": (_("no contract"), "bad", "octagon-alert"),
    "expired": (_("run out"), "bad", "clock-alert"),
    "to_return": (_("return not proved"), "bad", "octagon-alert"),
    "proved": (_("proved"), "good", "circle-check"),
    "gone": (_("not there"), "warn", "circle-dashed"),
    # notices and consents
    "announced": (_("announced"), "info", "calendar-clock"),
    "superseded": (_("superseded"), "quiet", "history"),
    "outdated": (_("outdated"), "warn", "history"),
    "erased": (_("erased"), "quiet", "archive"),
    # counts and crossings
    "proposed": (_("proposed"), "warn", "circle-question-mark"),
    "confirmed": (_("confirmed"), "good", "badge-check"),
    "reached": (_("100,000 reached"), "warn", "flag"),
    "near": (_("close to 100,000"), "warn", "triangle-alert"),
    "unconfirmed": (_("count unconfirmed"), "warn", "circle-question-mark"),
    # filings and their papers
    "draft": (_("draft"), "info", "square-pen"),
    "ready": (_("ready"), "info", "list-checks"),
    "frozen": (_("frozen"), "info", "lock"),
    "submitted": (_("submitted"), "info", "send"),
    "correction": (_("correction asked"), "warn", "undo-2"),
    "correcting": (_("being corrected"), "warn", "square-pen"),
    "accepted": (_("accepted"), "good", "badge-check"),
    "withdrawn": (_("withdrawn"), "quiet", "circle-slash"),
    "closed": (_("closed"), "quiet", "archive"),
    "in_hand": (_("being worked on"), "info", "circle-dashed"),
    "answered": (_("answered"), "good", "message-square-reply"),
    "missing": (_("missing"), "warn", "circle-dashed"),
    "generated": (_("generated"), "info", "file-check"),
    "sealed": (_("sealed"), "good", "stamp"),
    "scanned": (_("scanned"), "good", "file-check"),
    "not_applicable": (_("not applicable"), "quiet", "minus"),
    "in_review": (_("in review"), "info", "eye"),
    "approved": (_("approved"), "good", "badge-check"),
    "returned": (_("returned"), "warn", "undo-2"),
    "pending": (_("pending"), "quiet", "circle-dashed"),
    "to_correct": (_("to correct"), "warn", "undo-2"),
    # vendor files
    "uploaded": (_("uploaded"), "quiet", "upload"),
    "checking": (_("being checked"), "info", "loader"),
    "checked": (_("checked"), "info", "list-checks"),
    "applying": (_("being applied"), "info", "loader"),
    "applied": (_("applied"), "good", "circle-check"),
    "refused": (_("refused"), "warn", "ban"),
    "failed": (_("failed"), "warn", "circle-x"),
    "discarded": (_("discarded"), "quiet", "trash-2"),
    "stale": (_("overtaken"), "warn", "history"),
    "undone": (_("undone"), "quiet", "undo-2"),
    "new": (_("new"), "good", "plus"),
    "changed": (_("changed"), "info", "square-pen"),
    "unchanged": (_("unchanged"), "quiet", "minus"),
    "error": (_("error"), "warn", "triangle-alert"),
    "warning": (_("warning"), "warn", "triangle-alert"),
    "hint": (_("hint"), "quiet", "info"),
    # reminders and deliveries
    "waiting": (_("waiting"), "quiet", "clock"),
    "sent": (_("sent"), "good", "send"),
    "skipped": (_("skipped"), "quiet", "minus"),
    "cancelled": (_("cancelled"), "quiet", "circle-slash"),
    "late": (_("late"), "warn", "clock-alert"),
    # people
    "ended": (_("ended"), "quiet", "circle-x"),
    "invited": (_("invited"), "info", "mail"),
}
