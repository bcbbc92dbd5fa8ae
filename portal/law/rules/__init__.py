"""The rules by topic. Importing a topic registers its rules; the list below gives them their order."""

from portal.law.registry import RULES
from portal.law.rules import (
    assessment,
    choice,
    consent,
    counts,
    filing,
    filing_changes,
    governance,
    incidents,
    notice,
    officer,
    people,
    places,
    purpose,
    scope,
    security,
    security_mlps,
    signs,
    storage,
    vendors,
    video,
)

# In the order of the Measures' articles, then the neighbouring law.
TOPICS = (
    scope,
    purpose,
    notice,
    consent,
    storage,
    assessment,
    choice,
    places,
    signs,
    security,
    security_mlps,
    filing,
    counts,
    filing_changes,
    people,
    vendors,
    governance,
    officer,
    incidents,
    video,
)

ORDER = {topic.__name__: place for place, topic in enumerate(TOPICS)}
RULES.sort(key=lambda each: ORDER[each.check.__module__])
