"""The words of the papers of a joint filing, in both languages; no official list of members was available."""

from portal.law.text import Text

TITLE = Text("Members of the joint filing", "联合备案成员单位一览表")
INTRO = Text(
    "{name} files for itself and for the members below, whose uses of face recognition are the same as its own in"
    " purpose, necessity, method and scope of processing.",
    "{name}为本单位及下列成员单位一并办理备案。成员单位应用人脸识别技术的处理目的、处理必要性、处理方式、处理范围与本单位相同。",
)
HEADER = (
    Text("Member", "成员单位"),
    Text("Unified social credit code", "统一社会信用代码"),
    Text("Province", "注册地"),
    Text("Scenario", "应用场景"),
    Text("Same as", "对应场景"),
    Text("Persons stored", "存储人数"),
    Text("Places", "场所数"),
    Text("Impact assessment", "影响评估"),
)
TOTAL = Text(
    "{members} members store {total} persons together, overlap not deducted.",
    "成员单位共{members}家，合计存储{total}人（未扣除重复人员）。",
)
AGREED = Text("The authority's word, {day}: {how}", "备案机关意见（{day}）：{how}")
JOINED = Text("Member of the joint filing", "联合备案成员单位")
NOT_YET = Text("not covered", "未纳入")
NO_LONGER = Text("not covered any more", "不再纳入")
