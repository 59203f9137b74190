"""企业信息变更: to the letter of the processes as they were read; every limit with its mark."""

from xiaoer.permits.definition import (
    Bar,
    Decides,
    Definition,
    Field,
    Item,
    Material,
    Option,
    Source,
    Step,
    StepKind,
)
from xiaoer.permits.shipped.shape import (
    DECIDE,
    REVIEW,
    VISIT,
    Shipped,
    alone,
    days,
    some_of,
    yes_no,
)

REGULATION = "市场主体登记管理条例"
RULES = "市场主体登记管理条例实施细则"
PUSHED = "登记后自动推送；时长为各地惯例，未见原文"
MATRIX = "变更触发事项对应表为建议值，须由本区确认"

# Which change starts which item (trigger matrix).
REGISTERED = (
    "changes_name OR changes_type OR changes_domicile OR changes_representative OR changes_scope"
    " OR changes_capital OR changes_shareholders"
)
FILED = "changes_managers OR changes_filed"
PRINTED = "changes_name OR changes_domicile OR changes_representative"
# A licence bound to its place does not move with the firm.
MOVED = "changes_domicile"
EXCEPTION = "登记实务中的例外情形，未见原文"

_QUESTIONS = (
    some_of(
        "changes", "哪些事项要变更？", "What changes?",
        Option("name", "名称", "Name"),
        Option("type", "类型", "Type of enterprise", "对应表未列，按登记事项办理"),
        Option("domicile", "住所（主要经营场所）", "Domicile"),
        Option("representative", "法定代表人（负责人、执行事务合伙人）", "Legal representative"),
        Option("scope", "经营范围", "Scope of business"),
        Option("capital", "注册资本（出资额）", "Registered capital"),
        Option("shareholders", "股东（投资人、合伙人）", "Shareholders"),
        Option("managers", "联络员、董事、监事、高级管理人员", "Contact person, directors, managers",
               "只需备案"),
        Option("filed", "章程、经营期限、认缴出资、受益所有人", "Charter, term, contributions, owners",
               "只需备案"),
        hint="可多选。自作出变更决议、决定之日起30日内申请（登记管理条例第二十四条）。",
    ),
    some_of(
        "exceptions", "有下列情形吗？", "Does any of this apply?",
        Option("abnormal", "被列入经营异常名录", "On the list of abnormal operations"),
        Option("frozen", "股权被冻结", "Frozen equity"),
        Option("dishonest", "被列入严重违法失信名单", "Serious dishonesty"),
        Option("reducing", "减资公告期未满", "A reduction still being announced"),
        Option("foreign", "有境外投资者", "Foreign investors"),
        Option("state", "有国有股东", "A state shareholder"),
        Option("sealed", "被人民法院限制变更登记", "Changes restrained by a court"),
        hint="可多选；都没有的，不勾选直接下一步。",
    ),
    yes_no("new_registrar", "迁入另一登记机关的辖区吗？", "Does it move to another registrar?",
           "先向迁入地登记机关申请，再搬迁；迁出地不得拒绝移交档案（条例第二十七条、细则第三十五条）。",
           "changes_domicile"),
    yes_no("scope_licensed", "新的经营范围须经批准吗？", "Does the new scope need an approval?",
           "应当自批准之日起30日内申请变更登记（条例第二十六条）。", "changes_scope"),
    yes_no("capital_reduced", "注册资本是减少吗？", "Is the capital reduced?", "", "changes_capital"),
    yes_no("reduction_announced", "减资公告已满45日吗？", "Was the reduction announced 45 days ago?",
           "通过国家企业信用信息公示系统公告45日，期满后申请（细则第三十六条）。", "capital_reduced"),
    yes_no("has_branches", "有分支机构要一并变更吗？", "Do branches change with it?",
           "应当自变更登记之日起30日内申请分支机构变更（细则第三十一条）。",
           "changes_name OR changes_scope"),
    yes_no("licence_prints", "持有的许可证上印有要变更的内容吗？",
           "Does any licence print what changes?",
           "如食品经营、道路运输、公共场所卫生许可证。", f"{PRINTED} OR changes_scope"),
    some_of(
        "licences", "是哪些许可证？", "Which licences?",
        Option("food", "食品经营许可证", "Food-business licence"),
        Option("transport", "道路运输经营许可证", "Road-transport licence"),
        Option("hygiene", "公共场所卫生许可证", "Public-place hygiene licence"),
        Option("other", "其他许可证", "Another licence"),
        applies_if="licence_prints",
    ),
    yes_no("new_seal", "要重新刻制公章吗？", "Is a new seal wanted?",
           "变更名称的须换公章，变更法定代表人的须换法定代表人名章，不必在此选择。",
           "NOT changes_name AND NOT changes_representative"),
    yes_no("insured", "有参加社会保险的职工吗？", "Are employees insured?", "", PRINTED),
    yes_no("fund", "开立了住房公积金账户吗？", "Is there a provident-fund account?", "", PRINTED),
    yes_no("bank", "基本存款账户要一并变更吗？", "Is the bank account to be updated?",
           "由开户银行预约办理。", PRINTED),
)  # fmt: skip

