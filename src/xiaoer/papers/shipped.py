"""What kinds of paper a zone begins with, and after which words their fields stand.

Nothing here is a constant: each becomes a row with its source and mark, for the zone to change.
The words are those such papers commonly carry; no authority prescribes them all, so a zone tries a
kind on its own papers before it trusts it.
"""

from dataclasses import dataclass

from xiaoer.papers.models import PaperField

Sort = PaperField.Sort
LAYOUT = "常见版式，请用本区的材料试读后再用"
LICENCE_FORM = "营业执照（2019 年版）版式"
ORDER_797 = "公共场所卫生管理条例及其实施细则（材料清单见转载件）"
WASTE = "省级政务服务网 城市建筑垃圾处置核准六项条件"
RESTAURANT = "“开办餐饮店”集成方案（转载件）"
CHANGE = "市场主体登记管理条例及实施细则"


@dataclass(frozen=True, slots=True)
class SeededField:
    """A field: ``labels`` are the words before it; ``pattern`` finds it where no label stands."""

    code: str
    name: str
    name_en: str
    sort: str = Sort.TEXT
    labels: tuple[str, ...] = ()
    pattern: str = ""
    unit: str = ""
    is_needed: bool = True
    least: int = 90


@dataclass(frozen=True, slots=True)
class SeededKind:
    """A kind of paper, with the words that stand on every one of it."""

    code: str
    name: str
    name_en: str
    marks: tuple[str, ...] = ()
    fields: tuple[SeededField, ...] = ()
    valid_months: int | None = None
    is_reusable: bool = True
    source: str = LAYOUT
    mark: str = "D"


def _until(*labels: str) -> SeededField:
    return SeededField(
        "valid_until", "有效期至", "valid until", Sort.DATE,
        labels or ("有效期至", "有效期限至", "有效期止"),
    )  # fmt: skip


def _signed(*labels: str) -> SeededField:
    return SeededField(
        "signed_on", "签署日期", "signed on", Sort.DATE, labels or ("签订日期", "签署日期", "日期")
    )


_CODE = SeededField(
    "credit_code", "统一社会信用代码", "unified credit code", Sort.CREDIT_CODE,
    ("统一社会信用代码", "信用代码"), r"([0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10})",
)  # fmt: skip
_PERIOD = (
    SeededField(
        "starts_on", "开始日期", "from", Sort.DATE,
        pattern=r"自(\d{4}年\d{1,2}月\d{1,2}日)起?至",
    ),
    SeededField(
        "ends_on", "结束日期", "to", Sort.DATE,
        pattern=r"自\d{4}年\d{1,2}月\d{1,2}日起?至(\d{4}年\d{1,2}月\d{1,2}日)",
    ),
)  # fmt: skip

