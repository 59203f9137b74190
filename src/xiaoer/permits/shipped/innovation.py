"""Science firms and their rights: support without asking, patents and trade marks kept safe."""

from xiaoer.permits.definition import (
    Decides,
    Definition,
    Field,
    Item,
    Material,
    Option,
    Step,
    StepKind,
)
from xiaoer.permits.shipped.shape import (
    Shipped,
    alone,
    applicant_fields,
    days,
    service,
    some_of,
    yes_no,
)

BATCH = "国家2026年第一批"
NAMED = "2026年第一批清单已见公开页面；集成事项与时限未见原文"

SUPPORT = Shipped(
    "science_support", "科技型企业创新政策扶持", "Support of science firms",
    Definition(
        questions=(
            some_of("wants", "需要哪些扶持？", "What is wanted?",
                    Option("title", "科技型中小企业、高新技术企业等资质", "Titles"),
                    Option("tax", "研发费用加计扣除等税收优惠", "Tax relief"),
                    Option("funds", "资金政策兑现", "Money of policies"),
                    Option("loan", "科技贷款、担保", "Loans"),
                    Option("talent", "人才政策", "Talent")),
            yes_no("keeps_ledger", "设置了研发支出辅助账吗？", "Is a ledger of R&D kept?", "",
                   "wants_tax"),
        ),
        items=(
            service("diagnosis", "条件自测与差距清单", "What is missing", "科创中心", "差距清单",
                    limit=1, applies_if="wants_title"),
            service("title", "资质申报推荐", "Recommendation for a title", "科创中心", "推荐或认定结果",
                    limit=10, after=("diagnosis",), applies_if="wants_title"),
            service("tax", "研发费用加计扣除辅导", "Advice on R&D relief", "税务局", "辅导记录",
                    applies_if="wants_tax"),
            Item("funds", "惠企资金免申即享、即申即享", "财政金融局", Decides.CONFIRM, "Money of policies",
                 statutory=days(20, "U", "各政策不同"), promised=days(10, "D"), result="兑现拨付",
                 mark="U", single=alone(20, 6, 2, 6), applies_if="wants_funds",
                 steps=(Step(StepKind.REVIEW, "条件核对", "Check conditions"),
                        Step(StepKind.DECIDE, "核定", "Decide"))),
            service("loan", "科技贷款对接", "Loans", "财政金融局", "对接结果", limit=7,
                    applies_if="wants_loan"),
            service("talent", "人才政策落实", "Talent", "人社局", "办理结果", limit=10,
                    applies_if="wants_talent"),
        ),
        fields=(*applicant_fields(),
                Field("rd_expense", "上年度研发费用", "money", "R&D expense", unit="元",
                      items=("diagnosis", "title", "tax")),
                Field("ip_count", "有效知识产权数", "number", "Rights held", unit="件",
                      items=("diagnosis", "title")),
                Field("policy_name", "申请兑现的政策", name_en="Policy", items=("funds",)),
                Field("loan_yuan", "融资需求", "money", "Loan", unit="元", items=("loan",))),
        materials=(
            Material("business_licence", "营业执照", "Business licence"),
            Material("audit_report", "上年度审计报告", "Audit report", items=("title", "funds"),
                     may_follow=True, follow_days=15),
            Material("rd_ledger", "研发支出辅助账", "Ledger of R&D", items=("tax", "title"),
                     applies_if="keeps_ledger"),
            Material("ip_proof", "知识产权证书", "Rights", items=("title",)),
            Material("bank_proof", "银行账户证明", "Bank account", items=("funds",)),
        ),
        hints=("能够由数据判断的，主动推送、免于申请；资金须有文件依据，不得与税收挂钩返还。",),
    ),
    summary="资质、税收、资金、贷款、人才，一次匹配、并联办理。",
    summary_en="Titles, tax relief, money, loans and talent matched and handled together.",
    batch=BATCH, source=NAMED, mark="V", note="事项名称已核对；集成范围与时限为建议值（D）。",
)  # fmt: skip

RIGHTS = Shipped(
    "ip_protection", "知识产权保护", "Protection of intellectual property",
    Definition(
        questions=(
            some_of("wants", "需要哪些服务？", "What is wanted?",
                    Option("priority", "专利优先审查推荐", "Priority examination"),
                    Option("mark", "商标注册指导", "Trade-mark advice"),
                    Option("pledge", "专利、商标质押登记", "Pledge"),
                    Option("dispute", "侵权纠纷调解、行政裁决", "Disputes"),
                    Option("abroad", "海外维权指导", "Defence abroad")),
        ),
        items=(
            service("priority", "专利优先审查推荐", "Priority examination", "科创中心", "推荐意见",
                    limit=7, applies_if="wants_priority"),
            service("mark", "商标注册指导", "Trade-mark advice", "行政审批局", "指导意见",
                    applies_if="wants_mark"),
            service("pledge", "质押登记协助", "Pledge", "财政金融局", "登记受理", limit=7,
                    applies_if="wants_pledge"),
            Item("dispute", "专利侵权纠纷调解、行政裁决受理", "行政审批局", Decides.CONFIRM, "Disputes",
                 authority="管理专利工作的部门", statutory=days(5, "U", "立案时限未核对"),
                 promised=days(5, "D"), result="受理或调解书", mark="U", single=alone(5, 5, 2, 4),
                 applies_if="wants_dispute"),
            service("abroad", "海外维权指导", "Defence abroad", "行政审批局", "指导意见", limit=10,
                    applies_if="wants_abroad"),
        ),
        fields=(*applicant_fields(),
                Field("right_number", "专利（申请）号或商标号", name_en="Number"),
                Field("right_name", "名称", name_en="Name of the right"),
                Field("opponent", "对方当事人", name_en="Opponent", items=("dispute",))),
        materials=(
            Material("business_licence", "营业执照", "Business licence"),
            Material("ip_proof", "知识产权证书", "Rights",
                     applies_if="wants_pledge OR wants_dispute OR wants_abroad"),
            Material("infringement_proof", "侵权证据", "Evidence", items=("dispute",),
                     exempt_if_held=False),
        ),
    ),
    summary="优先审查、商标、质押、纠纷、海外维权一口受理。",
    summary_en="Examination, marks, pledges, disputes and defence abroad through one desk.",
    batch=BATCH, source=NAMED, mark="V", note="事项名称已核对；集成范围与时限为建议值（D）。",
)  # fmt: skip

THINGS = (SUPPORT, RIGHTS)