_REGISTER_STEPS = (
    Step(StepKind.PUSH, "向迁出地登记机关调取档案", "Ask the former registrar for the files",
         applies_if="new_registrar"),
    Step(StepKind.DECIDE, "形式审查，予以登记", "Formal review and registration"),
)  # fmt: skip

_ITEMS = (
    Item(
        "A3", "变更登记", "行政审批局", Decides.CONFIRM, "Change registration",
        authority="市场监督管理部门（登记机关）",
        statutory=days(3, "V", "条例第十九条、细则第十八条：当场登记；否则3个工作日，经批准可延长3个工作日", more=3),
        promised=days(1, "D"),
        licence="business_licence", basis=f"{REGULATION}第八条、第十九条、第二十四条；{RULES}第十八条",
        mark="V", steps=_REGISTER_STEPS, single=alone(3, 4, 1, 5), applies_if=REGISTERED,
    ),
    Item(
        "A3F", "变更备案", "行政审批局", Decides.FILE, "Change filing",
        authority="市场监督管理部门（登记机关）",
        statutory=days(3, "V", "条例第十九条、第二十九条", more=3), promised=days(1, "D"),
        result="备案通知书", basis=f"{REGULATION}第九条、第二十九条", mark="V",
        steps=(Step(StepKind.DECIDE, "形式审查，予以备案", "Formal review and filing"),),
        single=alone(3, 2, 1, 4), applies_if=f"({FILED}) AND NOT ({REGISTERED})",
    ),
    Item(
        "A4", "公章、法定代表人名章刻制备案", "公安分局", Decides.FILE, "Seal and its police filing",
        authority="公安机关", statutory=days(1, "U", "各地惯例0.5至1个工作日，未见原文"),
        promised=days(1, "U"), after=("A3",), result="印章及刻制备案信息", fee="刻章费用按本区规定", mark="U",
        steps=(
            Step(StepKind.PUSH, "推送印章制作单位", "Pass on to the seal maker"),
            Step(StepKind.DECIDE, "刻制备案", "File the seal"),
        ),
        single=alone(1, 2, 1, 3),
        applies_if="changes_name OR changes_representative OR new_seal",
    ),
    Item(
        "A5", "税务信息变更确认", "税务局", Decides.CONFIRM, "Tax information",
        authority="税务机关", statutory=days(1, "U", PUSHED), promised=days(1, "U"), after=("A3",),
        result="税务登记信息变更确认", mark="U",
        steps=(
            Step(StepKind.PUSH, "推送登记信息", "Push what was registered"),
            Step(StepKind.REVIEW, "税务迁移、清税核查", "Tax relocation and clearance",
                 applies_if="new_registrar"),
            Step(StepKind.REVIEW, "股权转让涉税核查（多地前置）", "Tax on the share transfer",
                 applies_if="changes_shareholders"),
            Step(StepKind.DECIDE, "信息确认", "Confirm"),
        ),
        single=alone(1, 2, 1, 3), applies_if=REGISTERED,
    ),
    Item(
        "A6", "社会保险、工伤保险单位信息变更", "人社局", Decides.CONFIRM,
        "Social and work-injury insurance", authority="人力资源社会保障部门",
        statutory=days(1, "U", PUSHED), promised=days(1, "U"), after=("A3",),
        result="社会保险单位信息变更确认", mark="U",
        steps=(Step(StepKind.PUSH, "推送登记信息并确认", "Push and confirm"),),
        single=alone(1, 2, 1, 3), applies_if=f"insured AND ({PRINTED})",
    ),
    Item(
        "A7", "医疗保险单位信息变更", "医保局", Decides.CONFIRM, "Medical insurance",
        authority="医疗保障部门", statutory=days(1, "U", PUSHED), promised=days(1, "U"),
        after=("A3",), result="医疗保险单位信息变更确认", mark="U",
        steps=(Step(StepKind.PUSH, "推送登记信息并确认", "Push and confirm"),),
        single=alone(1, 2, 1, 3), applies_if=f"insured AND ({PRINTED})",
    ),
    Item(
        "A8", "住房公积金单位信息变更", "公积金中心", Decides.CONFIRM, "Provident fund",
        authority="住房公积金管理中心",
        statutory=days(1, "U", f"{PUSHED}；单独办理的旧程序须30日内持材料申请"),
        promised=days(1, "U"), after=("A3",), result="住房公积金单位信息变更确认", mark="U",
        steps=(Step(StepKind.PUSH, "推送登记信息并确认", "Push and confirm"),),
        single=alone(1, 2, 1, 3), applies_if=f"fund AND ({PRINTED})",
    ),
    Item(
        "A9", "基本存款账户变更预约", "银行", Decides.SERVICE, "Bank account, by appointment",
        authority="开户银行", statutory=days(3, "U", "由银行规定，未见原文"), promised=days(0, "D"),
        after=("A3", "A4"), result="账户变更预约", mark="U",
        steps=(Step(StepKind.PUSH, "推送开户银行并预约", "Pass on to the bank"),),
        single=alone(0, 3, 1, 2), applies_if=f"bank AND ({PRINTED})",
    ),
    Item(
        "A10F", "食品经营许可变更", "行政审批局", Decides.GRANT, "Food-business licence, changed",
        authority="市场监督管理部门", statutory=days(10, "U", "食品经营许可和备案管理办法，天数未核对", more=5),
        promised=days(3, "D"), after=("A3",), licence="food_licence", mark="U",
        single=alone(0, 3, 1, 4), applies_if=f"licences_food AND NOT {MOVED}",
    ),
    Item(
        "A10FN", "食品经营许可（新住所，重新申请）", "行政审批局", Decides.GRANT,
        "Food-business licence, anew for the new place", authority="市场监督管理部门",
        statutory=days(10, "U", "食品经营许可和备案管理办法，天数未核对", more=5),
        promised=days(10, "D"), after=("A3",), licence="food_licence", mark="U",
        steps=(REVIEW, VISIT, DECIDE), single=alone(0, 8, 2, 6),
        applies_if=f"licences_food AND {MOVED}",
    ),
    Item(
        "A10T", "道路运输经营许可变更", "交通运输局", Decides.GRANT, "Road-transport licence, changed",
        authority="交通运输部门", statutory=days(20, "V", "行政许可法第四十二条", more=10),
        promised=days(5, "D"), after=("A3",), licence="transport_licence", mark="U",
        single=alone(0, 3, 1, 4), applies_if="licences_transport",
    ),
    Item(
        "A10H", "公共场所卫生许可变更", "行政审批局", Decides.GRANT, "Hygiene licence, changed",
        authority="卫生健康部门", statutory=days(20, "V", "行政许可法第四十二条", more=10),
        promised=days(5, "D"), after=("A3",), licence="hygiene_licence", mark="U",
        single=alone(0, 3, 1, 4), applies_if=f"licences_hygiene AND NOT {MOVED}",
    ),
    Item(
        "A10HN", "公共场所卫生许可（新住所，重新申请）", "行政审批局", Decides.GRANT,
        "Hygiene licence, anew for the new place", authority="卫生健康部门",
        statutory=days(20, "V", "行政许可法第四十二条", more=10),
        promised=days(10, "D"), after=("A3",), licence="hygiene_licence", mark="U",
        steps=(REVIEW, VISIT, DECIDE), single=alone(0, 7, 2, 6),
        applies_if=f"licences_hygiene AND {MOVED}",
    ),
    Item(
        "A10O", "其他许可证变更", "行政审批局", Decides.GRANT, "Another licence, changed",
        authority="各许可机关", statutory=days(20, "V", "行政许可法第四十二条", more=10),
        promised=days(10, "D"), after=("A3",), result="变更后的许可证", mark="U",
        single=alone(0, 3, 1, 4), applies_if="licences_other",
    ),
)  # fmt: skip

