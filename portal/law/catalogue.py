"""The scenario catalogue of LAW.md 5.7: nineteen starting points with their traps; portal defaults unless cited."""

from portal.law.sources import FRM, PIPL, SPC, VIDEO, Cite
from portal.law.starts import Entry, Trap, law, practice
from portal.law.text import Text

ONE, MANY, EITHER = Text("1:1", "1:1"), Text("1:N", "1:N"), Text("1:1 / 1:N", "1:1 / 1:N")
CONSENT = Text("Consent", "个人同意")
STATUTORY = Text("Statutory duty or consent", "法定职责、义务或者个人同意")
SHOP = Text("Mall (Art 7) or another public place (Art 9)", "商贸中心（第七条）或者其他公共场所（第九条）")
OTHER_PUBLIC = Text("Another public place (Video Regulations Art 9)", "其他公共场所（第九条）")
CROWD = Text("Crowd place (Video Regulations Art 7)", "人员密集场所（第七条）")
INSIDE = Text("Internal area", "内部场所")
NOTHING = Text("n/a", "不适用")
STATE_RULE = law(
    "If a State rule prescribes FR, cite it. If none does, another way is offered.",
    "国家规定必须使用人脸识别的，须引用该规定；否则应提供其他方式。",
    FRM(10),
)
SCHOOL_CASES = practice(
    "In 2025 the CAC of Huaihua acted against nine schools and a company for collecting pupils' faces unlawfully.",
    "2025年，怀化市网信办查处九所学校和一家企业违法收集学生人脸信息。",
)

