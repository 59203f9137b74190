"""Credit and information: repaired, reported for listing, looked up in a bankruptcy."""

from xiaoer.permits.definition import (
    Answer,
    Decides,
    Definition,
    Field,
    Item,
    Material,
    Option,
    Question,
    Source,
    Step,
    StepKind,
)
from xiaoer.permits.shipped.shape import (
    Shipped,
    alone,
    applicant_fields,
    days,
    one_of,
    pushed,
    service,
    some_of,
    yes_no,
)

BATCH_1 = "国家第一批（2024年）"
REPORT = "上海、重庆、甘肃专项信用报告做法（公开页面）"

REPAIR = Shipped(
    "credit_repair", "信用修复", "Credit repair",
    Definition(
        questions=(
            some_of("which", "要修复哪些信息？", "Which records?",
                    Option("penalty", "行政处罚公示信息", "Published penalty"),
                    Option("abnormal", "经营异常名录", "List of abnormal operations"),
                    Option("dishonest", "严重违法失信名单", "List of serious dishonesty"),
                    Option("other", "其他失信信息", "Another record")),
            yes_no("corrected", "已经履行义务、改正完毕吗？", "Was everything put right?",
                   "未改正的，不能修复；可先申请指导。"),
        ),
        items=(
            Item("penalty", "行政处罚公示信息修复", "行政审批局", Decides.CONFIRM, "Published penalty",
                 authority="作出处罚的机关及信用主管部门", statutory=days(10, "U", "信用修复管理办法，未核对"),
                 promised=days(7, "D"), result="修复决定", mark="U", single=alone(10, 4, 2, 5),
                 applies_if="which_penalty AND corrected"),
            Item("abnormal", "经营异常名录移出", "行政审批局", Decides.CONFIRM, "Abnormal list",
                 authority="市场监督管理部门", statutory=days(5, "U", "未核对"), promised=days(3, "D"),
                 result="移出决定", mark="U", single=alone(5, 3, 1, 4),
                 applies_if="which_abnormal AND corrected"),
            Item("dishonest", "严重违法失信名单移出", "行政审批局", Decides.CONFIRM,
                 "List of serious dishonesty", authority="列入机关",
                 statutory=days(15, "U", "未核对"), promised=days(15, "D"), result="移出决定", mark="U",
                 single=alone(15, 5, 2, 5), applies_if="which_dishonest AND corrected"),
            Item("other", "其他失信信息修复", "行政审批局", Decides.CONFIRM, "Another record",
                 authority="认定机关", statutory=days(15, "U", "未核对"), promised=days(10, "D"),
                 result="修复决定", mark="U", single=alone(15, 4, 2, 5),
                 applies_if="which_other AND corrected"),
            service("advice", "信用修复指导", "Advice", "行政审批局", "一次告知修复条件", limit=1,
                    applies_if="NOT corrected"),
            pushed("sync", "各信用平台同步更新", "Platforms brought into step", "行政审批局",
                   "信用主管部门", after=("penalty", "abnormal", "dishonest", "other"),
                   applies_if="corrected"),
        ),
        fields=(*applicant_fields(),
                Field("decision_number", "处罚或列入决定文号", name_en="Number of the decision"),
                Field("decided_on", "决定日期", "date", "Day of the decision"),
                Field("put_right", "改正情况", "long_text", "What was put right",
                      applies_if="corrected")),
        materials=(
            Material("business_licence", "营业执照", "Business licence"),
            Material("fulfilment_proof", "履行义务证明（缴款、整改材料）", "Proof of fulfilment",
                     exempt_if_held=False, applies_if="corrected"),
            Material("promise_letter", "信用修复承诺书", "Promise", exempt_if_held=False,
                     applies_if="corrected"),
        ),
        hints=("最短公示期未满的，期满后再申请（各类不同，未核对）。",),
    ),
    summary="处罚公示、异常名录、失信名单，一口受理、同步修复。",
    summary_en="Published penalties and lists repaired through one desk.",
    batch=BATCH_1, source="清单名称据通行说法；时限未见原文", mark="U", note="各项时限未核对（U）。",
)  # fmt: skip

_AREAS = (
    ("market", "市场监管", "Market"), ("tax", "税务", "Tax"), ("labour", "人力资源社会保障", "Labour"),
    ("ecology", "生态环境", "Ecology"), ("safety", "安全生产", "Safety"), ("fire", "消防", "Fire"),
    ("building", "住房和城乡建设", "Building"), ("land", "自然资源", "Land"), ("fund", "公积金", "Fund"),
    ("medical", "医疗保障", "Medical insurance"), ("customs", "海关", "Customs"),
    ("court", "法院判决与执行", "Courts"),
)  # fmt: skip

