"""Places that open their doors: pharmacy, hair and beauty, hotel, carriers; oversize loads."""

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
    BY_LAW,
    DECIDE,
    REVIEW,
    VISIT,
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

FIRE = "消防法第十五条"
HYGIENE = "公共场所卫生管理条例（2024年12月6日修订，2025年1月20日施行）"
LOCAL = "各地通行做法；集成范围与时限未见原文"
PLACE = (
    Field("place_name", "场所名称", name_en="Name of the place"),
    Field("place_address", "场所地址", "address", "Address"),
    Field("area_m2", "使用面积", "number", "Area", unit="平方米"),
)
LEASE = Material("lease", "房屋租赁合同或产权证明", "Lease or title of the premises")
PLAN = Material("floor_plan", "平面布局图", "Floor plan")
SIGN = Item(
    "sign", "户外招牌设置规范告知", "综合执法局", Decides.SERVICE, "Sign board",
    authority="城市管理部门", statutory=days(5, "U", "各地规定；符合规范的不审批、不备案"),
    promised=days(1, "D"), result="店招设置规范确认", mark="U", single=alone(5, 3, 1, 4),
    applies_if="wants_sign",
)  # fmt: skip
ASKS_SIGN = yes_no("wants_sign", "要设置户外招牌吗？", "Will there be a sign board?")
SIGN_PAPER = Material("sign_drawing", "店招效果图", "Drawing of the sign", items=("sign",),
                      exempt_if_held=False)  # fmt: skip
FIRE_CHECK = Item(
    "fire", "公众聚集场所投入使用、营业前消防安全检查", "消防救援大队", Decides.GRANT,
    "Fire-safety check before opening", authority="消防救援机构",
    statutory=days(10, "V", f"{FIRE}：受理之日起10个工作日内检查；告知承诺的当场许可"),
    promised=days(10, "D"), promise_route=True, licence="fire_check", basis=FIRE, mark="V",
    steps=(REVIEW, VISIT, DECIDE), single=alone(10, 5, 2, 6), applies_if="is_assembly_place",
)  # fmt: skip
ASKS_FIRE = yes_no(
    "is_assembly_place", "属于公众聚集场所且超过本地免检面积吗？",
    "Is it a public assembly place above the local limit?", "宾馆、商场等；小场所由各地免检（未核对）。",
)  # fmt: skip
FIRE_PAPER = Material("fire_promise", "消防安全承诺书", "Fire-safety promise", items=("fire",),
                      reason=FIRE, exempt_if_held=False)  # fmt: skip


def _hygiene(applies_if: str = "") -> Item:
    return Item(
        "hygiene", "公共场所卫生许可", "行政审批局", Decides.GRANT, "Public-place hygiene licence",
        authority="卫生健康部门", statutory=BY_LAW, promised=days(5, "D"), promise_route=True,
        licence="hygiene_licence", basis=HYGIENE, mark="V", steps=(REVIEW, DECIDE),
        single=alone(20, 6, 2, 6), applies_if=applies_if,
    )  # fmt: skip


HYGIENE_PAPERS = (
    Material("hygiene_report", "卫生检测或评价报告", "Hygiene test report", items=("hygiene",),
             reason=HYGIENE),
    Material("hygiene_system", "卫生管理制度", "Hygiene rules", items=("hygiene",), reason=HYGIENE,
             may_follow=True, follow_days=10),
    Material("health_certificate", "从业人员健康证明", "Health certificates", items=("hygiene",),
             reason=HYGIENE),
)  # fmt: skip

