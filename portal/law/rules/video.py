"""Public-security video systems of a site (Video Regulations Arts 10, 14-17, 21-23)."""

from collections.abc import Iterator
from datetime import date

from portal.law.duties import Claim
from portal.law.enums import ART7
from portal.law.facts import GovernanceFacts, PipFacts, SiteFacts
from portal.law.registry import Parameter, rule
from portal.law.rules.governance import proved
from portal.law.rules.people import answered, cases, done, waiting
from portal.law.rules.periods import by_day, counted
from portal.law.rules.shapes import NO_EXEMPTION
from portal.law.rules.wording import day_text
from portal.law.sources import CIVIL, VIDEO
from portal.law.text import Text
from portal.law.workdays import Workdays

# law: Video Regulations Arts 14, 17, 34.
FILING_DAYS, RETENTION_DAYS = 30, 30
IN_FORCE_ON = date(2025, 4, 1)
TRANSITION_DUE_ON = date(2025, 6, 30)
PUBLIC_SYSTEM = ART7 | {"P9"}

AN_ART7_SYSTEM = Text("A public-security video system in a place of Art 7.", "第七条规定场所的公共安全视频系统。")
ART_9 = Text(
    "Other public places (Art 9): Arts 11, 14, 15, 16(2) and 17 don't apply there.",
    "其他公共场所（第九条）：不适用第十一条、第十四条、第十五条、第十六条第二项、第十七条。",
)
WHILE_IN_USE = Text(
    "From the day on which the system is put into use; the law counts no days.",
    "自系统投入使用之日起；法律未规定天数。",
)
ART7_PLACES = Parameter(Text("Places of Art 7", "第七条场所"), Text("list of the Regulations", "《条例》所列"), "law")


def of_sites(facts: PipFacts, kind: str) -> dict[str, GovernanceFacts]:
    """The newest proof of a kind by the code of its site."""
    found = (proof for proof in facts.governance if proof.kind == kind and proof.site)
    return {proof.site: proof for proof in sorted(found, key=lambda proof: proof.done_on)}


def exempt_by_art_9(site: SiteFacts) -> Claim:
    """The Regulations themselves don't ask it of other public places."""
    return Claim(subject=f"site:{site.code}", state="not_required", why=ART_9, arose_on=site.video_in_use_on)


