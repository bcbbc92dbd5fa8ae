"""Sentences that many rules say of their trigger, date or exemption in the same words."""

from portal.law.text import Text

NO_LAW = Text("None needed: this is no law.", "无需豁免：此非法律规定。")
BEFORE_USE = Text("Before processing begins; the law counts no days.", "开始处理前；法律未规定天数。")
PROMPTLY = Text(
    "Promptly; the law counts no days. The portal's dated target is a duty of its own, marked as a default.",
    "及时；法律未规定天数。系统的目标期限另列为默认做法。",
)
AT_ONCE = Text("At once; the law sets no clock.", "立即；法律未规定时限。")
NO_CALENDAR = Text(
    "The working-day calendar of that year isn't loaded, so no date is reckoned.",
    "该年的工作日历未加载，因此未推算日期。",
)
A_PIP = Text(
    "A PIP with a scenario, planned or in use, that the PIPL covers.",
    "个人信息处理者有适用个人信息保护法的应用场景（计划中或使用中）。",
)