PHARMACY = Shipped(
    "open_pharmacy", "开办药店", "Open a pharmacy",
    Definition(
        questions=(
            some_of("sells", "除药品外还经营什么？", "What else is sold?",
                    Option("device2", "第二类医疗器械", "Class II devices", "备案"),
                    Option("device3", "第三类医疗器械", "Class III devices", "许可"),
                    Option("food", "保健食品等预包装食品", "Pre-packed health food", "备案"),
                    hint="没有的，不勾选直接下一步。"),
            yes_no("wants_insurance", "要申请医保定点吗？", "Is insurance settlement wanted?"),
            ASKS_SIGN,
        ),
        items=(
            Item("drugs", "药品经营许可（零售）", "行政审批局", Decides.GRANT, "Retail drug licence",
                 authority="药品监督管理部门", statutory=days(20, "U", "药品管理法，天数未核对", more=10),
                 promised=days(10, "D"), result="药品经营许可证", mark="U",
                 steps=(REVIEW, VISIT, DECIDE), single=alone(20, 8, 2, 7)),
            Item("device2", "第二类医疗器械经营备案", "行政审批局", Decides.FILE, "Class II filing",
                 authority="药品监督管理部门", statutory=days(0, "U", "当场备案，未核对"),
                 promised=days(0, "D"), result="备案凭证", mark="U", single=alone(5, 4, 1, 4),
                 applies_if="sells_device2"),
            Item("device3", "第三类医疗器械经营许可", "行政审批局", Decides.GRANT, "Class III licence",
                 authority="药品监督管理部门", statutory=BY_LAW, promised=days(10, "D"),
                 result="医疗器械经营许可证", mark="U", steps=(REVIEW, VISIT, DECIDE),
                 single=alone(20, 6, 2, 6), applies_if="sells_device3"),
            Item("food", "仅销售预包装食品备案", "行政审批局", Decides.FILE, "Filing: pre-packed food",
                 authority="市场监督管理部门", statutory=days(5, "U", "未核对"), promised=days(0, "D"),
                 result="备案编号", mark="V", single=alone(5, 3, 1, 3), applies_if="sells_food"),
            service("insured", "医保定点零售药店申请指引", "Insurance settlement", "医保局",
                    "受理协议管理申请", limit=10, after=("drugs",), applies_if="wants_insurance"),
            SIGN,
        ),
        fields=(*applicant_fields(), *PLACE,
                Field("pharmacist", "执业药师", name_en="Pharmacist", items=("drugs",)),
                Field("ready_on", "可以现场核查的日期", "date", "Ready on", is_needed=False)),
        materials=(
            Material("business_licence", "营业执照", "Business licence"), LEASE, PLAN,
            Material("pharmacist_proof", "执业药师注册证", "Pharmacist's registration",
                     items=("drugs",)),
            Material("quality_system", "质量管理制度与设施设备目录", "Quality system",
                     items=("drugs", "device3"), may_follow=True, follow_days=10),
            SIGN_PAPER,
        ),
    ),
    summary="药品、医疗器械、预包装食品、店招一次申请。",
    summary_en="Drugs, devices, pre-packed food and sign in one application.",
    batch="本区特色（参照各地）", basis="药品管理法；医疗器械监督管理条例", source=LOCAL, mark="U",
    note="各项天数未核对原文（U）。",
)  # fmt: skip

SALON = Shipped(
    "open_salon", "开办美容美发店", "Open a hair or beauty salon",
    Definition(
        questions=(
            one_of("kind", "做什么？", "What is done there?",
                   Option("hair", "理发美发", "Hair"), Option("beauty", "生活美容", "Beauty"),
                   Option("both", "两样都有", "Both"),
                   Option("nails", "只做美甲、健身等", "Nails or fitness only",
                          "见到的一个城市不需卫生许可（以本地为准）")),
            ASKS_FIRE, ASKS_SIGN,
        ),
        items=(_hygiene("kind <> 'nails'"), FIRE_CHECK, SIGN),
        fields=(*applicant_fields(), *PLACE,
                Field("staff_count", "从业人员人数", "number", "Staff", unit="人", items=("hygiene",))),
        materials=(Material("business_licence", "营业执照", "Business licence"), LEASE, PLAN,
                   *HYGIENE_PAPERS, FIRE_PAPER, SIGN_PAPER),
        hints=("面积下限各地不同（见到美容30平方米、美发10平方米以上须许可），以本地公布为准。",
               "医疗美容须另行申请医疗机构执业许可。"),
    ),
    summary="卫生许可、消防检查、店招一次申请。",
    summary_en="Hygiene licence, fire check and sign in one application.",
    batch="本区特色（参照各地）", basis=f"{HYGIENE}；{FIRE}", source=LOCAL, mark="C",
    note="面积下限见于一个城市的转载件（C）；卫生许可能否告知承诺由省里规定。",
)  # fmt: skip