READ = (
    SeededKind(
        "business_licence", "营业执照", "business licence", ("营业执照",),
        (
            _CODE,
            SeededField("name", "名称", "name", Sort.NAME, ("名称",)),
            SeededField("type", "类型", "type", labels=("类型",), is_needed=False),
            SeededField("legal_person", "法定代表人", "legal representative", Sort.NAME,
                        ("法定代表人", "负责人", "经营者")),
            SeededField("capital", "注册资本", "registered capital", Sort.MONEY, ("注册资本",),
                        is_needed=False),
            SeededField("founded_on", "成立日期", "founded on", Sort.DATE, ("成立日期",),
                        is_needed=False),
            SeededField("domicile", "住所", "domicile", Sort.ADDRESS,
                        ("住所", "经营场所", "营业场所")),
            SeededField("scope", "经营范围", "scope of business", labels=("经营范围",),
                        is_needed=False),
        ),
        source=LICENCE_FORM, mark="C",
    ),
    SeededKind(
        "waste_contract", "建筑垃圾处置运输合同", "construction-waste transport contract",
        ("合同", "建筑垃圾", "运输"),
        (
            SeededField("number", "合同编号", "number", labels=("合同编号",), is_needed=False),
            SeededField("client", "甲方", "client", Sort.NAME,
                        ("甲方（委托方）", "甲方（委托单位）", "甲方")),
            SeededField("carrier", "乙方", "carrier", Sort.NAME,
                        ("乙方（承运方）", "乙方（承运单位）", "乙方")),
            SeededField("project", "工程名称", "project", labels=("工程名称", "项目名称")),
            SeededField("volume", "运输总量", "volume", Sort.NUMBER, ("运输总量为", "运输总量"),
                        unit="立方米"),
            SeededField("fee", "运输费用", "fee", Sort.MONEY,
                        ("运输费用共计", "运输费用合计", "运输费用"), unit="元",
                        is_needed=False),
            *_PERIOD,
            SeededField("route", "运输路线", "route", labels=("运输路线",)),
            SeededField("site", "消纳场所", "receiving site", Sort.NAME, ("消纳场所", "消纳场")),
            _signed("签订日期"),
        ),
        is_reusable=False, source=WASTE, mark="V",
    ),
    SeededKind(
        "waste_plan", "建筑垃圾处理方案", "waste disposal plan", ("建筑垃圾", "方案"),
        (
            SeededField("builder", "建设单位", "builder", Sort.NAME, ("建设单位",)),
            SeededField("project", "工程名称", "project", labels=("工程名称", "项目名称")),
            SeededField("project_address", "工程地址", "address of the project", Sort.ADDRESS,
                        ("工程地址", "工程地点", "项目地址")),
            SeededField("volume", "产生总量", "volume", Sort.NUMBER, ("产生总量", "处置总量"),
                        unit="立方米"),
            SeededField("soil", "工程渣土", "soil", Sort.NUMBER, ("工程渣土",), unit="立方米"),
            SeededField("concrete", "混凝土块", "concrete", Sort.NUMBER, ("混凝土块", "混凝土"),
                        unit="立方米"),
            SeededField("metal", "金属", "metal", Sort.NUMBER, ("金属",), unit="立方米"),
            SeededField("wood", "木材", "wood", Sort.NUMBER, ("木材",), unit="立方米"),
            SeededField("reused", "资源化利用量", "reused", Sort.NUMBER, ("资源化利用量", "回用量"),
                        unit="立方米", is_needed=False),
            SeededField("site", "消纳场所", "receiving site", Sort.NAME, ("消纳场所", "消纳场")),
            SeededField("route", "运输路线", "route", labels=("运输路线",)),
            *_PERIOD,
        ),
        is_reusable=False, source=WASTE, mark="V",
    ),
    SeededKind(
        "site_permit", "建筑垃圾消纳场许可", "permit of the receiving site", ("消纳",),
        (
            SeededField("number", "许可编号", "number", labels=("许可编号", "编号")),
            SeededField("name", "消纳场名称", "site", Sort.NAME, ("消纳场名称",)),
            SeededField("operator", "运营单位", "operator", Sort.NAME, ("运营单位", "经营单位")),
            SeededField("address", "消纳场地址", "address", Sort.ADDRESS, ("消纳场地址", "地址")),
            SeededField("capacity", "核准容量", "capacity", Sort.NUMBER, ("核准容量", "剩余容量"),
                        unit="立方米"),
            SeededField("issued_on", "发证日期", "issued on", Sort.DATE, ("发证日期",),
                        is_needed=False),
            _until(),
        ),
        source=WASTE, mark="V",
    ),
    SeededKind(
        "transport_licence", "道路运输经营许可证", "road-transport licence",
        ("道路运输经营许可证",),
        (
            SeededField("number", "经营许可证号", "number", labels=("经营许可证号", "许可证号"),
                        pattern=r"(\d{12})号"),
            SeededField("name", "业户名称", "holder", Sort.NAME, ("业户名称",)),
            SeededField("address", "地址", "address", Sort.ADDRESS, ("地址",), is_needed=False),
            SeededField("scope", "经营范围", "scope", labels=("经营范围",)),
            SeededField("issued_on", "发证日期", "issued on", Sort.DATE, ("发证日期",),
                        is_needed=False),
            _until(),
        ),
        source=LAYOUT, mark="C",
    ),
    SeededKind(
        "hygiene_report", "卫生检测报告", "hygiene test report", ("检测报告",),
        (
            SeededField("number", "报告编号", "number", labels=("报告编号",)),
            SeededField("client", "委托单位", "client", Sort.NAME, ("委托单位",)),
            SeededField("address", "检测地点", "place", Sort.ADDRESS, ("检测地点", "检测地址")),
            SeededField("tester", "检测机构", "tester", Sort.NAME, ("检测机构",)),
            SeededField("tester_number", "资质证书编号", "qualification", labels=("资质证书编号",)),
            SeededField("tested_on", "检测日期", "tested on", Sort.DATE, ("检测日期",)),
            SeededField("reported_on", "报告日期", "reported on", Sort.DATE, ("报告日期",)),
            SeededField("carbon_dioxide", "二氧化碳", "carbon dioxide", Sort.NUMBER,
                        ("二氧化碳",), unit="%"),
            SeededField("formaldehyde", "甲醛", "formaldehyde", Sort.NUMBER, ("甲醛",),
                        unit="mg/m³"),
            SeededField("bacteria", "空气细菌总数", "bacteria in the air", Sort.NUMBER,
                        ("空气细菌总数",), unit="CFU/m³"),
            SeededField("verdict", "检测结论", "verdict", labels=("检测结论",)),
        ),
        valid_months=24, source=ORDER_797, mark="C",
    ),
    SeededKind(
        "health_certificate", "健康证明", "health certificate", ("健康",),
        (
            SeededField("name", "姓名", "name", Sort.NAME, ("姓名",)),
            SeededField("number", "证号", "number", labels=("证号", "编号")),
            SeededField("work", "从业类别", "kind of work", labels=("从业类别", "类别"),
                        is_needed=False),
            SeededField("employer", "从业单位", "employer", Sort.NAME, ("从业单位",),
                        is_needed=False),
            SeededField("issued_on", "发证日期", "issued on", Sort.DATE, ("发证日期",)),
            _until(),
        ),
        valid_months=12, source=LAYOUT, mark="C",
    ),
    SeededKind(
        "lease", "房屋租赁合同", "lease", ("租赁合同",),
        (
            SeededField("landlord", "出租方", "landlord", Sort.NAME,
                        ("出租方（甲方）", "出租方", "出租人")),
            SeededField("tenant", "承租方", "tenant", Sort.NAME,
                        ("承租方（乙方）", "承租方", "承租人")),
            SeededField("address", "房屋坐落", "address", Sort.ADDRESS, ("房屋坐落", "房屋地址")),
            SeededField("area", "建筑面积", "area", Sort.NUMBER, ("建筑面积",), unit="平方米"),
            SeededField("rent", "年租金", "rent a year", Sort.MONEY, ("年租金为", "年租金"),
                        unit="元", is_needed=False),
            *_PERIOD,
            _signed("签订日期"),
        ),
        source=RESTAURANT, mark="C",
    ),
    SeededKind(
        "id_card", "居民身份证", "identity card", ("姓名", "公民身份号码"),
        (
            SeededField("name", "姓名", "name", Sort.NAME, ("姓名",)),
            SeededField("number", "公民身份号码", "number", labels=("公民身份号码",),
                        pattern=r"(\d{17}[\dX])"),
            SeededField("born_on", "出生", "born on", Sort.DATE, ("出生",), is_needed=False),
            SeededField("address", "住址", "address", Sort.ADDRESS, ("住址",), is_needed=False),
        ),
        source=LAYOUT, mark="C",
    ),
    SeededKind(
        "power_of_attorney", "授权委托书", "power of attorney", ("委托书",),
        (
            SeededField("principal", "委托人", "principal", Sort.NAME, ("委托人", "委托单位")),
            SeededField("agent", "受托人", "agent", Sort.NAME, ("受托人", "代理人")),
            SeededField("agent_number", "受托人身份证号", "identity number of the agent",
                        labels=("受托人身份证号", "身份证号"), pattern=r"(\d{17}[\dX])"),
            SeededField("matters", "委托事项", "matters", labels=("委托事项",)),
            _until("委托期限至", "有效期至"),
            _signed("签署日期"),
        ),
        source=LAYOUT, mark="D",
    ),
    SeededKind(
        "promise_letter", "承诺书", "promise letter", ("承诺书",),
        (
            SeededField("promiser", "承诺人", "promiser", Sort.NAME, ("承诺人", "承诺单位")),
            SeededField(_CODE.code, _CODE.name, _CODE.name_en, _CODE.sort, _CODE.labels,
                        _CODE.pattern, is_needed=False),
            SeededField("matter", "承诺事项", "matter", labels=("承诺事项",)),
            _signed("签署日期"),
        ),
        is_reusable=False, source=LAYOUT, mark="D",
    ),
    SeededKind(
        "floor_plan", "平面布局图", "floor plan", ("平面",),
        (
            SeededField("name", "场所名称", "place", Sort.NAME, ("场所名称",), is_needed=False),
            SeededField("address", "场所地址", "address", Sort.ADDRESS, ("场所地址",)),
            SeededField("area", "使用面积", "area", Sort.NUMBER, ("使用面积",), unit="平方米"),
            SeededField("drawn_on", "绘制日期", "drawn on", Sort.DATE, ("绘制日期",),
                        is_needed=False),
        ),
        source=RESTAURANT, mark="C",
    ),
    SeededKind(
        "vehicle_licence", "机动车行驶证", "vehicle licence", ("行驶证",),
        (
            SeededField("plate", "号牌号码", "plate", Sort.PLATE, ("号牌号码",)),
            SeededField("owner", "所有人", "owner", Sort.NAME, ("所有人",)),
            SeededField("sort", "车辆类型", "type", labels=("车辆类型",), is_needed=False),
            SeededField("registered_on", "注册日期", "registered on", Sort.DATE, ("注册日期",),
                        is_needed=False),
            _until("检验有效期至", "有效期至"),
        ),
        source=LAYOUT, mark="C",
    ),
)  # fmt: skip

