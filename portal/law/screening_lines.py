"""What each answer of the screening means, in sentences a lawyer can check: one table by question and answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from portal.law.depth import TITLE as DEPTH
from portal.law.depth import Use, depth_of, in_a_sentence
from portal.law.duties import Layer
from portal.law.enums import FUNCTIONS, OUTSIDE_PIPL
from portal.law.questions import GROUPS, PLACES, QUESTIONS, STORED, WARNED_FROM
from portal.law.sources import ANNOUNCEMENT, DEFAULT, FRM, PIPL, SPC, VIDEO, Cite
from portal.law.text import Text
from portal.law.threshold import FILING_WORKING_DAYS, THRESHOLD

Tone = Literal["good", "info", "warn", "bad", "quiet"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the result: what it is about, what follows, how grave it is, and where that stands."""

    topic: Text
    text: Text
    tone: Tone
    cites: tuple[Cite, ...] = ()
    layer: Layer = "law"


MEASURES = Text("The Measures", "《办法》")
OF_SCOPE: dict[str, Line] = {
    "in": Line(
        MEASURES,
        Text(
            "They apply: persons are verified or identified by their faces in mainland China.",
            "适用：在境内使用人脸识别技术验证个人身份或者辨识特定个人。",
        ),
        "info",
        (FRM(2), FRM(19)),
    ),
    "out_rnd": Line(
        MEASURES,
        Text(
            "They don't apply to R&D of FR technology and training of algorithms. Its data stays apart from that of"
            " production.",
            "不适用：人脸识别技术研发、算法训练活动不适用《办法》。其数据不得与实际应用的数据混用。",
        ),
        "quiet",
        (FRM(2),),
    ),
    "out_not_fr": Line(
        MEASURES,
        Text(
            "They don't apply: where no person is verified or identified, it isn't FR technology.",
            "不适用：不验证、不辨识个人身份的，不属于《办法》所称人脸识别技术。",
        ),
        "quiet",
        (FRM(2), FRM(19)),
    ),
    "out_not_china": Line(
        MEASURES,
        Text("They don't apply: nothing is processed within mainland China.", "不适用：不在中华人民共和国境内处理。"),
        "quiet",
        (FRM(2),),
    ),
    "out_household": Line(
        MEASURES,
        Text(
            "They don't apply to a natural person's own or family affairs. An organisation can't rely on this: have"
            " counsel look at it.",
            "不适用：自然人因个人或者家庭事务处理的不适用。组织不得援引本条，请由法律顾问复核。",
        ),
        "quiet",
        (PIPL(72),),
    ),
}
APPROVAL = Line(
    Text("Approval", "批准"),
    Text(
        "It needs a reason, the approval of another person, and a new look every year.",
        "须说明理由、经另一人批准，并每年复核。",
    ),
    "warn",
    (DEFAULT("scope-recheck"),),
    "default",
)
PIPL_STAYS = Line(
    Text("PIPL", "个人信息保护法"),
    Text(
        "Its duties stay: legal basis, contracts, transfers abroad, requests of persons.",
        "仍然适用：合法性基础、合同、向境外提供、个人权利请求等义务不变。",
    ),
    "warn",
    (PIPL(13),),
)
NO_PIPL = Line(
    Text("PIPL", "个人信息保护法"), Text("It doesn't apply either.", "亦不适用。"), "quiet", (PIPL(3), PIPL(72))
)

NOT_THE_ONLY_WAY = Text(
    "FR must not be the only way: whoever refuses gets another reasonable and convenient one.",
    "不得作为唯一验证方式：拒绝的个人应获得其他合理、便捷的方式。",
)
NOT_PUBLIC = Text(
    "Not a public place: neither a sign nor a proof of public security is asked.",
    "非公共场所：不要求设置提示标识和说明公共安全必要性。",
)
PRIVATE, STORAGE = Text("Private space", "私密空间"), Text("Storage", "存储")
FILING = Text("Filing", "备案")
MINORS_AUDIT = Line(
    Text("Minors", "未成年人"),
    Text(
        "A yearly audit, reported to the municipal CAC by the end of January.",
        "每年进行合规审计，并于1月底前向设区的市级网信部门报送。",
    ),
    "info",
    (Cite("MINORS", "37"), Cite("CAC-2025-12-29")),
)
CHILDREN = Line(
    Text("Under 14", "不满14周岁"),
    Text(
        "On consent, a parent or another guardian consents. On any basis there are dedicated rules for children.",
        "基于同意的，须取得父母或者其他监护人同意；均须制定专门的个人信息处理规则。",
    ),
    "warn",
    (FRM(7), PIPL(31)),
)
OVER_INTERNET = Line(
    STORAGE,
    Text(
        "Outside the device, or out over the internet, only where a law or administrative regulation provides so or"
        " the person consents to just this.",
        "设备外存储或者通过互联网对外传输，仅限法律、行政法规另有规定，或者就此取得个人单独同意。",
    ),
    "warn",
    (FRM(8),),
)

