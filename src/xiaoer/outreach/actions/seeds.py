"""What a new zone begins with on visits: this product's own proposals, for the zone to change."""

from dataclasses import dataclass

from xiaoer.outreach.models import FieldQuestion, VisitInterval

PROPOSED = "系统建议值，不是任何机关的规定"
QUESTIONS_SOURCE = "参照企业留驻与扩张（BRE）走访的预测性问题；问法与分值为系统建议值"
FINDING_SOURCE = "国办发〔2024〕54号"
# Words, English, points for growth, risk, satisfaction; for days: at most so many days away.
Seeded = tuple[str, str, int | None, int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its choices, and how many days an answer is believed."""

    code: str
    text: str
    text_en: str
    holds_days: int | None
    choices: tuple[Seeded, ...]
    expects: str = FieldQuestion.Expects.CHOICE


QUESTIONS = (
    Asked(
        "sales_trend",
        "销售比去年同期怎么样？",
        "How do sales compare with the same time last year?",
        120,
        (
            ("增长两成以上", "up by a fifth or more", 4, 0, None, None),
            ("小幅增长", "somewhat up", 3, 0, None, None),
            ("基本持平", "about the same", 2, 1, None, None),
            ("小幅下降", "somewhat down", 1, 3, None, None),
            ("下降两成以上", "down by a fifth or more", 0, 4, None, None),
        ),
    ),
    Asked(
        "orders",
        "手上的订单够做多久？",
        "How long do the orders in hand last?",
        100,
        (
            ("三个月以上", "over three months", 3, 0, None, None),
            ("一到三个月", "one to three months", 2, 1, None, None),
            ("不到一个月", "under a month", 1, 3, None, None),
            ("没有订单", "none in hand", 0, 4, None, None),
        ),
    ),
    Asked(
        "expansion",
        "有没有扩产或外迁的打算？",
        "Any plan to expand or to move away?",
        200,
        (
            ("已经动工或订了设备", "building or machines ordered", 4, 0, None, None),
            ("一年内打算扩产", "planned within a year", 3, 0, None, None),
            ("没有打算", "no plan", 1, 1, None, None),
            ("打算缩减或外迁", "plans to shrink or move", 0, 4, None, None),
        ),
    ),
    Asked(
        "staff",
        "用工人数比去年同期？",
        "Staff compared with the same time last year?",
        120,
        (
            ("增加", "more", 3, 0, None, None),
            ("差不多", "about the same", 2, 1, None, None),
            ("减少", "fewer", 0, 3, None, None),
        ),
    ),
    Asked(
        "vacancies",
        "有多少关键岗位招不到人？",
        "How many key posts stay vacant?",
        120,
        (
            ("没有", "none", None, 0, None, None),
            ("1–3 个", "1 to 3", None, 1, None, None),
            ("4 个以上", "4 or more", None, 3, None, None),
        ),
    ),
    Asked(
        "lease_end",
        "厂房租约哪天到期？",
        "On what day does the lease of the workshop end?",
        1095,
        (
            ("自有厂房", "owns its workshop", None, 0, None, None),
            ("半年内到期", "ends within half a year", None, 3, None, 183),
            ("一年内到期", "ends within a year", None, 2, None, 365),
            ("一年以后到期", "ends later", None, 0, None, 3650),
        ),
        FieldQuestion.Expects.DAY,
    ),
    Asked(
        "ownership",
        "股权或负责人有没有变动？",
        "Any change of owners or of who runs it?",
        365,
        (
            ("没有变动", "no change", None, 0, None, None),
            ("正在谈转让或接班", "a sale or succession is discussed", None, 3, None, None),
            ("一年内变动过", "changed within a year", None, 1, None, None),
        ),
    ),
    Asked(
        "services",
        "对开发区的服务满意吗？",
        "Content with the zone's services?",
        200,
        (
            ("很满意", "very content", None, None, 4, None),
            ("满意", "content", None, None, 3, None),
            ("一般", "so-so", None, None, 2, None),
            ("不满意", "not content", None, None, 0, None),
        ),
    ),
)
INTERVALS = (
    ("monitoring", "监测企业", "monitoring firm", 30),
    ("above_scale", "规模以上企业", "enterprise above scale", 45),
    (VisitInterval.OTHER, "其他企业", "other enterprise", 90),
)
PHRASES = (
    "订单饱满，生产正常。",
    "订单比去年同期少。",
    "暂时没有困难。",
    "正在招人，缺操作工。",
    "回款偏慢。",
    "设备调试中，下月投用。",
    "已发联系卡，讲了提诉求的办法。",
    "已转发申报通知。",
)
# What only an inspection may find or order; staff who visit do neither.
FINDING_WORDS = (
    "检查发现",
    "执法检查",
    "现场检查",
    "责令",
    "限期改正",
    "限期整改",
    "整改通知",
    "处罚",
    "罚款",
    "立案",
    "查封",
    "扣押",
    "笔录",
)
