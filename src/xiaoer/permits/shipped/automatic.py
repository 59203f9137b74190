"""智能审批 The five items decided with nobody in between, as data: things, terms, rules, registers.

Chosen by the suitability test (documents of processes, 3.3). Packs are shipped switched off: nobody
of the zone has read and authorised them yet. What no source was read for is marked and noted.
"""

from datetime import date

from xiaoer.base.words import Choice, Kind
from xiaoer.permits.automatic.packs import Terms
from xiaoer.permits.definition import (
    Decides,
    Definition,
    Field,
    Item,
    Material,
    Option,
    Period,
    Source,
)
from xiaoer.permits.shipped.packs import (
    SUITED,
    RegisterField,
    ShippedPack,
    ShippedRegister,
    clause,
    day,
    flag,
    many,
    never,
    number,
    one_of,
    rule,
    said,
    tried,
)
from xiaoer.permits.shipped.shape import DECIDE, SINGLE, Shipped, alone, days
from xiaoer.rules.language.spec import State

# Registers -----------------------------------------------------------------------------------------

F = RegisterField
REGISTERS = (
    ShippedRegister(
        "violation", "未办结违法记录", "open violations", "统一社会信用代码",
        (F("what", "事由", "what for"),), 24, "区综合执法、市场监管共享；接入前为未知", "D",
    ),
    ShippedRegister(
        "waste_site", "核准消纳场", "approved receiving sites", "消纳场名称",
        (
            F("capacity_left_m3", "剩余容量（立方米）", "capacity left (m³)", Kind.NUMBER),
            F("is_used_before", "本区曾有运入", "used before", Kind.FLAG),
        ),
        24, "市容环卫主管部门消纳场台账；有效期即其许可有效期", "D",
    ),
    ShippedRegister(
        "waste_carrier", "核准运输单位", "approved carriers", "单位名称",
        (F("credit_code", "统一社会信用代码", "credit code"),), 24,
        "市容环卫主管部门运输单位名录", "D",
    ),
    ShippedRegister(
        "road_transport", "道路运输经营许可", "road-transport licences", "业户名称", (), 72,
        "交通运输主管部门共享", "D",
    ),
    ShippedRegister(
        "waste_vehicle", "核准运输车辆", "approved vehicles", "号牌",
        (
            F("carrier", "所属单位", "carrier"),
            F("is_closed", "密闭", "closed", Kind.FLAG),
            F("is_recorder_online", "行车记录装置在线", "recorder online", Kind.FLAG),
            F("has_sorting", "分类运输装备", "sorting equipment", Kind.FLAG),
        ),
        24, "市容环卫、公安交管共享；有效期即行驶证检验有效期", "D",
    ),
    ShippedRegister(
        "testing_body", "检测机构资质", "qualified testing bodies", "机构名称",
        (F("number", "资质证书编号", "number"),), 168, "资质认定获证机构名录", "D",
    ),
    ShippedRegister(
        "health_certificate", "从业人员健康证明", "health certificates", "证号",
        (F("employer", "从业单位", "employer"),), 72, "疾控机构共享库", "D",
    ),
)  # fmt: skip

# Forms ---------------------------------------------------------------------------------------------


def _text(code: str, name: str, name_en: str, hint: str = "", **more: object) -> Field:
    return Field(code, name, name_en=name_en, hint=hint, **more)  # type: ignore[arg-type]  # fields by name


def _of(code: str, name: str, name_en: str, sort: str, unit: str = "", hint: str = "") -> Field:
    return Field(code, name, sort, name_en, hint, unit)


def _choice(code: str, name: str, name_en: str, choices: tuple[Choice, ...]) -> Field:
    options = tuple(Option(one.code, one.zh, one.en) for one in choices)
    return Field(code, name, "choice", name_en, options=options)


_LICENCE = Material(
    "business_licence", "营业执照", "Business licence", reason="核对申请人", exempt_if_held=True
)
_NAME = said("applicant", "申请人", "applicant", "registry.name", "paper.business_licence.name")
_CODE = said(
    "applicant_code", "统一社会信用代码", "credit code", "registry.credit_code",
    "paper.business_licence.credit_code",
)  # fmt: skip
_HEAD = said(
    "legal_person", "法定代表人", "legal representative", "registry.legal_representative",
    "paper.business_licence.legal_person",
)  # fmt: skip
_ON_THE_SPOT = Period(0, source="行政许可法第三十四条第二款", mark="V")
_ADDRESS = Field(
    "address", "经营场所", "address", "Place of business", "与营业执照一致",
    source=Source.REGISTRY, source_key="address",
)  # fmt: skip

# 1 城市建筑垃圾处置核准 ----------------------------------------------------------------------------

