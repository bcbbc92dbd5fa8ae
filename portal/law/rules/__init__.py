"""The rules by topic. Importing a topic registers its rules; the list below gives them their order."""

from portal.law.registry import RULES
from portal.law.rules import (
    assessment,
    choice,
    consent,
    filing,
    notice,
    places,
    purpose,
    scope,
    security,
    signs,
    storage,
    vendors,
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
    filing,
    vendors,
)

ORDER = {topic.__name__: place for place, topic in enumerate(TOPICS)}
RULES.sort(key=lambda each: ORDER[each.check.__module__])