HOTEL = Shipped(
    "open_hotel", "开办旅馆", "Open a hotel",
    Definition(
        questions=(
            yes_no("serves_meals", "提供餐饮吗？", "Are meals served?"),
            yes_no("has_pool", "有游泳池吗？", "Is there a swimming pool?"),
            ASKS_FIRE, ASKS_SIGN,
        ),
        items=(
            _hygiene(), FIRE_CHECK,
            Item("special", "旅馆业特种行业许可", "公安分局", Decides.GRANT, "Hotel trade licence",
                 authority="公安机关", statutory=days(20, "U", "旅馆业治安管理办法，天数未核对"),
                 promised=days(7, "D"), after=("fire",), result="特种行业许可证", mark="U",
                 steps=(REVIEW, VISIT, DECIDE), single=alone(20, 8, 2, 6)),
            Item("food", "食品经营许可", "行政审批局", Decides.GRANT, "Food-business licence",
                 authority="市场监督管理部门", statutory=days(10, "U", "天数未核对", more=5),
                 promised=days(10, "D"), licence="food_licence", mark="U",
                 steps=(REVIEW, VISIT, DECIDE), single=alone(10, 8, 2, 6),
                 applies_if="serves_meals"),
            Item("pool", "高危险性体育项目（游泳）经营许可", "行政审批局", Decides.GRANT,
                 "Swimming-pool licence", authority="体育部门", statutory=BY_LAW,
                 promised=days(10, "D"), result="经营许可证", mark="U", single=alone(20, 6, 2, 6),
                 applies_if="has_pool"),
            SIGN,
        ),
        fields=(*applicant_fields(), *PLACE,
                Field("rooms", "客房数", "number", "Rooms", unit="间"),
                Field("security_manager", "治安责任人", name_en="Security manager",
                      items=("special",))),
        materials=(Material("business_licence", "营业执照", "Business licence"), LEASE, PLAN,
                   *HYGIENE_PAPERS, FIRE_PAPER,
                   Material("security_system", "治安管理制度与技防设施说明", "Security system",
                            items=("special",)),
                   Material("food_system", "食品安全管理制度", "Food-safety system", items=("food",),
                            may_follow=True, follow_days=10),
                   SIGN_PAPER),
        hints=("住宿场所仍须公共场所卫生许可；书店、图书馆、博物馆、展览馆、音乐厅自2025年1月20日起改为开业后30日内备案。",),
    ),
    summary="卫生、消防、特种行业、餐饮、店招一次申请，联合核查。",
    summary_en="Hygiene, fire, hotel trade, food and sign in one application.",
    batch="本区特色（参照各地）", basis=f"{HYGIENE}；{FIRE}；旅馆业治安管理办法", source=LOCAL, mark="U",
    note="特种行业许可天数未核对（U）；卫生许可能否告知承诺由省里规定。",
)  # fmt: skip