_KINDS = (
    Choice("ordinary", "一般工程渣土、建筑垃圾", "ordinary"),
    Choice("demolition", "拆除垃圾", "from demolition"),
    Choice("special", "危险或受污染", "hazardous or contaminated"),
)
_WASTE = Shipped(
    "waste_disposal", "城市建筑垃圾处置核准", "Construction waste disposal permit",
    Definition(
        items=(
            Item(
                "waste", "城市建筑垃圾处置核准", "行政审批局", Decides.GRANT,
                "Construction waste disposal permit", authority="市容环境卫生主管部门",
                statutory=days(20, "V", "行政许可法第四十二条"), promised=_ON_THE_SPOT,
                licence="waste_disposal",
                basis="国务院令第412号第101项；固体废物污染环境防治法第六十三条", mark="V",
                steps=(DECIDE,), single=alone(3, 8, 2, 4),
            ),
        ),
        fields=(
            _text("project", "工程名称", "Project", "与合同、方案一致"),
            _of("project_address", "工程地址", "Place of the project", "address"),
            _choice("waste_kind", "垃圾种类", "Kind of waste", _KINDS),
            _of("volume_m3", "处置总量", "Volume", "number", "立方米"),
            _of("soil_m3", "其中工程渣土", "Of it soil", "number", "立方米"),
            _of("concrete_m3", "其中混凝土块", "Of it concrete", "number", "立方米"),
            _of("metal_m3", "其中金属", "Of it metal", "number", "立方米"),
            _of("wood_m3", "其中木材", "Of it wood", "number", "立方米"),
            _text("carrier", "运输单位", "Carrier"),
            _of("plates", "运输车辆号牌", "Number plates", "long_text", hint="多辆之间用顿号隔开"),
            _text("site", "消纳场所", "Receiving site"),
            _text("route", "运输路线", "Route"),
            _of("starts_on", "运输开始日期", "First day of transport", "date"),
            _of("ends_on", "运输结束日期", "Last day of transport", "date"),
            _of("is_at_night", "要在夜间运输", "Transport at night", "yes_no"),
            _of("crosses_city", "运往市外处置", "Disposed of outside the city", "yes_no"),
        ),
        materials=(
            Material(
                "waste_contract", "建设单位与运输单位签订的合同", "Contract with the carrier",
                exempt_if_held=False, reason="六项条件之一",
            ),
            Material(
                "waste_plan", "建筑垃圾处置（分类、回收利用）方案", "Disposal plan",
                exempt_if_held=False, reason="六项条件之三",
            ),
        ),
    ),
    kind=SINGLE, summary="产生建筑垃圾的工程，运输和处置前办理；条件全部由数据核对的当场批准。",
    summary_en="Before construction waste is carried off; granted at once where data prove all.",
    basis="国务院令第412号第101项", source="某省政务服务网公布的六项条件", mark="V",
    note="不同城市另要求规划、用地、缴费等材料；本区清单须由主管部门核定。",
)  # fmt: skip

