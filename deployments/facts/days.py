"""Days as the database writes them into JSON."""

from datetime import date, datetime

from portal.law.facts import civil_day


def day(text: str | None) -> date | None:
    """A day out of JSON; a moment is the day that it is in mainland China."""
    if not text:
        return None
    return civil_day(datetime.fromisoformat(text)) if "T" in text else date.fromisoformat(text)