_FIELDS = (
    Field("firm_name", "企业名称", name_en="Name", source=Source.REGISTRY, source_key="name"),
    Field("credit_code", "统一社会信用代码", "credit_code", "Unified credit code",
          source=Source.REGISTRY, source_key="credit_code"),
    Field("decided_on", "变更决议（决定）作出日期", "date", "Day of the resolution",
          "自该日起30日内申请变更登记。"),
    Field("new_name", "变更后的名称", name_en="New name",
          hint="可先自主申报保留，也可随变更登记直接申请（细则第三十四条）。", items=("A3",),
          applies_if="changes_name"),
    Field("new_domicile", "变更后的住所", "address", "New domicile", source=Source.PAPER,
          source_key="domicile.address", items=("A3", "A5", "A10F", "A10FN", "A10T", "A10H", "A10HN", "A10O"),
          applies_if="changes_domicile"),
    Field("former_registrar", "迁出地登记机关", name_en="Former registrar", items=("A3",),
          applies_if="new_registrar"),
    Field("new_representative", "变更后的法定代表人", name_en="New legal representative",
          source=Source.PAPER, source_key="id_card.name",
          hint="由新任法定代表人签署申请书（细则第三十三条）。", items=("A3", "A4", "A5"),
          applies_if="changes_representative"),
    Field("representative_phone", "新任法定代表人手机", "phone", "Their phone",
          items=("A3",), applies_if="changes_representative"),
    Field("new_scope", "变更后的经营范围", "long_text", "New scope", items=("A3", "A5"),
          applies_if="changes_scope"),
    Field("new_type", "变更后的类型", name_en="New type", items=("A3", "A5"),
          applies_if="changes_type"),
    Field("new_capital", "变更后的注册资本", "money", "New capital", unit="元", items=("A3", "A5"),
          applies_if="changes_capital"),
    Field("announced_on", "减资公告日期", "date", "Announced on", "公告满45日后方可申请。",
          items=("A3",), applies_if="capital_reduced"),
    Field("new_shareholders", "变更后的股东及出资额", "long_text", "New shareholders",
          "逐行填写：姓名或名称，出资额。", items=("A3", "A5"), applies_if="changes_shareholders"),
    Field("new_managers", "变更后的备案人员", "long_text", "Persons filed",
          "逐行填写：职务，姓名，证件号码。", items=("A3", "A3F"), applies_if="changes_managers"),
    Field("new_filing", "变更后的备案事项", "long_text", "What is filed",
          "逐行填写：章程、经营期限、认缴出资或受益所有人，变更后的内容。", items=("A3", "A3F"),
          applies_if="changes_filed"),
    Field("branch_names", "一并变更的分支机构", "long_text", "Branches", items=("A3",),
          applies_if="has_branches"),
    Field("signers", "需实名认证并签名的人员", "long_text", "Persons who identify themselves and sign",
          "法定代表人、股东、董事、监事、高级管理人员、联络员（细则第十六条）。",
          items=("A3", "A3F")),
    Field("contact_phone", "经办人手机", "phone", "Contact's phone", source=Source.REGISTRY,
          source_key="contact_phone"),
    Field("insured_count", "参保职工人数", "number", "Insured employees", unit="人",
          items=("A6", "A7"), applies_if="insured"),
    Field("fund_account", "公积金单位账号", name_en="Provident-fund account", items=("A8",),
          applies_if="fund"),
    Field("bank_name", "开户银行", name_en="Bank", items=("A9",), applies_if="bank"),
    Field("licence_number", "涉及的许可证编号", name_en="Licence number",
          items=("A10F", "A10FN", "A10T", "A10H", "A10HN", "A10O"), applies_if="licence_prints"),
)  # fmt: skip