_OVER = ("starts_on", "ends_on")
_WASTE_TERMS = Terms(
    values=(
        said(
            "builder", "建设单位", "builder", "registry.name", "paper.waste_contract.client",
            "paper.waste_plan.builder",
        ),
        said(
            "project", "工程名称", "project", "form.project", "paper.waste_contract.project",
            "paper.waste_plan.project",
        ),
        said(
            "project_address", "工程地址", "place of the project", "form.project_address",
            "paper.waste_plan.project_address",
        ),
        one_of("waste_kind", "垃圾种类", "kind of waste", _KINDS, "form.waste_kind"),
        number(
            "volume_m3", "处置总量", "volume", "form.volume_m3", "paper.waste_contract.volume",
            "paper.waste_plan.volume",
        ),
        number("soil_m3", "工程渣土", "soil", "form.soil_m3", "paper.waste_plan.soil"),
        number("concrete_m3", "混凝土块", "concrete", "form.concrete_m3", "paper.waste_plan.concrete"),
        number("metal_m3", "金属", "metal", "form.metal_m3", "paper.waste_plan.metal"),
        number("wood_m3", "木材", "wood", "form.wood_m3", "paper.waste_plan.wood"),
        said(
            "carrier", "运输单位", "carrier", "form.carrier", "paper.waste_contract.carrier",
            "register.waste_vehicle.plates.carrier", over=_OVER,
        ),
        many("plates", "运输车辆", "vehicles", "form.plates"),
        said(
            "site", "消纳场所", "receiving site", "form.site", "paper.waste_contract.site",
            "paper.waste_plan.site",
        ),
        said(
            "route", "运输路线", "route", "form.route", "paper.waste_contract.route",
            "paper.waste_plan.route",
        ),
        day(
            "starts_on", "开始日期", "first day", "form.starts_on",
            "paper.waste_contract.starts_on", "paper.waste_plan.starts_on",
        ),
        day(
            "ends_on", "结束日期", "last day", "form.ends_on", "paper.waste_contract.ends_on",
            "paper.waste_plan.ends_on",
        ),
        flag("is_at_night", "夜间运输", "at night", "form.is_at_night"),
        flag("crosses_city", "市外处置", "outside the city", "form.crosses_city"),
        flag("site_is_approved", "消纳场许可在整个期间有效", "site approved throughout",
             "register.waste_site.site.", over=_OVER),
        number("site_capacity_left_m3", "消纳场剩余容量", "capacity left",
               "register.waste_site.site.capacity_left_m3", takes="volume_m3", over=_OVER),
        flag("site_is_used_before", "消纳场曾使用", "site used before",
             "register.waste_site.site.is_used_before", over=_OVER),
        flag("carrier_is_approved", "运输单位在核准名录", "carrier approved",
             "register.waste_carrier.carrier.", over=_OVER),
        flag("carrier_has_transport_licence", "道路运输许可在整个期间有效",
             "transport licence throughout", "register.road_transport.carrier.", over=_OVER),
        flag("vehicles_are_approved", "车辆全部在核准名录且行驶证有效", "vehicles approved",
             "register.waste_vehicle.plates.", over=_OVER),
        flag("vehicles_are_closed", "车辆全部密闭", "vehicles closed",
             "register.waste_vehicle.plates.is_closed", over=_OVER),
        flag("recorders_are_online", "记录装置全部在线", "recorders online",
             "register.waste_vehicle.plates.is_recorder_online", over=_OVER),
        flag("vehicles_have_sorting", "车辆具备分类运输装备", "sorting equipment",
             "register.waste_vehicle.plates.has_sorting", over=_OVER),
        said("carrier_code", "运输单位信用代码", "credit code of the carrier",
             "register.waste_carrier.carrier.credit_code", over=_OVER),
        flag("carrier_has_violation", "运输单位有未办结违法记录", "open violation of the carrier",
             "register.violation.carrier_code."),
    ),
    same_case=("builder", "project", "starts_on"),
    licence=(
        ("project", "{project}"),
        ("project_address", "{project_address}"),
        ("waste_kinds",
         "工程渣土{soil_m3}立方米、混凝土块{concrete_m3}立方米、金属{metal_m3}立方米、木材{wood_m3}立方米，"
         "共{volume_m3}立方米"),
        ("transport_time", "{starts_on}至{ends_on}（夜间不得运输）"),
        ("route", "{route}"),
        ("carrier", "{carrier}"),
        ("vehicles", "{plates}"),
        ("receiving_site", "{site}"),
    ),
    valid_from="starts_on",
    valid_until="ends_on",
)  # fmt: skip
_WASTE_FACTS: dict[str, object] = {
    "volume_m3": 1200.0, "soil_m3": 700.0, "concrete_m3": 400.0, "metal_m3": 60.0, "wood_m3": 40.0,
    "waste_kind": "ordinary", "starts_on": date(2026, 11, 20), "ends_on": date(2026, 12, 20),
    "is_at_night": False, "crosses_city": False, "site_is_approved": True,
    "site_capacity_left_m3": 60000.0, "site_is_used_before": True, "carrier_is_approved": True,
    "carrier_has_transport_licence": True, "vehicles_are_approved": True,
    "vehicles_are_closed": True, "recorders_are_online": True, "vehicles_have_sorting": True,
    "carrier_has_violation": False,
}  # fmt: skip


