"""开办餐饮店: to the letter of the provincial redesign plan and the laws that were read."""

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
from xiaoer.permits.shipped.shape import REVIEW, Shipped, alone, days, one_of, yes_no

FOOD = "食品安全法第三十五条；食品经营许可和备案管理办法（2023年12月1日施行）"
FIRE = "消防法第十五条"
PLAN = "某省“开办餐饮店”集成方案（转载件，未具名）"
JOINT_VISIT = "联合现场核查（两人以上，由申请人预约）"
DECIDE = Step(StepKind.DECIDE, "作出决定", "Decide")

_QUESTIONS = (
    yes_no("has_licence", "已经有营业执照吗？", "Is there a business licence?",
           "没有的，先一并办理登记；已有的只作核验。"),
    one_of(
        "sells", "经营什么？", "What will be sold?",
        Option("cooked", "现场制作、提供餐食", "Meals made on the spot"),
        Option("simple", "只做简单制售", "Simple preparation only",
               "解冻、加热、调制、冲泡、摆盘、洗切等，现场核查可以简化"),
        Option("packed", "只卖预包装食品", "Pre-packed food only", "只需备案，不需许可"),
    ),
    yes_no("lacks_flue", "经营场所在没有配套专用烟道的居民楼内吗？",
           "Is it in a residential building without a flue of its own?",
           "包括商住楼内与居住层相邻的楼层。", "sells = 'cooked'"),
    yes_no("is_assembly_place", "经营面积超过本地的免检面积吗？", "Is it above the local small-place limit?",
           "公众聚集场所投入使用、营业前须经消防安全检查；小场所由各地免检，见到的一份表为50平方米以下（未核对，以本地公布为准）。"),
    one_of(
        "fire_route", "消防安全检查按哪种方式办？", "By which way is fire safety checked?",
        Option("promise", "告知承诺", "On a promise", "材料齐全当场许可，之后抽查"),
        Option("check", "先检查后营业", "Checked first", "受理之日起10个工作日内检查"),
        applies_if="is_assembly_place",
    ),
    yes_no("is_fitted_out", "进行过达到施工许可限额的装修吗？", "Was it fitted out above the permit limit?",
           "达到限额的，先办消防验收或备案。", "is_assembly_place"),
    yes_no("wants_sign", "要设置户外招牌吗？", "Will there be a sign board?"),
    yes_no("drains", "污水排入市政管网吗？", "Does it drain into the public sewer?",
           "餐饮应当设置隔油设施。"),
    yes_no("sells_tobacco", "要零售烟草吗？", "Will tobacco be sold?"),
)  # fmt: skip

_VISIT = Step(StepKind.SITE_VISIT, JOINT_VISIT, "Combined site visit")