CARRIER = Shipped(
    "open_carrier", "开办运输企业", "Open a transport firm",
    Definition(
        questions=(
            one_of("carries", "运什么？", "What is carried?",
                   Option("goods", "普通货物", "Goods"), Option("persons", "旅客", "Passengers"),
                   Option("dangerous", "危险货物", "Dangerous goods", "不在集成办理范围，须单独申请")),
            yes_no("is_light", "只用总质量4.5吨及以下的普通货车吗？", "Only vehicles up to 4.5 t?",
                   "见到的规定：不需道路货物运输经营许可和营运证（未核对）。", "carries = 'goods'"),
            yes_no("has_vehicles", "车辆已经登记上牌吗？", "Are the vehicles registered?"),
            yes_no("has_licence", "已经有营业执照吗？", "Is there a business licence?"),
        ),
        items=(
            Item("register", "设立登记", "行政审批局", Decides.CONFIRM, "Registration",
                 authority="市场监督管理部门",
                 statutory=days(3, "V", "登记管理条例第十九条", more=3), promised=days(1, "D"),
                 licence="business_licence", mark="V", single=alone(3, 5, 1, 5),
                 applies_if="NOT has_licence"),
            pushed("plates", "机动车登记核验", "Vehicles checked", "公安分局", "公安机关交通管理部门",
                   after=("register",), applies_if="has_vehicles"),
            Item("goods", "道路货物运输经营许可", "交通运输局", Decides.GRANT, "Goods-transport licence",
                 authority="交通运输部门", statutory=BY_LAW, promised=days(5, "D"),
                 after=("register",), licence="transport_licence", mark="U", promise_route=True,
                 single=alone(20, 6, 2, 5), applies_if="carries = 'goods' AND NOT is_light"),
            Item("persons", "道路旅客运输经营许可", "交通运输局", Decides.GRANT,
                 "Passenger-transport licence", authority="交通运输部门", statutory=BY_LAW,
                 promised=days(15, "D"), after=("register",), licence="transport_licence",
                 mark="U", steps=(REVIEW, VISIT, DECIDE), single=alone(20, 8, 2, 6),
                 applies_if="carries = 'persons'"),
            Item("vehicles", "车辆营运证配发", "交通运输局", Decides.CONFIRM, "Vehicle certificates",
                 authority="交通运输部门", statutory=days(10, "U", "未核对"), promised=days(3, "D"),
                 after=("goods", "persons", "plates"), result="道路运输证", mark="U",
                 single=alone(10, 4, 1, 4), applies_if="has_vehicles AND NOT is_light"),
            service("guidance", "危险货物运输申请指引", "Guidance: dangerous goods", "交通运输局",
                    "一次告知单项申请的条件和材料", limit=1, applies_if="carries = 'dangerous'"),
        ),
        fields=(*applicant_fields(),
                Field("vehicles", "车辆清单", "long_text", "Vehicles", "逐行填写：号牌，车型，总质量。",
                      applies_if="has_vehicles"),
                Field("drivers", "驾驶员清单", "long_text", "Drivers", "逐行填写：姓名，从业资格证号。",
                      items=("goods", "persons")),
                Field("yard", "停车场地地址", "address", "Yard", is_needed=False)),
        materials=(
            Material("business_licence", "营业执照", "Business licence", applies_if="has_licence"),
            Material("domicile", "住所使用证明", "Proof of domicile", items=("register",)),
            Material("vehicle_licence", "机动车行驶证", "Vehicle licences",
                     items=("plates", "vehicles"), applies_if="has_vehicles"),
            Material("driver_proof", "驾驶员从业资格证", "Drivers' certificates",
                     items=("goods", "persons")),
            Material("carrier_system", "安全生产管理制度", "Safety system",
                     items=("goods", "persons"), may_follow=True, follow_days=10),
        ),
    ),
    summary="登记、经营许可、车辆营运证一次申请。",
    summary_en="Registration, licence and vehicle certificates in one application.",
    batch="国家第一批（2024年）", basis="道路运输条例", source="清单名称据通行说法；集成范围未见原文",
    mark="U", note="4.5吨免许可、营运证时限未核对（U）。",
)  # fmt: skip