_WASTE_RULE = rule(
    "waste", "城市建筑垃圾处置核准（智能审批）", "Construction waste, unattended", "D",
    "某省政务服务网公布的六项条件；条件逐项对应机器核验（本区设定）",
    "六项条件照公布原文；数量上限和机器核验办法须由主管部门核定",
    (
        clause("一、书面申请：时间、路线、地点、合同齐备且一致；消纳场有许可和余量",
               "1 application whole; site approved with capacity left",
               "ends_on >= starts_on AND starts_on >= as_of AND site_capacity_left_m3 >= volume_m3"
               " AND volume_m3 > 0"),
        clause("二、消纳场具备场地方案、机械、排水、消防和管理制度（由其有效许可承继）",
               "2 the site's own permit holds throughout", "site_is_approved"),
        clause("三、有分类处置和回收利用方案，分类数量合计等于总量",
               "3 plan by class sums to the total",
               "soil_m3 + concrete_m3 + metal_m3 + wood_m3 = volume_m3"),
        clause("四、运输单位有道路运输经营许可，车辆有行驶证", "4 carrier and vehicles licensed",
               "carrier_has_transport_licence AND vehicles_are_approved"),
        clause("五、运输单位有经营、安全、质量、保养制度（在核准名录）", "5 carrier approved",
               "carrier_is_approved"),
        clause("六、车辆密闭，有行驶记录和分类运输装备", "6 vehicles closed, recorded, sorting",
               "vehicles_are_closed AND recorders_are_online AND vehicles_have_sorting"),
        never("数量不超过人工审查线（20000立方米）", "volume not above the line", "volume_m3 > 20000"),
        never("期间不超过一年", "not longer than a year", "ends_on > starts_on + INTERVAL '366 days'"),
        never("不是拆除垃圾、危险或受污染的", "neither demolition nor hazardous nor contaminated",
              "waste_kind <> 'ordinary'"),
        never("不在夜间运输", "no transport at night", "is_at_night"),
        never("不跨市处置", "not outside the city", "crosses_city"),
        never("运输单位没有未办结违法记录", "no open violation of the carrier", "carrier_has_violation"),
        never("不是首次使用的消纳场", "not a site used for the first time", "NOT site_is_used_before"),
    ),
    (
        tried("全部满足", _WASTE_FACTS),
        tried("容量不够", _WASTE_FACTS, State.NOT_MET, site_capacity_left_m3=1000.0),
        tried("合计不符", _WASTE_FACTS, State.NOT_MET, wood_m3=41.0),
        tried("数量过大", _WASTE_FACTS, State.NOT_MET, volume_m3=20001.0),
        tried("车辆未知", _WASTE_FACTS, State.NEEDS_DATA, vehicles_are_closed=None),
        tried("夜间", _WASTE_FACTS, State.NOT_MET, is_at_night=True),
    ),
)  # fmt: skip

# 2 公共场所卫生许可证（新办） ----------------------------------------------------------------------