LISTING = Shipped(
    "listing_check", "企业上市合法合规信息核查", "Compliance check before listing",
    Definition(
        questions=(
            one_of("purpose", "报告做什么用？", "What is it for?",
                   Option("listing", "首次公开发行、挂牌", "Listing"),
                   Option("refinance", "再融资、并购重组", "Refinancing"),
                   Option("other", "其他用途", "Another purpose")),
            some_of("areas", "核查哪些领域？", "Which areas?",
                    *(Option(code, name, name_en) for code, name, name_en in _AREAS),
                    hint="各地领域数不同：上海23个后扩至41个，重庆40个。"),
            yes_no("has_subsidiaries", "连同子公司一起核查吗？", "With subsidiaries?"),
            Question("objects", "上一份报告有异议要更正吗？", Answer.YES_NO, "Is an earlier report objected to?"),
        ),
        items=(
            Item("report", "专项信用报告（代替无违法违规证明）", "行政审批局", Decides.SERVICE,
                 "Special credit report", authority="公共信用信息主管部门",
                 statutory=days(1, "V", f"{REPORT}：自助即时"), promised=days(0, "D"),
                 result="专项信用报告", mark="V", single=alone(20, 12, 12, 24),
                 steps=(Step(StepKind.PUSH, "按领域汇集并出具", "Gathered and issued"),)),
            Item("objection", "异议核实与更正报告", "行政审批局", Decides.SERVICE, "Objections",
                 authority="信息提供部门", statutory=days(10, "U", "异议时限未核对"),
                 promised=days(5, "D"), after=("report",), result="更正后的报告", mark="U",
                 single=alone(10, 2, 2, 4), applies_if="objects"),
        ),
        fields=(*applicant_fields(),
                Field("from_on", "核查起始日期", "date", "From"),
                Field("to_on", "核查截止日期", "date", "To"),
                Field("subsidiaries", "子公司清单", "long_text", "Subsidiaries",
                      "逐行填写：名称，统一社会信用代码。", applies_if="has_subsidiaries"),
                Field("area_list", "核查领域", "long_text", "Areas", source=Source.ANSWER,
                      source_key="areas", is_needed=False),
                Field("purpose_words", "用途", name_en="Purpose", source=Source.ANSWER,
                      source_key="purpose", is_needed=False),
                Field("objections", "异议内容", "long_text", "Objections", items=("objection",),
                      applies_if="objects")),
        materials=(
            Material("no_violation_request", "专项信用报告申请及授权", "Request and authorisation",
                     exempt_if_held=False),
            Material("power_of_attorney", "子公司授权书", "Authorisation of subsidiaries",
                     applies_if="has_subsidiaries"),
            Material("objection_proof", "异议证明材料", "Proof of the objection",
                     items=("objection",), exempt_if_held=False),
        ),
        hints=("不是审批，没有裁量：只如实汇集普通程序处罚、判决、强制执行、严重失信和异常名录信息。",),
    ),
    summary="一份专项信用报告代替一摞无违法违规证明。",
    summary_en="One credit report in place of many certificates of no violation.",
    batch=BATCH_1, basis="国发〔2024〕3号", source=REPORT, mark="V",
    note="异议时限未核对（U）；领域清单由本区按省里公布的补全。",
)  # fmt: skip

_ASSETS = (
    ("property", "不动产登记信息查询", "Real estate", "自然资源分局", "不动产登记机构"),
    ("vehicles", "机动车登记信息查询", "Vehicles", "公安分局", "公安机关交通管理部门"),
    ("shares", "股权与登记信息查询", "Shares and registration", "行政审批局", "市场监督管理部门"),
    ("tax", "税务信息查询", "Tax", "税务局", "税务机关"),
    ("insurance", "社会保险信息查询", "Social insurance", "人社局", "人力资源社会保障部门"),
    ("medical", "医疗保险信息查询", "Medical insurance", "医保局", "医疗保障部门"),
    ("fund", "公积金信息查询", "Provident fund", "公积金中心", "住房公积金管理中心"),
    ("ip", "专利商标信息查询", "Patents and trade marks", "行政审批局", "知识产权部门"),
)  # fmt: skip

BANKRUPTCY = Shipped(
    "bankruptcy_check", "企业破产信息核查", "Information check in a bankruptcy",
    Definition(
        questions=(
            one_of("who", "由谁申请？", "Who asks?",
                   Option("administrator", "破产管理人", "Administrator"),
                   Option("court", "人民法院", "Court")),
            some_of("assets", "核查哪些信息？", "What is looked up?",
                    *(Option(code, name, name_en) for code, name, name_en, _o, _a in _ASSETS)),
        ),
        items=tuple(
            pushed(code, name, name_en, office, authority, result="查询结果",
                   applies_if=f"assets_{code}")
            for code, name, name_en, office, authority in _ASSETS
        ),
        fields=(
            Field("debtor_name", "破产企业名称", name_en="Debtor"),
            Field("debtor_code", "破产企业统一社会信用代码", "credit_code", "Debtor's code"),
            Field("court_case", "破产案号", name_en="Case number of the court"),
            Field("administrator", "管理人", name_en="Administrator",
                  applies_if="who = 'administrator'"),
            Field("contact_phone", "联系电话", "phone", "Phone"),
        ),
        materials=(
            Material("court_ruling", "受理破产申请裁定书", "Ruling", exempt_if_held=False),
            Material("administrator_proof", "指定管理人决定书", "Appointment of the administrator",
                     exempt_if_held=False, applies_if="who = 'administrator'"),
        ),
        hints=("只查询，不作决定；结果只供破产程序使用。",),
    ),
    summary="管理人一次申请，各部门同时反馈破产企业信息。",
    summary_en="One request of the administrator; every authority answers.",
    batch=BATCH_1, basis="企业破产法", source="清单名称据通行说法；时限未见原文", mark="U",
    note="核查范围与时限未核对（U）。",
)  # fmt: skip

THINGS = (REPAIR, LISTING, BANKRUPTCY)