_MATERIALS = (
    Material("business_licence", "营业执照", "Business licence", "已有电子营业执照的不必提交。"),
    Material("resolution", "变更决议或决定", "Resolution or decision",
             reason=f"{RULES}第三十一条", items=("A3", "A3F"), exempt_if_held=False),
    Material("articles", "修改后的章程或章程修正案", "Charter or its amendment",
             reason=f"{REGULATION}第二十四条", items=("A3", "A3F"), exempt_if_held=False,
             applies_if="changes_name OR changes_type OR changes_domicile OR changes_scope"
             " OR changes_capital OR changes_shareholders OR changes_filed"),
    Material("domicile", "新住所使用证明", "Document of the new domicile",
             reason=f"{RULES}第三十五条", items=("A3", "A10FN", "A10HN"), exempt_if_held=False,
             applies_if="changes_domicile"),
    Material("approval_document", "前置批准文件", "Approval", reason=f"{REGULATION}第二十六条",
             items=("A3",), applies_if="scope_licensed OR exceptions_state"),
    Material("id_card", "新任法定代表人身份证件", "Identity of the new representative",
             reason=f"{RULES}第十六条", items=("A3", "A4"), applies_if="changes_representative"),
    Material("reduction_notice", "减资公告及债务清偿或担保说明", "Announcement of the reduction",
             reason=f"{RULES}第三十六条", items=("A3",), exempt_if_held=False,
             applies_if="capital_reduced"),
    Material("share_transfer", "股权转让协议", "Share transfer", reason="公司法", items=("A3", "A5"),
             exempt_if_held=False, applies_if="changes_shareholders"),
    Material("power_of_attorney", "境外投资者法律文件送达授权委托书",
             "Service agent of foreign investors", items=("A3",), reason="登记提交材料规范（未核对）",
             applies_if="exceptions_foreign"),
    Material("tax_proof", "清税或税务迁移证明", "Tax clearance", "税务机关能够共享的不必提交。",
             items=("A5",), may_follow=True, follow_days=10, applies_if="new_registrar"),
    Material("floor_plan", "新场所平面布局图", "Floor plan of the new place",
             items=("A10FN", "A10HN"), reason="依附场所的许可证重新申请（未核对）",
             exempt_if_held=False),
    Material("hygiene_report", "新场所卫生检测或评价报告", "Hygiene test report of the new place",
             items=("A10HN",), reason="公共场所卫生管理条例", exempt_if_held=False),
    Material("licence_copy", "涉及的许可证", "The licences concerned",
             items=("A10F", "A10FN", "A10T", "A10H", "A10HN", "A10O"), applies_if="licence_prints"),
)  # fmt: skip