@rule(
    "video-10-secret-unit",
    cites=[VIDEO(10)],
    layer="law",
    title=Text("Have the consent of the secret-related unit nearby", "取得邻近涉密单位同意"),
    kind="video",
    obligation=["VI-10"],
    trigger=Text(
        "A site near a military or secret-related unit; at a site with a public-security video system the question"
        " itself is asked.",
        "邻近军事禁区、军事管理区或者涉密单位的场所；有公共安全视频系统的场所须回答该问题。",
    ),
    due=Text("Before installation; the law counts no days.", "安装前；法律未规定天数。"),
    exemption=Text("Not near such a unit.", "不邻近上述单位。"),
    evidence=Text("The unit's letter of consent.", "该单位的同意函。"),
)
def secret_unit(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Unlawful once cameras run there without the consent."""
    for site in facts.sites:
        subject, used_on = f"site:{site.code}", site.video_in_use_on
        if site.near_secret_unit is None and site.video_category in PUBLIC_SYSTEM:
            yield Claim(
                subject=subject,
                state="open",
                why=Text(
                    "Nobody answered whether the site lies near a military or secret-related unit.",
                    "尚未回答该场所是否邻近军事或者涉密单位。",
                ),
                arose_on=used_on,
                needs_review=True,
                remedy=Text("Answer the question on the page of the site.", "请在场所页面回答该问题。"),
            )
        elif site.near_secret_unit and site.secret_unit_consent_on:
            why = Text("The unit consented on {day}.", "该单位已于{day}同意。")
            yield Claim(
                subject=subject,
                state="met",
                why=why.fmt(day=day_text(site.secret_unit_consent_on)),
                arose_on=used_on,
                met_on=site.secret_unit_consent_on,
            )
        elif site.near_secret_unit:
            yield Claim(
                subject=subject,
                state="open",
                why=Text(
                    "The site lies near a military or secret-related unit, whose consent isn't on record.",
                    "该场所邻近军事或者涉密单位，尚未登记其同意。",
                ),
                arose_on=used_on,
                is_critical=used_on is not None,
                remedy=Text(
                    "Ask that unit and record its consent; until then nothing is installed.",
                    "请征得该单位同意并登记；在此之前不得安装。",
                ),
            )


@rule(
    "video-14-police-filing",
    cites=[VIDEO(14), CIVIL(203)],
    layer="law",
    title=Text("File the video system with the county police", "向县级公安机关办理视频系统备案"),
    kind="video",
    obligation=["VI-14"],
    trigger=Text(
        "A system in a place of Art 7 is put into use, or changes.", "第七条场所的系统投入使用或者发生变更。"
    ),
    due=Text(
        "30 natural days after it is put into use; a last day of rest moves to the next working day. In use before"
        " 1 April 2025: by 30 June 2025. A change: promptly, without a day count.",
        "投入使用之日起30日内，末日为休息日的顺延至下一工作日。2025年4月1日前已投入使用的，不迟于2025年6月30日。"
        "发生变更的，及时备案，未规定天数。",
    ),
    exemption=ART_9,
    evidence=Text("The receipt of the police.", "公安机关备案回执。"),
    parameters=[
        ART7_PLACES,
        Parameter(Text("Period", "期限"), Text("30 natural days", "30日"), "law"),
        Parameter(Text("Transitional date", "过渡期限"), Text("30 June 2025", "2025年6月30日"), "law"),
    ],
)
def police_filing(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Thirty natural days from the day of use; a later change is filed promptly."""
    recognising = {place.site for place in facts.deployments if place.status == "active"}
    for site in facts.sites:
        if site.video_category == "P9":
            yield exempt_by_art_9(site)
        elif site.video_category in ART7 and site.video_in_use_on:
            yield _police_claim(site, site.video_in_use_on, calendar)
        elif site.video_category in ART7 and site.code in recognising:
            yield Claim(
                subject=f"site:{site.code}",
                state="open",
                why=Text(
                    "Devices are in use here and the day on which the video system was put into use isn't recorded.",
                    "该场所设备已在使用，但未登记视频系统投入使用的日期。",
                ),
                needs_review=True,
                remedy=Text("Record the day: the 30 days run from it.", "请登记该日期，30日自该日起算。"),
            )


def _police_claim(site: SiteFacts, used_on: date, calendar: Workdays) -> Claim:
    subject, filed_on, changed_on = f"site:{site.code}", site.police_filed_on, site.police_change_on
    why = Text("The video system is in use since {day}.", "视频系统自{day}投入使用。").fmt(day=day_text(used_on))
    reckoning, arose_on = counted(calendar.add_natural, used_on, FILING_DAYS), used_on
    if used_on < IN_FORCE_ON:
        reckoning, arose_on = by_day(calendar, TRANSITION_DUE_ON), IN_FORCE_ON
        why += Text(
            "This was before the Regulations were in force, so the date of 30 June 2025 applies.",
            "早于《条例》施行，适用2025年6月30日期限。",
        )
    if filed_on and changed_on and changed_on > filed_on:
        why += Text(
            "It was filed on {filed} and changed on {day}: file the change promptly.",
            "已于{filed}备案，{day}发生变更：请及时办理变更备案。",
        ).fmt(filed=day_text(filed_on), day=day_text(changed_on))
        remedy = Text("File the change with the county police.", "请向县级公安机关办理变更备案。")
        return Claim(subject=subject, state="open", why=why, arose_on=changed_on, remedy=remedy)
    if filed_on:
        why += Text("Filed with the police on {day}.", "已于{day}向公安机关备案。").fmt(day=day_text(filed_on))
        return Claim(subject=subject, state="met", why=why, arose_on=arose_on, reckoning=reckoning, met_on=filed_on)
    remedy = Text("File with the county police and record the receipt.", "请向县级公安机关备案并登记回执。")
    return Claim(subject=subject, state="open", why=why, arose_on=arose_on, reckoning=reckoning, remedy=remedy)


@rule(
    "video-16-posts",
    cites=[VIDEO(15), VIDEO(16)],
    layer="law",
    title=Text(
        "Vet and train the staff, control access and keep the call-up register",
        "落实视频系统岗位管理、培训、访问控制和调用登记",
    ),
    kind="video",
    obligation=["VI-16"],
    trigger=AN_ART7_SYSTEM,
    due=WHILE_IN_USE,
    exemption=ART_9,
    evidence=Text("The proof of the managing unit, with the call-up register.", "管理单位的证明材料及调用登记。"),
    parameters=[ART7_PLACES],
)
def video_posts(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """The unit that manages the system proves it for each site."""
    proofs = of_sites(facts, "video_post")
    for site in facts.sites:
        if site.video_category == "P9":
            yield exempt_by_art_9(site)
        elif site.video_category in ART7:
            yield proved(
                f"site:{site.code}",
                proofs.get(site.code),
                calendar,
                missing=Text(
                    "No proof is kept of vetting, training, access control and call-up register.",
                    "尚无岗位审查、培训、访问控制和调用登记的证明材料。",
                ),
                remedy=Text("Record the proof on the page of the site.", "请在场所页面登记证明材料。"),
                arose_on=site.video_in_use_on,
            )


@rule(
    "video-17-retention",
    cites=[VIDEO(17)],
    layer="law",
    title=Text("Keep the video for 30 days at least", "视频图像信息保存不少于三十日"),
    kind="video",
    obligation=["VI-17"],
    trigger=AN_ART7_SYSTEM,
    due=WHILE_IN_USE,
    exemption=Text(
        "Another law sets another period; Art 9 places. This is the video, not the face information, which is kept no"
        " longer than necessary (FRM Art 8).",
        "法律、行政法规另有规定；第九条场所。此处指视频图像，人脸信息的保存期限不得超过必要时间（《办法》第八条）。",
    ),
    evidence=Text("The retention setting in days.", "保存天数设置。"),
    parameters=[ART7_PLACES, Parameter(Text("Kept at least", "最短保存"), Text("30 days", "30日"), "law")],
)
def video_retention(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """A shorter setting is unlawful once the system is in use."""
    for site in facts.sites:
        if site.video_category == "P9":
            yield exempt_by_art_9(site)
        elif site.video_category in ART7:
            days = site.video_retention_days
            is_enough = days is not None and days >= RETENTION_DAYS
            if days is None:
                why = Text("How long the video is kept isn't recorded.", "未登记视频保存天数。")
            else:
                why = Text("The video is kept for {days} days.", "视频保存{days}日。").fmt(days=days)
            yield Claim(
                subject=f"site:{site.code}",
                state="met" if is_enough else "open",
                why=why,
                arose_on=site.video_in_use_on,
                is_critical=days is not None and not is_enough and site.video_in_use_on is not None,
                remedy=None if is_enough else Text("Set 30 days or more and record it.", "请设置为30日以上并登记。"),
            )


@rule(
    "video-21-viewing",
    cites=[VIDEO(21), VIDEO(22), VIDEO(23)],
    layer="law",
    title=Text("Limit viewing and disclosure of the video", "限制视频图像的查阅和提供"),
    kind="video",
    obligation=["VI-21"],
    trigger=Text(
        "A public-security video system, of Art 7 or Art 9; and each request to view its images.",
        "第七条或者第九条场所的公共安全视频系统，以及每次查阅请求。",
    ),
    due=Text(
        "The rules from the day of use; a request when it comes. The law counts no days.",
        "规则自投入使用之日起；请求随到随办。法律未规定天数。",
    ),
    exemption=NO_EXEMPTION,
    evidence=Text(
        "The rules for viewing and masking; of each request the consent of the manager and the answer.",
        "查阅和遮挡规则；每次请求的管理单位同意及答复。",
    ),
)
def viewing(facts: PipFacts, calendar: Workdays) -> Iterator[Claim]:
    """Rules for each site, and an answer for each request."""
    proofs = of_sites(facts, "video_viewing")
    for site in facts.sites:
        if site.video_category in PUBLIC_SYSTEM:
            yield proved(
                f"site:{site.code}",
                proofs.get(site.code),
                calendar,
                missing=Text("No rules for viewing and masking are on record.", "尚无查阅和遮挡规则。"),
                remedy=Text("Record the rules on the page of the site.", "请在场所页面登记规则。"),
                arose_on=site.video_in_use_on,
            )
    for case, _scenario in cases(facts, "viewing"):
        if case.answered_on:
            yield done(case, answered(case))
        else:
            yield waiting(
                case,
                Text("It isn't answered.", "尚未答复。"),
                Text("Ask the manager's consent, mask others and answer.", "请取得管理单位同意，遮挡他人后答复。"),
            )