# What an answer means where the Measures apply, or while nobody knows whether they do.
OF_ANSWER: dict[str, dict[str, tuple[Line, ...]]] = {
    "function": {
        code: (Line(FUNCTIONS[code], NOT_THE_ONLY_WAY, "info", (FRM(10),)),) for code in ("verify", "identify", "both")
    },
    "place_type": {
        "public": (
            Line(
                PLACES["public"],
                Text(
                    "Only what public security needs, with a fixed capture area and a conspicuous sign.",
                    "须为维护公共安全所必需，依法合理确定采集区域，并设置显著提示标识。",
                ),
                "warn",
                (FRM(13), VIDEO(13)),
            ),
            Line(
                Text("Purpose lock", "用途限定"),
                Text(
                    "What is captured there serves public security only, unless the person consents separately.",
                    "所收集的信息只能用于维护公共安全，取得个人单独同意的除外。",
                ),
                "warn",
                (PIPL(26),),
            ),
        ),
        "residential": (
            Line(
                PLACES["residential"],
                Text(
                    "Residents may ask for another way in. As in a public place, the portal asks for it and for the"
                    " notice on the spot.",
                    "业主可以请求提供其他合理验证方式。系统默认比照公共场所，要求提供替代方式并在现场展示告知。",
                ),
                "warn",
                (SPC(10),),
                "default",
            ),
        ),
        "undecided": (
            Line(
                PLACES["undecided"],
                Text(
                    "Have counsel decide whether it is a public place: Article 13 then asks for more.",
                    "请由法律顾问判断是否属于公共场所；属于的，适用第十三条的要求。",
                ),
                "warn",
                (FRM(13),),
            ),
        ),
        "internal": (Line(PLACES["internal"], NOT_PUBLIC, "quiet", (FRM(13),)),),
        "online": (Line(Text("Online", "线上"), NOT_PUBLIC, "quiet", (FRM(13),)),),
    },
    "ages": {code: (CHILDREN,) for code in ("under_14", "both")},
    "storage": {
        "device": (
            Line(STORAGE, Text("In the device, as the law wants it.", "存储于设备内，符合规定。"), "good", (FRM(8),)),
        ),
        "lan_server": (
            Line(
                STORAGE,
                Text(
                    "Needs legal review: a server on the premises is neither clearly in the device nor transmission"
                    " over the internet.",
                    "须法律复核：本地服务器既不明确属于设备内存储，也不属于互联网传输。",
                ),
                "warn",
                (FRM(8),),
                "default",
            ),
        ),
        **{code: (OVER_INTERNET,) for code, (_, is_sent) in STORED.items() if is_sent},
    },
    "count_band": {
        "below": (
            Line(
                FILING,
                Text(
                    f"Watch: from {THRESHOLD:,} persons on a filing is due. The portal keeps the count.",
                    f"持续关注：达到{THRESHOLD:,}人的应当备案，系统持续计数。",
                ),
                "quiet",
                (FRM(15),),
            ),
        ),
        "near": (
            Line(
                FILING,
                Text(
                    f"Warning: {THRESHOLD:,} is near. Prepare the materials, or delete what isn't needed.",
                    f"预警：接近{THRESHOLD:,}人。请准备备案材料，或者删除不再需要的人脸信息。",
                ),
                "warn",
                (DEFAULT("early-warning"), FRM(15)),
                "default",
            ),
        ),
        "reached": (
            Line(
                FILING,
                Text(
                    f"Due: file with the provincial CAC within {FILING_WORKING_DAYS} working days of the day on which"
                    " the number was reached.",
                    f"应当备案：自达到该数量之日起{FILING_WORKING_DAYS}个工作日内向省级网信部门备案。",
                ),
                "warn",
                (FRM(15), ANNOUNCEMENT()),
            ),
        ),
    },
}

