"""The rules by topic. Importing a topic registers its rules, so this list gives them their order."""

from portal.law.rules import assessment, filing, places

TOPICS = (assessment, filing, places)