# The exceptions: told before anything is typed, each with what to do instead.
_BARS = (
    Bar("abnormal", "被列入经营异常名录", "先向列入机关申请移出（补报年报、更正公示信息或者办妥住所变更），"
        "移出后再在这里一并办理；因住所无法联系被列入、要变更住所的，到登记机关窗口单独办理。",
        "On the list of abnormal operations",
        "First ask the authority that put you on the list to take you off, then apply here. If the"
        " reason was the domicile, change it alone at the registrar's counter.",
        "exceptions_abnormal", source=EXCEPTION, mark="U"),
    Bar("frozen", "股权被冻结", "先由人民法院解除冻结；须凭协助执行通知书办理的，到登记机关窗口办理。",
        "Frozen equity",
        "The court has to release the equity first; what it orders is done at the registrar's"
        " counter.",
        "exceptions_frozen", source=EXCEPTION, mark="U"),
    Bar("dishonest", "被列入严重违法失信名单", "先申请信用修复，见“信用修复”；移出名单后再在这里一并办理。",
        "Serious dishonesty", "First have your credit repaired (see credit repair), then apply here.",
        "exceptions_dishonest", source=EXCEPTION, mark="U"),
    Bar("sealed", "被人民法院限制变更登记", "凭人民法院解除限制的文书再申请；有疑问的，向作出限制的法院询问。",
        "Changes restrained by a court",
        "Apply when the court has lifted it; ask the court that ordered it.",
        "exceptions_sealed", source=EXCEPTION, mark="U"),
    Bar("reducing", "减资公告未满45日", "先在国家企业信用信息公示系统公告，满45日后再申请减资；"
        "其他变更可以不选减资，先行办理。",
        "A reduction not yet announced for 45 days",
        "Announce it on the national system and apply after 45 days. Other changes can be applied"
        " for without it.",
        "exceptions_reducing OR (capital_reduced AND NOT reduction_announced)",
        source=f"{RULES}第三十六条", mark="V"),
    Bar("announced", "减资公告未满45日", "公告满45日的次日起再提交；填好的内容会保留。",
        "A reduction not yet announced for 45 days",
        "Submit it after 45 days from the announcement; what you typed stays.",
        "capital_reduced", "announced_on", 45, f"{RULES}第三十六条", "V"),
)  # fmt: skip

