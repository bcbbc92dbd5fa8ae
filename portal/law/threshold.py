"""The numbers of the filing duty, each with the layer it comes from."""

from datetime import date

from portal.law.text import Text

# law: FRM Art 15; 达到 includes the number itself (Civil Code 1259), so 99,999 is not enough.
THRESHOLD = 100_000
# law: FRM Art 15, working days from the day the number is reached.
FILING_WORKING_DAYS = 30
# law: FRM Art 15 and the announcement of 2025-05-28: the rules that a first filing answers.
FIRST_FILING = ("frm-15-initial", "frm-15-transition")
# law: FRM Art 20.
IN_FORCE_ON = date(2025, 6, 1)
# law: CAC announcement of 2025-05-28, for a number reached before the Measures were in force.
TRANSITION_DUE_ON = date(2025, 7, 14)

# default, not law: percent of the threshold at which the portal warns.
WARNING_STEPS = (80, 90, 95)
# default, not law: what counsel may decide of a fall below the number. The law is silent, so nothing decides it alone.
BELOW_DECISIONS = {
    "stays": Text("the duty stays", "义务不因人数回落而终止"),
    "ended": Text("the duty has ended with the fall", "义务已因人数回落而终止"),
    "change": Text("the fall is filed as a change", "就人数回落办理备案变更"),
}
# default, not law: working days before the safe date on which a reminder goes out.
LADDER = (20, 10, 5, 3, 1, 0)