_LICENSABLE = (
    Choice("lodging", "住宿", "lodging"),
    Choice("bath", "沐浴", "bathing"),
    Choice("hair", "美容美发", "hair and beauty"),
    Choice("cinema", "影剧院", "cinema or theatre"),
    Choice("dance", "歌舞游艺", "dance or karaoke"),
    Choice("pool", "游泳场馆", "swimming pool"),
    Choice("mall", "商场（集中空调）", "shop with central air-conditioning"),
    Choice("waiting", "候车（机、船）室", "waiting room"),
)
_FILED = (
    Choice("video", "录像厅（室）", "video room"),
    Choice("music", "音乐厅", "music hall"),
    Choice("exhibition", "展览馆", "exhibition hall"),
    Choice("museum", "博物馆", "museum"),
    Choice("gallery", "美术馆", "gallery"),
    Choice("library", "图书馆", "library"),
    Choice("bookshop", "书店", "bookshop"),
)
# Where such a place may be is the zone's to say; anything but a commercial building is looked at.
_BUILDINGS = (
    Choice("commercial", "商业、办公或工业配套建筑", "commercial building"),
    Choice("residential", "住宅楼", "residential building"),
    Choice("basement", "地下室、半地下室", "basement"),
    Choice("other", "其他", "another"),
)
_ORDER = "公共场所卫生管理条例（国务院令第797号修订，2025年1月20日施行）"
_HYGIENE = Shipped(
    "hygiene_licence", "公共场所卫生许可证（新办）", "Hygiene licence of a public place, new",
    Definition(
        items=(
            Item(
                "hygiene", "公共场所卫生许可", "行政审批局", Decides.GRANT, "Hygiene licence",
                authority="卫生健康主管部门", statutory=days(20, "V", "行政许可法第四十二条"),
                promised=_ON_THE_SPOT, promise_route=True, licence="hygiene_licence", basis=_ORDER,
                mark="V", steps=(DECIDE,), single=alone(10, 7, 2, 4),
            ),
        ),
        fields=(
            _choice("place_type", "场所类别", "Kind of place", (*_LICENSABLE, *_FILED)),
            _ADDRESS,
            _choice("building", "所在建筑", "Building", _BUILDINGS),
            _of("area_m2", "使用面积", "Area", "number", "平方米"),
            _of("has_central_air", "使用集中空调通风系统", "Central air-conditioning", "yes_no"),
            _of("staff_numbers", "从业人员健康证明编号", "Numbers of health certificates",
                "long_text", hint="多人之间用顿号隔开"),
        ),
        materials=(
            _LICENCE,
            Material("floor_plan", "场所平面布局图", "Floor plan", exempt_if_held=False),
            Material("hygiene_report", "卫生检测或评价报告", "Hygiene test report",
                     exempt_if_held=False),
        ),
    ),
    kind=SINGLE, summary="住宿、沐浴、美容美发等场所开业前办理，法定代表人签署承诺后当场决定，批后现场核查。",
    summary_en="Before lodging, bathing, hair and similar places open; at once on a promise.",
    basis=_ORDER, source="国务院令第797号；实施细则材料清单见转载件", mark="V",
    note="能否采用告知承诺由省里规定；人数、面积、报告期限等须由主管部门核定。",
)  # fmt: skip
_HYGIENE_TERMS = Terms(
    values=(
        _NAME,
        _CODE,
        _HEAD,
        said("client", "报告委托单位", "client of the report", "registry.name",
             "paper.hygiene_report.client"),
        one_of("place_type", "场所类别", "kind of place", (*_LICENSABLE, *_FILED),
               "form.place_type"),
        said("address", "经营场所", "address", "form.address", "registry.address",
             "paper.business_licence.domicile", "paper.floor_plan.address",
             "paper.hygiene_report.address"),
        number("area_m2", "使用面积", "area", "form.area_m2", "paper.floor_plan.area"),
        one_of("building", "所在建筑", "building", _BUILDINGS, "form.building"),
        flag("has_central_air", "集中空调", "central air-conditioning", "form.has_central_air"),
        many("staff_numbers", "健康证明编号", "health certificates", "form.staff_numbers"),
        flag("staff_are_certified", "从业人员健康证明全部有效", "staff certified",
             "register.health_certificate.staff_numbers."),
        said("staff_employer", "从业单位", "employer", "registry.name",
             "register.health_certificate.staff_numbers.employer"),
        said("tester", "检测机构", "testing body", "paper.hygiene_report.tester"),
        flag("tester_is_qualified", "检测机构有资质", "tester qualified",
             "register.testing_body.tester.", over=("tested_on", "reported_on")),
        said("tester_number", "资质证书编号", "number of the qualification",
             "paper.hygiene_report.tester_number", "register.testing_body.tester.number"),
        day("tested_on", "检测日期", "tested on", "paper.hygiene_report.tested_on"),
        day("reported_on", "报告日期", "reported on", "paper.hygiene_report.reported_on"),
        number("carbon_dioxide", "二氧化碳（%）", "carbon dioxide (%)",
               "paper.hygiene_report.carbon_dioxide"),
        number("formaldehyde", "甲醛（mg/m³）", "formaldehyde (mg/m³)",
               "paper.hygiene_report.formaldehyde"),
        number("bacteria", "空气细菌总数（CFU/m³）", "bacteria (CFU/m³)",
               "paper.hygiene_report.bacteria"),
        said("verdict", "检测结论", "verdict", "paper.hygiene_report.verdict"),
        flag("is_promised", "已签署承诺", "promised", "promise."),
    ),
    same_case=("applicant_code", "address"),
    licence=(
        ("business_address", "{address}"),
        ("representative", "{legal_person}"),
        ("place_type", "{place_type}"),
        ("area", "{area_m2}平方米"),
    ),
    by_promise=True,
)  # fmt: skip
_HYGIENE_FACTS: dict[str, object] = {
    "place_type": "lodging", "building": "commercial", "area_m2": 300.0, "has_central_air": False,
    "staff_are_certified": True, "tester_is_qualified": True, "tested_on": date(2026, 10, 20),
    "reported_on": date(2026, 10, 30), "carbon_dioxide": 0.06, "formaldehyde": 0.05,
    "bacteria": 800.0, "verdict": "合格", "is_promised": True,
}  # fmt: skip
_HYGIENE_RULE = rule(
    "hygiene", "公共场所卫生许可证新办（智能审批）", "Hygiene licence, unattended", "C",
    _ORDER, "类别按令第797号；限值按 GB 37488 常见值，地方面积线、报告期限未核对",
    (
        clause("类别属于现行须许可的场所（书店、图书馆等已改备案；餐馆等不需许可）",
               "a kind of place that needs a licence by the order in force",
               "place_type IN ('lodging', 'bath', 'hair', 'cinema', 'dance', 'pool', 'mall',"
               " 'waiting')"),
        clause("检测机构有资质", "tester qualified", "tester_is_qualified"),
        clause("报告在六个月以内", "report of the last six months",
               "reported_on >= as_of - INTERVAL '183 days' AND reported_on <= as_of"
               " AND tested_on <= reported_on"),
        clause("检测结论合格", "report says it passes", "verdict = '合格'"),
        clause("二氧化碳不超过 0.10%", "carbon dioxide within the limit",
               "carbon_dioxide <= 0.10 AND carbon_dioxide > 0"),
        clause("甲醛不超过 0.10 mg/m³", "formaldehyde within the limit",
               "formaldehyde <= 0.10 AND formaldehyde >= 0"),
        clause("空气细菌总数不超过 1500 CFU/m³", "bacteria within the limit",
               "bacteria <= 1500 AND bacteria >= 0"),
        clause("从业人员健康证明全部有效", "every member of staff certified",
               "staff_are_certified"),
        clause("法定代表人已签署承诺", "promise signed", "is_promised"),
        clause("面积有效", "an area", "area_m2 > 0"),
        never("不在住宅楼、地下室等须人工核对的建筑内", "not in a kind of building to be looked at",
              "building <> 'commercial'"),
        never("不使用集中空调（使用的另须其检测报告）", "no central air-conditioning, which needs its own report",
              "has_central_air"),
        never("不是游泳、商场、候车室（水质或规模须人工审查）", "neither a pool nor a mall nor a waiting room",
              "place_type IN ('pool', 'mall', 'waiting')"),
    ),
    (
        tried("全部满足", _HYGIENE_FACTS),
        tried("书店应备案", _HYGIENE_FACTS, State.NOT_MET, place_type="bookshop"),
        tried("甲醛超标", _HYGIENE_FACTS, State.NOT_MET, formaldehyde=0.11),
        tried("报告过旧", _HYGIENE_FACTS, State.NOT_MET, reported_on=date(2026, 4, 1),
                                            tested_on=date(2026, 3, 20)),
        tried("未读出细菌总数", _HYGIENE_FACTS, State.NEEDS_DATA, bacteria=None),
        tried("住宅楼", _HYGIENE_FACTS, State.NOT_MET, building="residential"),
        tried("未承诺", _HYGIENE_FACTS, State.NOT_MET, is_promised=False),
    ),
)  # fmt: skip