CHANGE = Shipped(
    "change_of_firm", "企业信息变更", "Change of enterprise information",
    Definition(
        questions=_QUESTIONS, items=_ITEMS, fields=_FIELDS, materials=_MATERIALS, bars=_BARS,
        hints=(
            "实名认证：法定代表人、股东、董事、监事、高级管理人员、联络员须本人认证并签名（细则第十六条）。",
            "登记申请材料不齐的，登记机关退回并一次列明，重新申请（细则第十八条）；与行政许可的补正不同。",
            "变更住所的，依附场所的许可证（食品经营、公共场所卫生）须重新申请，而不是变更（未核对）。",
            "营业执照载明的事项变更的，换发营业执照（条例第二十八条）。",
            "各事项完成后当天一并发放；您也可以选择办好一件先发一件，或者只办其中一项。",
        ),
    ),
    summary="名称、住所、法定代表人等变更，一次填报，登记、印章、税务、社保、医保、公积金、银行同步更新。",
    summary_en="One report of a change; registration, seal, tax, insurance, fund and bank follow.",
    batch="国家第一批（2024年）", basis=f"{REGULATION}；{RULES}；国发〔2024〕3号",
    source="登记条例及实施细则已读原文；触发对应表、推送事项时长未见原文", mark="V",
    note=f"{MATRIX}。印章、税务、社保、医保、公积金、银行各项时限为惯例（U），承诺时限为建议值（D）。",
)  # fmt: skip

THINGS = (CHANGE,)
