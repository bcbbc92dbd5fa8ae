"""What the printed sign says besides the facts of its scenario, in versions: the foot of each sign names its own."""

from dataclasses import dataclass
from datetime import date

from portal.law.text import Text


@dataclass(frozen=True)
class Wording:
    """One version of the words; a printed sign keeps its version, whatever is printed later."""

    since: date
    # Two lines each: what somebody reads in passing.
    headline: tuple[Text, Text]
    # What is done with a face, by the function of the scenario (FRM Art 19).
    doing: dict[str, Text]
    purpose: Text
    responsible: Text
    other_way: Text
    rights: Text
    way: Text
    state_rule: Text
    withdraw: Text
    ask: Text
    scan: Text
    staff: Text
    code: Text
    version: Text


WORDINGS = {
    "2026-1": Wording(
        since=date(2026, 1, 1),
        headline=(Text("Face recognition", "您已进入"), Text("in use", "人脸识别区域")),
        doing={
            "verify": Text(
                "Your face may be compared here to check who you are", "本区域使用人脸识别技术验证个人身份"
            ),
            "identify": Text("Faces are compared here to identify persons", "本区域使用人脸识别技术辨识特定个人"),
            "both": Text(
                "Faces are compared here to verify and to identify persons", "本区域使用人脸识别技术验证、辨识个人身份"
            ),
            "other": Text("Faces are captured and processed here", "本区域使用人脸识别技术处理人脸信息"),
        },
        purpose=Text("Purpose", "处理目的"),
        responsible=Text("Responsible", "处理者"),
        other_way=Text("Another way", "其他方式"),
        rights=Text("Your rights", "您的权利"),
        way=Text("You need not use your face: {way}.", "您可以不刷脸：{way}。"),
        state_rule=Text(
            "A State rule prescribes face recognition here: {rule}.", "国家规定此处使用人脸识别：{rule}。"
        ),
        withdraw=Text("To withdraw consent: {path}.", "撤回同意：{path}。"),
        ask=Text(
            "To see, correct or delete your data, or to complain: {contact}, or scan the code.",
            "查阅、更正、删除个人信息或者投诉：{contact}，或者扫描二维码。",
        ),
        scan=Text("Scan for the full notice", "扫码查看完整告知"),
        staff=Text("Staff: scan to inspect", "工作人员扫码检查"),
        code=Text("Sign", "标识编号"),
        version=Text("Wording", "文案版本"),
    ),
}
CURRENT = list(WORDINGS)[-1]