# 3 公共场所卫生备案 --------------------------------------------------------------------------------

_FILING = Shipped(
    "hygiene_filing", "公共场所卫生备案（书店、图书馆等）", "Hygiene filing of bookshops and the like",
    Definition(
        items=(
            Item(
                "hygiene_filing", "公共场所卫生备案", "行政审批局", Decides.FILE, "Hygiene filing",
                authority="卫生健康主管部门", statutory=days(5, "U", "实施细则，天数未核对"),
                promised=_ON_THE_SPOT, licence="health_filing", basis=_ORDER, mark="V",
                steps=(DECIDE,), single=alone(5, 3, 1, 3),
            ),
        ),
        fields=(
            _choice("place_type", "场所类别", "Kind of place", (*_LICENSABLE, *_FILED)),
            _ADDRESS,
            _of("opened_on", "开业日期", "Opened on", "date"),
        ),
        materials=(_LICENCE,),
    ),
    kind=SINGLE, summary="录像厅、音乐厅、展览馆、博物馆、美术馆、图书馆、书店开业后30日内备案，当场办结。",
    summary_en="Within 30 days after a bookshop, library, museum and the like opened; at once.",
    basis=_ORDER, source="国务院令第797号", mark="V",
)  # fmt: skip
_FILING_TERMS = Terms(
    values=(
        _NAME,
        _CODE,
        _HEAD,
        one_of("place_type", "场所类别", "kind of place", (*_LICENSABLE, *_FILED),
               "form.place_type"),
        said("address", "经营场所", "address", "form.address", "registry.address",
             "paper.business_licence.domicile"),
        day("opened_on", "开业日期", "opened on", "form.opened_on"),
    ),
    same_case=("applicant_code", "address"),
    licence=(
        ("business_address", "{address}"),
        ("representative", "{legal_person}"),
        ("place_type", "{place_type}"),
    ),
)  # fmt: skip
_FILING_RULE = rule(
    "hygiene_file", "公共场所卫生备案（智能审批）", "Hygiene filing, unattended", "D", _ORDER,
    "七类场所和开业后30日照令第797号",
    (
        clause("类别属于改为备案的七类场所", "one of the seven kinds that are filed",
               "place_type IN ('video', 'music', 'exhibition', 'museum', 'gallery', 'library',"
               " 'bookshop')"),
        clause("已开业，且在开业后30日内", "within thirty days after opening",
               "opened_on <= as_of AND as_of <= opened_on + INTERVAL '30 days'"),
    ),
    (
        tried("书店", {}, place_type="bookshop", opened_on=date(2026, 11, 1)),
        tried("旅店须许可", {}, State.NOT_MET, place_type="lodging", opened_on=date(2026, 11, 1)),
        tried("逾期转人工", {}, State.NOT_MET, place_type="bookshop", opened_on=date(2026, 10, 1)),
        tried("日期未知", {}, State.NEEDS_DATA, place_type="bookshop"),
    ),
)  # fmt: skip

# 4 仅销售预包装食品备案 ----------------------------------------------------------------------------