# What an answer means whatever the scope: the ban binds everybody, and minors are protected under the PIPL too.
ALWAYS: dict[str, dict[str, tuple[Line, ...]]] = {
    "private_space": {
        "yes": (
            Line(
                PRIVATE,
                Text(
                    "Never. No consent allows it and nobody can waive it: remove the device, tell the police, prove"
                    " both. Until then nothing at the site goes live.",
                    "任何人均不得安装。个人同意不能使其合法，任何人不得豁免：请立即拆除、报告公安机关并留存证明。"
                    "此前整个场所不得启用。",
                ),
                "bad",
                (FRM(13), VIDEO(8)),
            ),
        ),
        "no": (Line(PRIVATE, Text("None, and none may come.", "无，且不得安装。"), "quiet", (FRM(13), VIDEO(8))),),
    },
    "ages": {code: (MINORS_AUDIT,) for code, groups in GROUPS.items() if groups},
}

ASSESSMENT = Text("PIPIA", "影响评估")
OF_ASSESSMENT: dict[bool, Line] = {
    False: Line(
        ASSESSMENT,
        Text(
            "With its four elements, approved before the first face is processed.",
            "须包含四项内容，并在处理人脸信息前完成并批准。",
        ),
        "info",
        (FRM(9), PIPL(55)),
    ),
    True: Line(
        ASSESSMENT,
        Text(
            "With its four elements and the part on the public place, approved before the first face is processed.",
            "须包含四项内容及公共场所部分，并在处理人脸信息前完成并批准。",
        ),
        "info",
        (FRM(9), PIPL(55)),
    ),
}
BASIS = Text("Legal basis", "合法性基础")
OF_BASIS: dict[str, Line] = {
    "": Line(
        BASIS,
        Text(
            "Name one of the seven. On consent, separate consent is asked as well.",
            "须明确七项之一；基于同意的，还须取得单独同意。",
        ),
        "info",
        (PIPL(13), FRM(6)),
    ),
    "consent": Line(
        BASIS,
        Text(
            "Consent: asked separately, shown by an act, as easy to take back.",
            "个人同意：单独取得、以主动行为作出，并可便捷撤回。",
        ),
        "info",
        (FRM(6), PIPL(29)),
    ),
}


def lines(answers: Mapping[str, str], scope: str, legal_basis: str) -> tuple[Line, ...]:
    """The lines of the result in the order of the questions; a question without an answer has none yet."""
    found: list[Line] = [OF_SCOPE[scope]] if scope else []
    if scope not in ("", "in"):
        found += [APPROVAL, NO_PIPL if scope in OUTSIDE_PIPL else PIPL_STAYS]
    is_asked = scope in ("", "in")
    for question in QUESTIONS:
        answer = answers[question.key]
        if is_asked:
            found += OF_ANSWER.get(question.key, {}).get(answer, ())
        if scope not in OUTSIDE_PIPL or question.key == "private_space":
            found += ALWAYS.get(question.key, {}).get(answer, ())
    if scope == "in":
        found += [OF_ASSESSMENT[answers["place_type"] == "public"], _depth(answers), *_basis(legal_basis)]
    return tuple(found)


def _basis(legal_basis: str) -> list[Line]:
    return [OF_BASIS[legal_basis]] if legal_basis in OF_BASIS else []


def _depth(answers: Mapping[str, str]) -> Line:
    """How deep the assessment goes, from the answers given so far: the portal's default."""
    storage_mode, is_sent = STORED[answers["storage"]]
    place = {"": frozenset[str](), "online": frozenset({"internal"})}.get(answers["place_type"])
    found = depth_of(
        Use(
            function=answers["function"],
            groups=GROUPS[answers["ages"]],
            place_types=frozenset({answers["place_type"]}) if place is None else place,
            storage_mode=storage_mode,
            sends_over_internet=is_sent,
            persons={"near": WARNED_FROM, "reached": THRESHOLD}.get(answers["count_band"]),
        )
    )
    return Line(DEPTH, in_a_sentence(found), "info", (DEFAULT("pipia-depth"),), "default")
