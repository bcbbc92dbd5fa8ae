"""The words of the papers of a change and of a cancellation, in both languages.

No official text was available: the letters are the portal's own drafts, and each paper says so.
"""

from portal.law.text import Text

CHANGE_INTRO = Text(
    "Of the filing with the number {number} ({reference}, accepted on {accepted}) the following has changed"
    " (Article 15 of the Measures).",
    "依据《人脸识别技术应用安全管理办法》第十五条，备案编号{number}（{reference}，{accepted}通过备案）的备案信息发生如下变更：",
)
CHANGE_HEADER = (
    Text("Item", "变更事项"),
    Text("As filed", "变更前（备案内容）"),
    Text("As it is now", "变更后"),
    Text("Takes effect on", "变更生效日"),
)
CHANGE_CLOCK = Text(
    "The earliest change took effect on {day}; it is filed within 30 working days of that day.",
    "最早的变更于{day}生效，自该日起三十个工作日内办理备案变更手续。",
)
CHANGE_REST = Text("All else stays as it was filed.", "其余备案信息未发生变更。")
MOVED_HERE = Text(
    "The place of registration moved from {old} to {new}. The change is filed with the authority of the former place"
    " because: {reason}",
    "注册地由{old}迁至{new}。向原备案机关办理备案变更的理由：{reason}",
)

COMMITMENT_CHANGE = (
    Text(
        "{name} (unified social credit code {uscc}) files a change of its application of face recognition technology"
        " under Article 15 of the Measures and commits itself as follows.",
        "{name}（统一社会信用代码：{uscc}）依据《人脸识别技术应用安全管理办法》第十五条办理人脸识别技术应用备案变更，现郑重承诺如下：",
    ),
)
COMMITMENT_CANCELLATION = (
    Text(
        "{name} (unified social credit code {uscc}) applies for the cancellation of the filing of its application of"
        " face recognition technology under Article 15 of the Measures and commits itself as follows.",
        "{name}（统一社会信用代码：{uscc}）依据《人脸识别技术应用安全管理办法》第十五条办理人脸识别技术应用备案注销，现郑重承诺如下：",
    ),
    Text(
        "1. All materials handed in are true, complete, accurate and valid; files agree with the originals.",
        "一、所提交的材料真实、完整、准确、有效，电子材料与原件一致。",
    ),
    Text(
        "2. The stated use of face recognition has ended; the face information is disposed of as the law requires, and"
        " no copy is kept beyond what the law asks for.",
        "二、申请书所列人脸识别技术应用已经终止；人脸信息已依法处置，除法律、行政法规规定应当留存的以外，未留存任何副本。",
    ),
    Text(
        "3. Should it take up face recognition again, it assesses and files anew as the Measures require.",
        "三、再次应用人脸识别技术的，将依照《办法》重新开展影响评估并履行备案手续。",
    ),
    Text(
        "4. It cooperates with supervision and inspection and answers in law for any untrue statement.",
        "四、积极配合有关部门依法开展的监督检查；如有不实，愿意承担相应法律责任。",
    ),
)
COMMITMENT_MOVED = Text(
    "2. The stated use goes on under the authority of the new place of registration, with which it is filed anew.",
    "二、申请书所列人脸识别技术应用继续进行，将向迁入地省级网信部门重新办理备案。",
)

APPLICATION_WORDS = Text(
    "Under Article 15 of the Measures the cancellation of the filing with the number {number} is applied for: {what}"
    " ended on {day}.",
    "依据《人脸识别技术应用安全管理办法》第十五条，申请注销备案编号为{number}的人脸识别技术应用备案：{what}已于{day}终止。",
)
APPLICATION_MOVED = Text(
    "Under Article 15 of the Measures the cancellation of the filing with the number {number} is applied for: the"
    " place of registration moved to {new} on {day}, and the application is filed anew with the authority there.",
    "依据《人脸识别技术应用安全管理办法》第十五条，申请注销备案编号为{number}的人脸识别技术应用备案："
    "注册地已于{day}迁至{new}，将向迁入地省级网信部门重新办理备案。",
)
WHAT_ENDED = {
    "whole": Text("the whole application of face recognition technology", "全部人脸识别技术应用"),
    "scenarios": Text("the scenarios listed below", "下列应用场景"),
    "sites": Text("the application at the sites listed below", "下列场所的应用"),
}
ROWS = {
    "number": Text("Filing number", "备案编号"),
    "accepted": Text("Accepted on", "通过备案日期"),
    "ended": Text("Ended on", "终止日期"),
    "reason": Text("Reason", "终止原因"),
    "way": Text("Why the whole filing is cancelled", "整体注销的理由"),
    "moved": Text("Moved on", "迁移日期"),
    "scenarios": Text("Scenarios", "应用场景"),
    "places": Text("Places ended", "终止场所数量"),
    "method": Text("Method of deletion", "删除方式"),
    "disposed": Text("Disposed of on", "处置完成日期"),
    "proof": Text("Proof", "处置证明"),
    "done": Text("What was done", "处置情况"),
    "earliest": Text("Earliest change", "最早变更生效日"),
    "follows": Text("Filing that is changed", "变更的备案"),
    "cancels": Text("Filing that is cancelled", "注销的备案"),
}
PLACES_NUMBER = Text("{number}", "{number}处")
STATEMENT = Text(
    "The face information processed in the ended application was disposed of as follows (Article 15 of the Measures;"
    " Article 47 of the Personal Information Protection Law).",
    "依据《人脸识别技术应用安全管理办法》第十五条、《个人信息保护法》第四十七条，已终止应用中处理的人脸信息处置情况如下：",
)
STATEMENT_MOVED = Text(
    "The application goes on and is filed anew with the authority of the new place of registration. No face"
    " information is deleted on account of the move; it is protected as before.",
    "相关应用继续进行，并将向迁入地省级网信部门重新办理备案。人脸信息不因注册地迁移而删除，继续依法采取保护措施。",
)
VENDORS = Text("Statements of entrusted parties", "受托人返还、删除证明")
VENDORS_HEADER = (
    Text("Vendor", "受托人"),
    Text("Returned or deleted on", "返还或者删除日期"),
    Text("Statement (SHA-256)", "证明文件（SHA-256）"),
)
KEPT = Text(
    "Kept as the law requires: impact assessment reports and records of processing for three years at least"
    " (PIPL Article 56; Measures Article 9), and the logs that prove the deletion.",
    "依法留存：个人信息保护影响评估报告及处理情况记录至少保存三年（《个人信息保护法》第五十六条、《办法》第九条），并保存证明删除的日志。",
)
METHOD_CHANGE = Text(
    "30 working days, the day on which the change took effect not counted. Days off and make-up working days follow"
    " the notices of the State Council.",
    "自变更生效之日的次日起计算30个工作日，放假日不计入，调休上班日计入，以国务院办公厅放假通知为准。",
)
METHOD_CANCELLATION = Text(
    "30 working days, the day on which the application ended not counted. Days off and make-up working days follow"
    " the notices of the State Council.",
    "自终止之日的次日起计算30个工作日，放假日不计入，调休上班日计入，以国务院办公厅放假通知为准。",
)
SECOND = Text("{day}, if the day itself counts as the first day", "{day}（当日计入期限时）")
NOT_PROVED = Text("not proved yet", "尚无处置证明")
END_OF_USE = Text(
    "The application of face recognition ended on {day}; the filing is still to be cancelled.",
    "人脸识别技术应用已于{day}终止，尚待办理注销备案。",
)
