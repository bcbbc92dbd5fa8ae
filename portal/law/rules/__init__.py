"""The rules by topic. Importing a topic registers its rules, so this list gives them their order."""

from portal.law.rules import (
    assessment,
    filing,
    filing_changes,
    governance,
    incidents,
    officer,
    people,
    places,
    security_mlps,
    video,
)

TOPICS = (
    assessment,
    filing,
    places,
    filing_changes,
    people,
    incidents,
    governance,
    officer,
    security_mlps,
    video,
)
