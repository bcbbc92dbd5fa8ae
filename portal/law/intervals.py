"""Intervals that the portal sets itself: the law asks for the thing all the time and counts no days."""

# default, not law: natural days between two checks that another way than FR is really offered (FRM Art 10).
ALTERNATIVE_CHECK_DAYS = 90
# default, not law: years between two reviews of a protection measure (FRM Art 14) or of internal rules (PIPL Art 51).
REVIEW_YEARS = 1