_ITEMS = (
    Item(
        "B0", "营业执照核验", "行政审批局", Decides.CONFIRM, "Business-licence check",
        authority="市场监督管理部门", statutory=days(0, "V", "登记管理条例第十九条：当场"),
        promised=days(0, "D"), result="营业执照信息核验", basis="市场主体登记管理条例", mark="V",
        steps=(Step(StepKind.PUSH, "共享核验", "Checked by sharing"),),
        single=alone(1, 1, 1, 2), applies_if="has_licence",
    ),
    Item(
        "B0R", "设立登记", "行政审批局", Decides.CONFIRM, "Registration",
        authority="市场监督管理部门",
        statutory=days(3, "V", "登记管理条例第十九条：当场；否则3个工作日，经批准可延长3个工作日", more=3),
        promised=days(1, "D"), licence="business_licence", basis="市场主体登记管理条例", mark="V",
        single=alone(3, 5, 1, 5), applies_if="NOT has_licence",
    ),
    Item(
        "B1", "食品经营许可", "行政审批局", Decides.GRANT, "Food-business licence",
        authority="市场监督管理部门",
        statutory=days(10, "U", "食品经营许可和备案管理办法，天数未核对", more=5),
        promised=days(10, "D"), after=("B0", "B0R"), licence="food_licence",
        basis=FOOD, mark="U",
        steps=(REVIEW, _VISIT, DECIDE), single=alone(10, 8, 2, 6),
        applies_if="sells = 'cooked' OR sells = 'simple'",
    ),
    Item(
        "B1F", "仅销售预包装食品备案", "行政审批局", Decides.FILE, "Filing: pre-packed food only",
        authority="市场监督管理部门", statutory=days(5, "U", "备案时限未核对"), promised=days(0, "D"),
        after=("B0", "B0R"), licence="food_filing", basis=FOOD, mark="V",
        steps=(Step(StepKind.DECIDE, "予以备案", "File"),), single=alone(5, 3, 1, 3),
        applies_if="sells = 'packed'",
    ),
    Item(
        "B2", "公众聚集场所投入使用、营业前消防安全检查（告知承诺）", "消防救援大队", Decides.GRANT,
        "Fire-safety check on a promise", authority="消防救援机构",
        statutory=days(0, "V", f"{FIRE}：材料齐全当场许可"), promised=days(0, "V", FIRE),
        after=("B0", "B0R"), promise_route=True, licence="fire_check",
        basis=FIRE, mark="V", steps=(Step(StepKind.DECIDE, "核对材料，当场许可", "Grant at once"),),
        single=alone(10, 5, 2, 5), applies_if="fire_route = 'promise'",
    ),
    Item(
        "B2C", "公众聚集场所投入使用、营业前消防安全检查", "消防救援大队", Decides.GRANT,
        "Fire-safety check before opening", authority="消防救援机构",
        statutory=days(10, "V", f"{FIRE}：受理之日起10个工作日内检查"), promised=days(10, "D"),
        after=("B0", "B0R"), licence="fire_check", basis=FIRE, mark="V",
        steps=(REVIEW, _VISIT, DECIDE), single=alone(10, 5, 2, 6),
        applies_if="fire_route = 'check'",
    ),
    Item(
        "B3", "户外招牌设置规范告知", "综合执法局", Decides.SERVICE, "Sign board",
        authority="城市管理部门", statutory=days(5, "U", "各地规定；符合规范的不审批、不备案"),
        promised=days(1, "D"), after=("B0", "B0R"), result="店招设置规范确认", basis=PLAN, mark="U",
        single=alone(5, 3, 1, 4), applies_if="wants_sign",
    ),
    Item(
        "B4", "污水排入排水管网许可", "住建局", Decides.GRANT, "Drainage permit",
        authority="城镇排水主管部门", statutory=days(20, "U", "城镇污水排入排水管网许可管理办法，未核对"),
        promised=days(10, "U"), after=("B0", "B0R"), licence="drainage_permit", mark="U",
        steps=(REVIEW, _VISIT, DECIDE), single=alone(20, 5, 2, 6), applies_if="drains",
    ),
    Item(
        "B6", "烟草专卖零售许可", "烟草专卖局", Decides.GRANT, "Tobacco retail licence",
        authority="烟草专卖行政主管部门", statutory=days(20, "U", "烟草专卖许可证管理办法，未核对"),
        promised=days(15, "U"), after=("B0", "B0R"), licence="tobacco_licence", mark="U",
        single=alone(20, 4, 1, 5), applies_if="sells_tobacco",
    ),
)  # fmt: skip

_FIELDS = (
    Field("shop_name", "店名（主体名称）", name_en="Name", source=Source.REGISTRY, source_key="name"),
    Field("credit_code", "统一社会信用代码", "credit_code", "Unified credit code",
          source=Source.PAPER, source_key="business_licence.credit_code", applies_if="has_licence"),
    Field("shop_address", "经营场所地址", "address", "Address of the shop", source=Source.PAPER,
          source_key="lease.address"),
    Field("area_m2", "经营面积", "number", "Area", unit="平方米"),
    Field("representative", "法定代表人（负责人、经营者）", name_en="Representative",
          source=Source.PAPER, source_key="id_card.name"),
    Field("contact_phone", "联系电话", "phone", "Phone", source=Source.REGISTRY,
          source_key="contact_phone"),
    Field("food_items", "经营项目", "long_text", "What is made and sold",
          "如热食类、冷食类、自制饮品。", items=("B1", "B1F")),
    Field("seats", "餐位数", "number", "Seats", unit="个", items=("B1", "B2", "B2C"),
          is_needed=False),
    Field("food_manager", "食品安全管理员", name_en="Food-safety manager", items=("B1",)),
    Field("staff_count", "从业人员人数", "number", "Staff", "接触直接入口食品的人员须有健康证明。",
          unit="人", items=("B1",)),
    Field("ready_on", "预计可以现场核查的日期", "date", "Ready for inspection on",
          "装修、设备就绪后由您预约，联合核查一次完成。", items=("B1", "B2C", "B4"), is_needed=False),
    Field("fire_number", "装修消防验收或备案文号", name_en="Fire acceptance number",
          items=("B2", "B2C"), applies_if="is_fitted_out"),
    Field("sign_size", "招牌位置与尺寸", "long_text", "Place and size of the sign", items=("B3",)),
    Field("grease_trap", "已设置隔油设施", "yes_no", "There is a grease trap", items=("B4",)),
    Field("nearest_outlet", "最近的烟草零售点距离", "number", "Distance to the nearest outlet",
          unit="米", items=("B6",), is_needed=False),
)  # fmt: skip