OVERSIZE = Shipped(
    "oversize_load", "大件运输", "Oversize loads",
    Definition(
        questions=(
            one_of("class", "属于哪一类？", "Which class?",
                   Option("one", "Ⅰ类：总高≤4.2米、总宽≤3米、总长≤20米且不超重", "Class I"),
                   Option("two", "Ⅱ类：总高≤4.5米、总宽≤3.75米、总长≤28米、总质量≤100吨", "Class II"),
                   Option("three", "Ⅲ类：超过Ⅱ类", "Class III"),
                   hint="分类标准据通行说法，未核对原文。"),
            yes_no("leaves_province", "要驶出本省吗？", "Does it leave the province?"),
            yes_no("in_town", "要通过城区道路吗？", "Does it pass through town?"),
        ),
        items=(
            Item("one", "超限运输车辆行驶公路许可（Ⅰ类）", "交通运输局", Decides.GRANT, "Class I permit",
                 authority="公路管理机构", statutory=days(2, "U", "超限运输车辆行驶公路管理规定，未核对"),
                 promised=days(1, "D"), result="超限运输车辆通行证", mark="U",
                 single=alone(2, 4, 1, 4), applies_if="class = 'one'"),
            Item("two", "超限运输车辆行驶公路许可（Ⅱ类）", "交通运输局", Decides.GRANT, "Class II permit",
                 authority="公路管理机构", statutory=days(5, "U", "超限运输车辆行驶公路管理规定，未核对"),
                 promised=days(3, "D"), result="超限运输车辆通行证", mark="U",
                 steps=(REVIEW, Step(StepKind.REVIEW, "路线核查", "Check the route"), DECIDE),
                 single=alone(5, 5, 1, 5), applies_if="class = 'two'"),
            Item("three", "超限运输车辆行驶公路许可（Ⅲ类）", "交通运输局", Decides.GRANT,
                 "Class III permit", authority="公路管理机构",
                 statutory=days(15, "U", "超限运输车辆行驶公路管理规定，未核对"), promised=days(10, "D"),
                 result="超限运输车辆通行证", mark="U",
                 steps=(REVIEW, Step(StepKind.EXPERT_REVIEW, "护送与加固方案评审", "Expert review"),
                        DECIDE),
                 single=alone(15, 7, 2, 6), applies_if="class = 'three'"),
            Item("town", "城区道路通行（大型车辆）", "公安分局", Decides.GRANT, "Passage through town",
                 authority="公安机关交通管理部门", statutory=days(3, "U", "未核对"),
                 promised=days(1, "D"), after=("one", "two", "three"), result="通行证", mark="U",
                 single=alone(3, 3, 1, 3), applies_if="in_town"),
        ),
        fields=(*applicant_fields(),
                Field("load_name", "货物名称", name_en="Load"),
                Field("length_m", "车货总长", "number", "Length", unit="米"),
                Field("width_m", "车货总宽", "number", "Width", unit="米"),
                Field("height_m", "车货总高", "number", "Height", unit="米"),
                Field("weight_t", "总质量", "number", "Weight", unit="吨"),
                Field("route", "起讫地与路线", "long_text", "Route"),
                Field("from_on", "起运日期", "date", "From"), Field("to_on", "止运日期", "date", "To"),
                Field("vehicle_plates", "车辆号牌", name_en="Plates")),
        materials=(
            Material("transport_licence", "道路运输经营许可证", "Transport licence"),
            Material("vehicle_licence", "车辆行驶证", "Vehicle licences"),
            Material("load_drawing", "车货总体轮廓图", "Outline of vehicle and load",
                     exempt_if_held=False, applies_if="class <> 'one'"),
            Material("escort_plan", "护送方案", "Escort plan", exempt_if_held=False,
                     applies_if="class = 'three'"),
        ),
        hints=("跨省运输由起运地省级公路管理机构统一受理，本区协助填报。",),
    ),
    summary="超限运输许可与城区通行一次申请。",
    summary_en="Oversize permit and passage through town in one application.",
    batch="国家清单（批次未核对）", basis="公路安全保护条例；超限运输车辆行驶公路管理规定",
    source="分类与时限据通行说法，未核对原文", mark="U", note="分类标准与各类天数未核对（U）。",
)  # fmt: skip

THINGS = (PHARMACY, SALON, HOTEL, CARRIER, OVERSIZE)