CATALOGUE: dict[str, Entry] = {
    entry.key: entry
    for entry in (
        Entry(
            "residential_gate",
            Text("Residential gate", "小区门禁"),
            MANY,
            "identify",
            Text("Residential area", "居住区公共区域"),
            CONSENT,
            Text("card, code or guard", "门禁卡、二维码、值班人员"),
            (
                law(
                    "Courts support residents who ask for another way in.",
                    "业主请求提供其他合理验证方式的，人民法院予以支持。",
                    SPC(10),
                ),
                law(
                    "Families live here: children under 14 need guardians' consent and rules of their own.",
                    "涉及家庭住户：不满14周岁未成年人须取得监护人同意并制定专门规则。",
                    FRM(7),
                ),
            ),
            ("residents", "visitors", "under_14", "aged_14_17", "elderly"),
            place_type="residential",
            bases=("consent",),
        ),
        Entry(
            "hotel_check_in",
            Text("Hotel check-in", "酒店入住"),
            ONE,
            "verify",
            OTHER_PUBLIC,
            CONSENT,
            Text("identity document at the desk", "前台出示身份证件"),
            (
                practice(
                    "Forced FR at check-in has been stopped in Shanghai and elsewhere since 2024.",
                    "2024年以来，上海等地已叫停入住时强制刷脸。",
                ),
                law(
                    "Guest rooms and private dining rooms are private spaces.",
                    "客房、包间属于私密空间，任何人不得安装。",
                    FRM(13),
                    VIDEO(8),
                ),
            ),
            ("customers",),
            video_category="P9",
            bases=("consent",),
        ),
        Entry(
            "gym_entry",
            Text("Gym entry", "健身房"),
            MANY,
            "identify",
            OTHER_PUBLIC,
            CONSENT,
            Text("card or code on the phone", "会员卡、手机二维码"),
            (
                law(
                    "Changing rooms and bathrooms are private spaces: no device may hang there.",
                    "更衣室、浴室属于私密空间，任何人不得安装设备。",
                    FRM(13),
                    VIDEO(8),
                ),
            ),
            ("customers",),
            video_category="P9",
            bases=("consent",),
        ),
        Entry(
            "office_access",
            Text("Office access", "办公门禁"),
            MANY,
            "identify",
            INSIDE,
            Text("Consent, or necessity of HR management", "个人同意或者人力资源管理所必需"),
            Text("badge", "工牌"),
            (
                law(
                    "An employee must be free to refuse: consent that costs him something isn't voluntary.",
                    "员工应可自由选择：以不利后果换取的同意并非自愿。",
                    PIPL(14),
                    FRM(12),
                ),
            ),
            ("employees",),
            place_type="internal",
            bases=("consent", "contract"),
        ),
        Entry(
            "attendance",
            Text("Attendance", "考勤"),
            MANY,
            "identify",
            INSIDE,
            Text("Necessity of HR management, or consent", "人力资源管理所必需或者个人同意"),
            Text("badge or app", "工牌、考勤应用"),
            (
                law(
                    "When somebody leaves, his face is deleted: the purpose has ended.",
                    "员工离职后处理目的已实现，应当删除其人脸信息。",
                    FRM(8),
                    PIPL(47),
                ),
            ),
            ("employees",),
            place_type="internal",
            bases=("contract", "consent"),
        ),
        Entry(
            "visitor_registration",
            Text("Visitor registration", "访客登记"),
            ONE,
            "verify",
            INSIDE,
            CONSENT,
            Text("paper form or identity document", "纸质登记、身份证件"),
            (
                practice(
                    "The usual example of 1:1: a visitor is compared with his own document, and nobody is kept.",
                    "1:1验证的典型：与访客本人证件比对，无须留存。",
                ),
            ),
            ("visitors",),
            place_type="internal",
            bases=("consent",),
        ),
        Entry(
            "retail_member",
            Text("Retail member recognition", "零售会员识别"),
            MANY,
            "identify",
            SHOP,
            Text("Consent only", "仅可基于个人同意"),
            Text("phone number", "手机号"),
            (
                law(
                    "A public place: what is captured serves public security only. Recognising members needs separate"
                    " consent, and does not make the device necessary.",
                    "公共场所采集的信息只能用于维护公共安全；识别会员须取得单独同意，且不能替代安装的必要性。",
                    PIPL(26),
                    FRM(13),
                ),
            ),
            ("customers", "passers_by"),
            video_category="P7-1",
            bases=("consent",),
        ),
        Entry(
            "retail_loss_prevention",
            Text("Retail loss prevention", "防盗"),
            MANY,
            "identify",
            SHOP,
            Text("Public security (PIPL Art 26)", "维护公共安全（个保法第二十六条）"),
            NOTHING,
            (
                law(
                    "Necessity is hard to show: say why guards, tags and plain cameras don't do.",
                    "必要性难以说明：须说明为何保安、防盗标签、普通摄像头不足以实现目的。",
                    FRM(4),
                    FRM(13),
                ),
            ),
            ("customers", "passers_by"),
            video_category="P7-1",
        ),
        Entry(
            "school_gate",
            Text("School gate", "校园门禁"),
            MANY,
            "identify",
            CROWD,
            Text("Consent of guardians", "监护人同意"),
            Text("card", "校园卡"),
            (
                law(
                    "Under 14: guardians' consent, and rules for children.",
                    "不满14周岁：须取得监护人同意并制定专门规则。",
                    FRM(7),
                ),
                law(
                    "The minors' audit is reported every January.",
                    "每年1月报送未成年人个人信息保护合规审计情况。",
                    Cite("MINORS", "37"),
                ),
                SCHOOL_CASES,
            ),
            ("students", "under_14", "aged_14_17"),
            video_category="P7-1",
            bases=("consent",),
        ),
        Entry(
            "classroom_attention",
            Text("Classroom attention", "课堂监测"),
            Text("analysis", "分析"),
            "other",
            CROWD,
            Text("None convincing", "无充分依据"),
            Text("–", "—"),
            (
                Trap(Text("High risk: no legal basis is convincing.", "高风险：缺乏充分的合法性基础。")),
                law(
                    "Once a score is tied to a pupil, a person is identified and the Measures apply in full.",
                    "一旦将结果关联到具体学生，即属辨识特定个人，《办法》全面适用。",
                    FRM(2),
                    FRM(19),
                ),
            ),
            ("students", "under_14", "aged_14_17"),
            video_category="P7-1",
        ),
        Entry(
            "examination",
            Text("Examination identity", "考试身份核验"),
            ONE,
            "verify",
            CROWD,
            STATUTORY,
            Text("manual check", "人工核验"),
            (STATE_RULE,),
            ("students",),
            video_category="P7-1",
            bases=("statutory_duty", "consent"),
        ),
        Entry(
            "bank_account",
            Text("Bank account opening", "银行开户核身"),
            ONE,
            "verify",
            Text("Branch (Art 9) or online", "网点（第九条）或者线上"),
            Text("Statutory duty and consent", "法定义务及个人同意"),
            Text("counter", "柜台办理"),
            (
                law(
                    "Rules of the sector prevail where they prescribe FR: cite them.",
                    "行业规定要求人脸识别的，从其规定，须引用。",
                    FRM(10),
                ),
            ),
            ("customers",),
            video_category="P9",
            bases=("statutory_duty", "consent"),
        ),
        Entry(
            "payment",
            Text("Payment by face", "刷脸支付"),
            EITHER,
            "both",
            OTHER_PUBLIC,
            CONSENT,
            Text("code or card", "二维码、银行卡"),
            (
                Trap(
                    Text(
                        "TC260 has a practice guide on face payment (January 2025): a recommendation.",
                        "全国网安标委发布刷脸支付实践指南（2025年1月），属推荐性文件。",
                    ),
                    (),
                    "standard",
                ),
                practice(
                    "In Shanghai 829 of 1,462 metro vending machines had face payment suspended for inducing its use.",
                    "上海地铁1462台自动售货机中829台因诱导使用被暂停刷脸支付。",
                ),
            ),
            ("customers",),
            video_category="P9",
            bases=("consent",),
        ),
        Entry(
            "app_login",
            Text("App login and real name", "App 登录、实名"),
            ONE,
            "verify",
            Text("Online", "线上"),
            CONSENT,
            Text("SMS code or national network identity", "短信验证码、国家网络身份认证"),
            (
                law(
                    "Faces go out over the internet: only by law or with separate consent to just this.",
                    "人脸信息通过互联网传输：须有法律、行政法规规定或者就此取得单独同意。",
                    FRM(8),
                ),
            ),
            ("customers",),
            place_type="online",
            bases=("consent",),
            storage="public_cloud",
        ),
        Entry(
            "hospital",
            Text("Hospital registration", "就医"),
            ONE,
            "verify",
            CROWD,
            CONSENT,
            Text("card", "就诊卡"),
            (
                law(
                    "Who comes here says something of his health: sensitive information twice over.",
                    "同时涉及医疗健康信息，属于敏感个人信息。",
                    PIPL(28),
                ),
            ),
            ("patients", "under_14", "aged_14_17", "elderly", "disabled"),
            video_category="P7-1",
            bases=("consent",),
        ),
        Entry(
            "boarding",
            Text("Airport or railway boarding", "安检登机、进站"),
            ONE,
            "verify",
            Text("Transport hub (Video Regulations Art 7)", "交通枢纽（第七条）"),
            STATUTORY,
            Text("manual lane", "人工通道"),
            (STATE_RULE,),
            ("passengers",),
            video_category="P7-2",
            bases=("statutory_duty", "consent"),
        ),
        Entry(
            "scenic_spot",
            Text("Scenic spot entry", "景区入园"),
            MANY,
            "identify",
            CROWD,
            CONSENT,
            Text("ticket", "门票"),
            (
                law(
                    "A ticket reaches the same purpose: FR must not be the only way in.",
                    "门票可实现相同目的，人脸识别不得作为唯一入园方式。",
                    FRM(10),
                ),
            ),
            ("visitors", "under_14", "aged_14_17", "elderly"),
            video_category="P7-1",
            bases=("consent",),
        ),
        Entry(
            "construction_site",
            Text("Construction site real-name", "工地实名制"),
            MANY,
            "identify",
            INSIDE,
            Text("Statutory duty", "法定职责或者法定义务"),
            Text("manual check", "人工核验"),
            (STATE_RULE,),
            ("employees",),
            place_type="internal",
            bases=("statutory_duty",),
        ),
        Entry(
            "public_security_search",
            Text("Public-security video search", "公安视频"),
            MANY,
            "identify",
            Text("Places of Video Regulations Art 7", "第七条规定的场所"),
            Text("Statutory duty", "法定职责或者法定义务"),
            NOTHING,
            (
                practice(
                    "For the police only: no other organisation may run this.", "仅限公安机关：其他组织不得开展。"
                ),
            ),
            ("passers_by",),
            video_category="P7A",
            bases=("statutory_duty",),
        ),
    )
}