_MATERIALS = (
    Material("business_licence", "营业执照", "Business licence", "已有电子营业执照的不必提交。",
             items=("B0", "B1", "B1F", "B2", "B2C", "B4", "B6"), applies_if="has_licence"),
    Material("application_form", "申请书", "Application", "由填报内容自动生成，确认即可。",
             exempt_if_held=False),
    Material("id_card", "经营者身份证件", "Identity of the operator", "能够共享电子证照的不必提交。"),
    Material("lease", "房屋租赁合同或产权证明", "Lease or title of the premises",
             items=("B0R", "B1", "B1F", "B2", "B2C", "B4", "B6")),
    Material("floor_plan", "平面布局图（含流程与设备）", "Floor plan with flow and equipment",
             items=("B1", "B2", "B2C"), reason=FOOD),
    Material("equipment_list", "设施设备清单", "List of equipment", items=("B1",), reason=FOOD),
    Material("food_system", "食品安全管理制度", "Food-safety system", items=("B1",), reason=FOOD,
             may_follow=True, follow_days=10),
    Material("food_safety_manager", "食品安全管理人员证明", "Food-safety manager", items=("B1",),
             reason=FOOD),
    Material("health_certificate", "从业人员健康证明", "Health certificates", items=("B1",),
             reason="食品安全法第四十五条", may_follow=True, follow_days=10),
    Material("fire_promise", "消防安全告知承诺书", "Fire-safety promise", items=("B2",), reason=FIRE,
             exempt_if_held=False),
    Material("fire_acceptance", "装修工程消防验收或备案凭证", "Fire acceptance of the fit-out",
             "装修达到施工许可限额的，须先办妥。", items=("B2", "B2C"), reason=FIRE,
             applies_if="is_fitted_out"),
    Material("sign_drawing", "店招效果图", "Drawing of the sign", items=("B3",), reason=PLAN,
             exempt_if_held=False),
    Material("drainage_form", "排水口、隔油设施资料", "Papers on drainage", items=("B4",)),
    Material("tobacco_site_proof", "烟草零售经营场所证明", "Proof of the outlet", items=("B6",)),
)  # fmt: skip

_BARS = (
    Bar("fumes", "居民楼内没有配套专用烟道", "换一处有专用烟道的场所；只做不产生油烟的简单制售或者只卖预包装食品的，"
        "请改选经营内容。",
        "A residential building without a flue",
        "Take a place with a flue of its own; if nothing fumes, choose simple preparation or"
        " pre-packed food instead.",
        "lacks_flue", source="油烟规定，未见原文", mark="U"),
)  # fmt: skip

RESTAURANT = Shipped(
    "open_restaurant", "开办餐饮店", "Open a restaurant",
    Definition(
        questions=_QUESTIONS, items=_ITEMS, fields=_FIELDS, materials=_MATERIALS, bars=_BARS,
        hints=(
            "餐馆、咖啡馆、酒吧、茶座不需要公共场所卫生许可证：2016年起已并入食品经营许可，请勿重复申请。",
            "环境影响登记：餐饮业已移出2021年环评名录，只须遵守油烟规定（未核对）。",
            "从业人员健康证明、印章、税务、社会保险另行办理，见“企业开办”。",
            "现场核查由您在场所就绪后预约，食品、消防、排水一次联合核查，问题一次列清；整改报告后3个工作日内复查。",
            "核查不合格的，不停钟：可以整改、撤回，或由许可机关依法作出不予许可决定。",
            "取得食品经营许可，并在应当检查时取得消防安全检查许可后，方可营业（消防法第十五条、食品安全法第三十五条）。",
        ),
    ),
    summary="已有营业执照的，食品经营许可、消防安全检查、店招、排水、烟草零售一次申请，一次联合核查。",
    summary_en="Food licence, fire check, sign, drainage and tobacco in one application, one visit.",
    batch="国家第一批（2024年）", basis=f"国发〔2024〕3号；{FOOD}；{FIRE}", source=PLAN, mark="C",
    note="食品许可天数、排水与烟草时限、免检面积、材料清单未核对原文（U），以本地公布为准；承诺时限为建议值（D）。",
)  # fmt: skip

THINGS = (RESTAURANT,)