_GOODS = (
    Choice("packed", "仅预包装食品", "pre-packed food only"),
    Choice("special", "含特殊食品（保健、婴幼儿配方等）", "special food included"),
    Choice("loose", "含散装或现制现售", "loose or made on the spot"),
)
_FOOD_LAW = "食品安全法第三十五条第一款；食品经营许可和备案管理办法（2023年12月1日施行）"
_FOOD = Shipped(
    "packed_food_filing", "仅销售预包装食品备案", "Filing of pre-packed food sellers",
    Definition(
        items=(
            Item(
                "packed_food", "仅销售预包装食品备案", "行政审批局", Decides.FILE,
                "Filing of pre-packed food", authority="市场监督管理部门",
                statutory=days(5, "U", "备案时限未核对"), promised=_ON_THE_SPOT,
                licence="food_filing", basis=_FOOD_LAW, mark="V", steps=(DECIDE,),
                single=alone(5, 3, 1, 3),
            ),
        ),
        fields=(
            _ADDRESS,
            _choice("goods", "销售食品", "What is sold", _GOODS),
            _of("is_mobile", "流动经营或自动售货", "From a vehicle or machine", "yes_no"),
        ),
        materials=(_LICENCE,),
    ),
    kind=SINGLE, summary="只卖预包装食品的，不需食品经营许可，备案即可，当场办结。",
    summary_en="Who sells pre-packed food only files it, at once; no licence is needed.",
    basis=_FOOD_LAW, source="食品安全法（2021年修正）第三十五条", mark="V",
    note="备案表内容和时限未核对。",
)  # fmt: skip
_FOOD_TERMS = Terms(
    values=(
        _NAME,
        _CODE,
        _HEAD,
        said("address", "经营场所", "address", "form.address", "registry.address",
             "paper.business_licence.domicile"),
        one_of("goods", "销售食品", "what is sold", _GOODS, "form.goods"),
        flag("is_mobile", "流动经营", "mobile", "form.is_mobile"),
    ),
    same_case=("applicant_code", "address"),
    licence=(
        ("business_address", "{address}"),
        ("representative", "{legal_person}"),
        ("business_items", "{goods}"),
    ),
)  # fmt: skip
_FOOD_RULE = rule(
    "packed_food", "仅销售预包装食品备案（智能审批）", "Pre-packed food, unattended", "D", _FOOD_LAW,
    "备案要件照法条；表格内容未核对",
    (
        clause("仅销售预包装食品", "pre-packed food only", "goods = 'packed'"),
        never("不是流动经营或自动售货（场所须人工核对）", "not from a vehicle or machine", "is_mobile"),
    ),
    (
        tried("商店", {}, goods="packed", is_mobile=False),
        tried("散装须许可", {}, State.NOT_MET, goods="loose", is_mobile=False),
        tried("流动", {}, State.NOT_MET, goods="packed", is_mobile=True),
        tried("未说明", {}, State.NEEDS_DATA, is_mobile=False),
    ),
)  # fmt: skip

# 5 门店招牌设置备案 --------------------------------------------------------------------------------