# Kept and looked at by people; of some a date or a name is read.
_PLAIN = (
    # code, name, name in English, words on it, source, mark
    ("resolution", "股东会决议或决定", "resolution", ("决议",), CHANGE, "V"),
    ("articles", "公司章程或修正案", "articles of association", ("章程",), CHANGE, "V"),
    ("domicile", "住所（经营场所）使用证明", "proof of domicile", (), CHANGE, "V"),
    ("approval_document", "前置批准文件", "approval required before", (), CHANGE, "V"),
    ("food_system", "食品安全管理制度", "food-safety system", ("食品安全",), RESTAURANT, "C"),
    ("food_safety_manager", "食品安全管理人员证明", "food-safety manager", ("食品安全",),
     RESTAURANT, "C"),
    ("equipment_list", "设施设备清单", "list of equipment", ("清单",), RESTAURANT, "C"),
    ("fire_promise", "消防安全承诺书", "fire-safety promise", ("消防安全", "承诺"), RESTAURANT,
     "V"),
    ("fire_acceptance", "装修工程消防验收或备案凭证", "fire acceptance of the fit-out", ("消防",),
     RESTAURANT, "V"),
    ("sign_drawing", "店招效果图", "drawing of the sign", (), RESTAURANT, "C"),
    ("drainage_form", "排水许可资料", "papers on drainage", (), RESTAURANT, "U"),
    ("tobacco_site_proof", "烟草零售经营场所证明", "proof of a tobacco outlet", (), RESTAURANT,
     "U"),
    ("hygiene_system", "卫生管理制度", "hygiene rules", ("卫生",), ORDER_797, "C"),
    ("location_map", "场所地址方位示意图", "location map", (), ORDER_797, "C"),
    ("hygiene_layout", "卫生设施平面布局图", "layout of hygiene facilities", ("平面",), ORDER_797,
     "C"),
    ("air_report", "集中空调通风系统卫生检测报告", "test report of central air-conditioning",
     ("检测报告",), ORDER_797, "C"),
    ("land_proof", "消纳场土地用途证明", "land-use proof of the receiving site", (), WASTE, "V"),
    ("site_machines", "消纳场设施与制度说明", "machines and rules of the receiving site", (),
     WASTE, "V"),
    ("carrier_system", "承运单位管理制度", "systems of the carrier", (), WASTE, "V"),
    ("vehicle_list", "运输车辆清单", "list of vehicles", ("车辆",), WASTE, "V"),
    ("construction_document", "规划、土地、拆除或施工批准文件", "document of the works", (), WASTE,
     "C"),
    ("washout_photo", "车辆冲洗设施照片", "photograph of the wash-out", (), WASTE, "C"),
    ("fee_receipt", "缴费凭证", "receipt of the fee", (), WASTE, "C"),
    ("completion_report", "工程竣工验收报告", "completion report", ("竣工",), LAYOUT, "C"),
    ("completion_drawing", "竣工图", "completion drawings", ("竣工",), LAYOUT, "C"),
    ("construction_permit", "建筑工程施工许可证", "construction permit", ("施工许可证",), LAYOUT,
     "C"),
    ("planning_permit", "建设工程规划许可证", "planning permit", ("规划许可证",), LAYOUT, "C"),
    ("survey_report", "测绘报告", "survey report", ("测绘",), LAYOUT, "C"),
    ("quality_report", "工程质量评估报告", "quality report", ("质量",), LAYOUT, "C"),
    ("photo", "现场照片", "photograph of the place", (), LAYOUT, "D"),
    ("bank_proof", "银行账户证明", "proof of the bank account", (), LAYOUT, "D"),
    ("labour_contract", "劳动合同", "labour contract", ("劳动合同",), LAYOUT, "D"),
    ("tax_proof", "完税证明", "proof of tax paid", ("完税",), LAYOUT, "D"),
    ("audit_report", "审计报告", "audit report", ("审计",), LAYOUT, "D"),
    ("no_violation_request", "专项信用报告申请", "request of a special credit report", (), LAYOUT,
     "D"),
    ("application_form", "申请书", "application", ("申请",), LAYOUT, "D"),
    ("licence_copy", "原许可证件", "the licence so far", (), LAYOUT, "D"),
    ("title_proof", "不动产权证书", "title deed", ("不动产",), LAYOUT, "D"),
    ("reduction_notice", "减资公告及债务清偿或担保说明", "announcement of a capital reduction", ("减资",),
     CHANGE, "V"),
    ("share_transfer", "股权转让协议", "share transfer", ("股权转让",), CHANGE, "U"),
    ("liquidation_report", "清算报告", "liquidation report", ("清算",), CHANGE, "U"),
    ("degree", "学历（学位）证明", "degree", (), LAYOUT, "D"),
    ("pharmacist_proof", "执业药师注册证", "registration of a pharmacist", ("药师",), LAYOUT, "U"),
    ("quality_system", "质量管理制度与设施设备目录", "quality system", ("质量",), LAYOUT, "U"),
    ("security_system", "治安管理制度与技防设施说明", "security system", ("治安",), LAYOUT, "U"),
    ("driver_proof", "驾驶员从业资格证", "certificates of drivers", ("从业资格",), LAYOUT, "U"),
    ("load_drawing", "车货总体轮廓图", "outline of vehicle and load", (), LAYOUT, "U"),
    ("escort_plan", "护送方案", "escort plan", ("护送",), LAYOUT, "U"),
    ("site_plan", "总平面图", "site plan", ("平面",), LAYOUT, "U"),
    ("dig_plan", "道路挖掘施工方案", "plan of a road digging", ("挖掘",), LAYOUT, "U"),
    ("land_contract", "土地出让合同", "land contract", ("出让",), LAYOUT, "U"),
    ("design_plan", "总平面及单体设计方案", "design", ("设计",), LAYOUT, "U"),
    ("construction_drawing", "施工图设计文件", "drawings", ("施工图",), LAYOUT, "U"),
    ("works_contract", "施工、监理合同", "contracts of works", ("合同",), LAYOUT, "U"),
    ("fulfilment_proof", "履行义务证明", "proof of fulfilment", (), LAYOUT, "U"),
    ("objection_proof", "异议证明材料", "proof of an objection", (), LAYOUT, "D"),
    ("court_ruling", "受理破产申请裁定书", "ruling that opens a bankruptcy", ("裁定",), LAYOUT, "U"),
    ("administrator_proof", "指定管理人决定书", "appointment of an administrator", ("管理人",), LAYOUT,
     "U"),
    ("rd_ledger", "研发支出辅助账", "ledger of R&D", ("研发",), LAYOUT, "D"),
    ("ip_proof", "知识产权证书", "certificate of a right", (), LAYOUT, "D"),
    ("infringement_proof", "侵权证据", "evidence of an infringement", (), LAYOUT, "D"),
    ("other", "其他材料", "other paper", (), LAYOUT, "D"),
)  # fmt: skip

KINDS = READ + tuple(
    SeededKind(code, name, name_en, marks, source=source, mark=mark)
    for code, name, name_en, marks, source, mark in _PLAIN
)