_FORMS = (
    Choice("flat", "贴墙式", "flat on the wall"),
    Choice("roof", "楼顶", "on the roof"),
    Choice("stand", "落地", "standing"),
    Choice("screen", "电子显示屏", "electronic screen"),
)
_SIGN_LAW = "城市市容和环境卫生管理条例第十一条"
_SIGN = Shipped(
    "shop_sign_filing", "门店招牌设置备案", "Filing of a shop sign",
    Definition(
        items=(
            Item(
                "shop_sign", "门店招牌设置备案", "行政审批局", Decides.FILE, "Filing of a shop sign",
                authority="城市管理部门", statutory=days(5, "U", "地方规定，未核对"),
                promised=_ON_THE_SPOT, promise_route=True, licence="sign_filing",
                basis=_SIGN_LAW, mark="U", steps=(DECIDE,), single=alone(5, 4, 1, 3),
            ),
        ),
        fields=(
            _ADDRESS,
            _choice("sign_form", "设置形式", "Form", _FORMS),
            _of("width_m", "宽", "Width", "number", "米"),
            _of("height_m", "高", "Height", "number", "米"),
            _of("bottom_m", "下沿离地", "Lower edge above ground", "number", "米"),
            _text("sign_words", "招牌文字", "Words on the sign", "与营业执照名称或字号一致"),
            _of("is_protected", "在文物保护单位或历史建筑上", "On a protected building", "yes_no"),
        ),
        materials=(
            _LICENCE,
            Material("lease", "房屋租赁合同", "Lease", exempt_if_held=True),
        ),
    ),
    kind=SINGLE, summary="贴墙的门店招牌，签署承诺即予备案，批后核查。",
    summary_en="Flat shop signs; filed at once on a promise, looked at afterwards.",
    basis=_SIGN_LAW, source="各地门店招牌备案做法，未核对", mark="U",
    note="尺寸线和是否须备案由本地规定，核对前保持停用或影子运行。",
)  # fmt: skip
_SIGN_TERMS = Terms(
    values=(
        _NAME,
        _CODE,
        said("tenant", "承租方", "tenant", "registry.name", "paper.lease.tenant"),
        said("address", "门店地址", "address", "form.address", "registry.address",
             "paper.business_licence.domicile", "paper.lease.address"),
        day("lease_starts_on", "租赁开始", "lease from", "paper.lease.starts_on"),
        day("lease_ends_on", "租赁结束", "lease until", "paper.lease.ends_on"),
        one_of("sign_form", "设置形式", "form", _FORMS, "form.sign_form"),
        number("width_m", "宽", "width", "form.width_m"),
        number("height_m", "高", "height", "form.height_m"),
        number("bottom_m", "下沿离地", "lower edge", "form.bottom_m"),
        said("sign_words", "招牌文字", "words", "form.sign_words"),
        flag("is_protected", "保护建筑", "protected building", "form.is_protected"),
        flag("is_promised", "已签署承诺", "promised", "promise."),
    ),
    same_case=("applicant_code", "address"),
    licence=(
        ("sign_place", "{address}"),
        ("sign_size", "{sign_form}，宽{width_m}米、高{height_m}米，下沿离地{bottom_m}米"),
        ("sign_words", "{sign_words}"),
    ),
    valid_until="lease_ends_on",
    by_promise=True,
)  # fmt: skip
_SIGN_FACTS: dict[str, object] = {
    "sign_form": "flat", "width_m": 6.0, "height_m": 1.2, "bottom_m": 3.0, "is_protected": False,
    "lease_starts_on": date(2026, 11, 1), "lease_ends_on": date(2027, 10, 31), "is_promised": True,
}  # fmt: skip
_SIGN_RULE = rule(
    "shop_sign", "门店招牌设置备案（智能审批）", "Shop sign, unattended", "U", _SIGN_LAW,
    "尺寸为示例，未核对；读过本地规定并改正后方可发布",
    (
        clause("贴墙式", "flat on the wall", "sign_form = 'flat'"),
        clause("面积不超过 10 平方米、高不超过 1.5 米", "within the size",
               "width_m * height_m <= 10 AND height_m <= 1.5 AND width_m > 0 AND height_m > 0"),
        clause("下沿离地不低于 2.5 米", "high enough", "bottom_m >= 2.5"),
        clause("租赁在期", "the lease runs", "lease_starts_on <= as_of AND lease_ends_on >= as_of"),
        clause("已签署承诺", "promise signed", "is_promised"),
        never("不在文物保护单位或历史建筑上", "not on a protected building", "is_protected"),
    ),
    (
        tried("全部满足", _SIGN_FACTS),
        tried("太大", _SIGN_FACTS, State.NOT_MET, width_m=9.0),
        tried("楼顶", _SIGN_FACTS, State.NOT_MET, sign_form="roof"),
        tried("高度未知", _SIGN_FACTS, State.NEEDS_DATA, bottom_m=None),
    ),
)  # fmt: skip

THINGS: tuple[Shipped, ...] = (_WASTE, _HYGIENE, _FILING, _FOOD, _SIGN)
PACKS: tuple[ShippedPack, ...] = (
    ShippedPack(
        "waste", "waste_disposal", _WASTE_TERMS, _WASTE_RULE,
        "国务院令第412号第101项；固体废物污染环境防治法第六十三条", SUITED
        + "第二、五项条件由消纳场和运输单位各自的有效许可或名录承继。",
        "某省政务服务网公布的六项条件", "V",
        "六项条件照公布原文；数量线、登记表接入和机器核验办法由主管部门核定后授权。",
        post_check_days=10,
    ),
    ShippedPack(
        "hygiene", "hygiene_licence", _HYGIENE_TERMS, _HYGIENE_RULE, _ORDER, SUITED
        + "现场核查以告知承诺代替并在批后进行；能否适用告知承诺由省里规定。",
        "国务院令第797号；外省告知承诺做法", "C",
        "告知承诺的适用、批后核查天数（见到30至60日）和检测限值未核对。", post_check_days=30,
    ),
    ShippedPack(
        "hygiene_file", "hygiene_filing", _FILING_TERMS, _FILING_RULE, _ORDER, SUITED,
        "国务院令第797号", "V", "备案的办理时限未核对。", post_check_days=30,
    ),
    ShippedPack(
        "packed_food", "packed_food_filing", _FOOD_TERMS, _FOOD_RULE, _FOOD_LAW, SUITED,
        "食品安全法第三十五条第一款", "V", "备案表内容和时限未核对。",
    ),
    ShippedPack(
        "shop_sign", "shop_sign_filing", _SIGN_TERMS, _SIGN_RULE, _SIGN_LAW, SUITED
        + "仅限贴墙、尺寸以内、不在保护建筑上的招牌；其余涉及相邻方，转人工。",
        "各地门店招牌备案做法", "U", "本地规定未核对；授权前须改正尺寸线。", post_check_days=20,
    ),
)  # fmt: skip
