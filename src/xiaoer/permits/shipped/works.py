"""Works: water, power, gas and network joined at once; construction begun on getting the land."""

from xiaoer.permits.definition import (
    Decides,
    Definition,
    Field,
    Item,
    Material,
    Option,
    Period,
    Step,
    StepKind,
)
from xiaoer.permits.shipped.shape import (
    DECIDE,
    REVIEW,
    Shipped,
    alone,
    applicant_fields,
    days,
    one_of,
    some_of,
    within,
    yes_no,
)

JIANGNING = "南京江宁联合报装：一表申请，次日联合踏勘，统一答复（公开页面）"
OLDER = "见到的一份地方旧规：无外线工程次日接通，150米以内外线10日（转载件）"
LAND_START = "黔东南州“拿地即开工”实施方案（征求意见稿，2022年）"
SURVEY = Step(StepKind.SITE_VISIT, "联合踏勘", "Joint survey")
BUILD = Step(StepKind.REVIEW, "受理单位内部工程与接入", "Works of the supplier and connection")
CHECK = Step(StepKind.SITE_VISIT, "联合验收并接通", "Joint check and connection")


def _connection(code: str, name: str, name_en: str, office: str, authority: str) -> Item:
    return Item(
        code, name, office, Decides.SERVICE, name_en, authority=authority,
        statutory=days(10, "C", OLDER), promised=days(5, "D"), after=("survey",),
        result="接入协议与接通", mark="C", steps=(BUILD, CHECK), single=alone(10, 4, 2, 5),
        applies_if=f"utilities_{code}",
    )  # fmt: skip


UTILITIES = Shipped(
    "utilities", "水电气网联合报装", "Water, power, gas and network together",
    Definition(
        questions=(
            some_of("utilities", "要接入哪些？", "What is wanted?",
                    Option("water", "供水", "Water"), Option("power", "供电", "Power"),
                    Option("gas", "供气", "Gas"), Option("network", "通信网络", "Network")),
            yes_no("outside_line", "红线外需要新建管线吗？", "Are lines outside the plot needed?"),
            yes_no("digs_road", "要挖掘城市道路吗？", "Is a road dug up?", "", "outside_line"),
            yes_no("takes_green", "要占用绿地或移植树木吗？", "Is green land used?", "", "outside_line"),
        ),
        items=(
            Item("survey", "联合踏勘与统一答复方案", "行政审批局", Decides.SERVICE,
                 "Joint survey, one answer", authority="供水、供电、供气、通信企业",
                 statutory=days(2, "V", JIANGNING), promised=days(1, "D"), result="联合接入方案",
                 mark="V", steps=(SURVEY, Step(StepKind.REVIEW, "汇总答复", "One answer")),
                 single=alone(6, 1, 3, 4)),
            _connection("water", "供水接入", "Water", "供水公司", "供水企业"),
            _connection("power", "供电接入", "Power", "供电服务中心", "供电企业"),
            _connection("gas", "供气接入", "Gas", "燃气公司", "燃气企业"),
            _connection("network", "通信网络接入", "Network", "通信公司", "基础电信企业"),
            Item("road", "城市道路挖掘许可", "住建局", Decides.GRANT, "Road-digging permit",
                 authority="市政工程主管部门", statutory=days(20, "U", "城市道路管理条例，天数未核对"),
                 promised=days(5, "D"), after=("survey",), licence="road_occupation", mark="U",
                 single=alone(20, 5, 2, 6), applies_if="digs_road"),
            Item("green", "占用绿地、移植树木审批", "住建局", Decides.GRANT, "Use of green land",
                 authority="城市绿化主管部门", statutory=days(20, "U", "城市绿化条例，天数未核对"),
                 promised=days(5, "D"), after=("survey",), result="审批决定", mark="U",
                 single=alone(20, 5, 2, 6), applies_if="takes_green"),
        ),
        fields=(
            *applicant_fields(),
            Field("site_address", "用能地址", "address", "Address"),
            Field("needed_on", "需要接通的日期", "date", "Needed on"),
            Field("water_m3", "日用水量", "number", "Water a day", unit="立方米", items=("water",)),
            Field("power_kva", "报装容量", "number", "Capacity", unit="千伏安", items=("power",)),
            Field("gas_m3", "小时用气量", "number", "Gas an hour", unit="立方米", items=("gas",)),
            Field("lines", "带宽与专线需求", "long_text", "Lines", items=("network",)),
        ),
        materials=(
            Material("business_licence", "营业执照", "Business licence"),
            Material("title_proof", "不动产权证或规划许可", "Title or planning permit"),
            Material("site_plan", "总平面图", "Site plan", exempt_if_held=False),
            Material("dig_plan", "道路挖掘施工方案", "Plan of the digging", items=("road",),
                     exempt_if_held=False),
        ),
        hints=("向任何一家受理都可以；外线涉及的道路、绿化许可并行办理。",),
    ),
    summary="一表申请、联合踏勘、统一答复，水电气网一次接通。",
    summary_en="One form, one survey, one answer; connected at once.",
    batch="国家第一批（2024年）", basis="国发〔2024〕3号", source=JIANGNING, mark="V",
    note="接入天数见于转载的地方旧规（C），道路、绿化天数未核对（U）。",
)  # fmt: skip

START = Shipped(
    "start_works", "工程项目开工（拿地即开工）", "Start of works on getting the land",
    Definition(
        questions=(
            one_of("stage", "土地到哪一步了？", "How far is the land?",
                   Option("agreed", "已签投资协议，尚未取得土地", "Agreed, land not won yet",
                          "部门先作模拟审批，不具法律效力，风险由企业承担"),
                   Option("signed", "已签土地合同", "Land contract signed")),
            some_of("barred", "项目属于下列情形吗？", "Does any of this apply?",
                    Option("dangerous", "易燃易爆、危险化学品", "Explosives, hazardous chemicals"),
                    Option("secret", "涉及国家秘密", "State secrets"),
                    Option("restricted", "限制类、禁止类产业", "Restricted or forbidden industry"),
                    hint="有其中一项的不适用拿地即开工；没有的，不勾选直接下一步。"),
            yes_no("special_works", "属于特殊建设工程吗？", "Are these special works?",
                   "特殊建设工程须消防设计审查。"),
            yes_no("region_assessed", "地块在已完成区域评估的范围内吗？", "Was the region assessed?",
                   "已完成的，环评、能评、安评等按区域评估结果简化。"),
        ),
        items=(
            Item("barred", "适用情形核查", "行政审批局", Decides.CONFIRM, "Whether it may join",
                 statutory=days(1, "D"), promised=days(1, "D"), result="核查意见", mark="D",
                 steps=(Step(StepKind.DECIDE, "人工判断是否适用", "A person decides"),),
                 single=alone(0, 0, 0, 1),
                 applies_if="barred_dangerous OR barred_secret OR barred_restricted"),
            Item("landuse", "建设用地规划许可", "自然资源分局", Decides.GRANT,
                 "Land-use planning permit", authority="自然资源主管部门",
                 statutory=days(20, "V", "城乡规划法第三十八条；行政许可法第四十二条", more=10),
                 promised=days(3, "D"), after=("barred",), licence="land_planning", mark="V",
                 single=alone(20, 5, 1, 5)),
            Item("title", "不动产权首次登记", "自然资源分局", Decides.CONFIRM, "Title of the land",
                 authority="不动产登记机构", statutory=within(30, "U", "不动产登记暂行条例，未核对"),
                 promised=days(3, "D"), after=("landuse",), result="不动产权证书", mark="U",
                 single=alone(20, 5, 1, 4), applies_if="stage = 'signed'"),
            Item("works", "建设工程规划许可", "自然资源分局", Decides.GRANT, "Works planning permit",
                 authority="自然资源主管部门",
                 statutory=days(20, "V", "城乡规划法第四十条；行政许可法第四十二条", more=10),
                 promised=days(5, "D"), after=("landuse",), licence="works_planning", mark="V",
                 single=alone(20, 6, 1, 6)),
            Item("drawings", "施工图审查", "住建局", Decides.CONFIRM, "Review of the drawings",
                 authority="施工图审查机构", statutory=days(15, "U", "未核对"), promised=days(7, "D"),
                 after=("landuse",), result="审查合格书", mark="U", single=alone(15, 5, 1, 5)),
            Item("fire", "特殊建设工程消防设计审查", "住建局", Decides.GRANT, "Fire design review",
                 authority="住房和城乡建设主管部门", statutory=days(15, "U", "消防法第十一条；天数未核对"),
                 promised=days(7, "D"), after=("landuse",), result="消防设计审查意见", mark="V",
                 steps=(REVIEW, Step(StepKind.EXPERT_REVIEW, "专家评审", "Expert review",
                                     applies_if="special_works"), DECIDE),
                 single=alone(15, 5, 1, 5), applies_if="special_works"),
            Item("assess", "环评、能评、安评等单项评估", "生态环境分局", Decides.CONFIRM, "Assessments",
                 authority="各评估主管部门", statutory=days(30, "U", "各项不同，未核对"),
                 promised=days(15, "D"), after=("barred",), result="评估批复或备案", mark="U",
                 single=alone(30, 8, 3, 8), applies_if="NOT region_assessed"),
            Item("permit", "建筑工程施工许可", "住建局", Decides.GRANT, "Construction permit",
                 authority="住房和城乡建设主管部门",
                 statutory=Period(7, "calendar_day", source="建筑法第八条：自收到申请之日起7日内", mark="V"),
                 promised=days(3, "D"), after=("title", "works", "drawings", "fire", "assess"),
                 licence="construction", basis="建筑法第七条、第八条", mark="V",
                 single=alone(7, 8, 1, 5), applies_if="stage = 'signed'"),
        ),
        fields=(
            *applicant_fields(),
            Field("project_name", "项目名称", name_en="Project"),
            Field("project_code", "项目代码", name_en="Project code", hint="投资项目在线审批监管平台备案代码。"),
            Field("parcel", "地块", name_en="Parcel"),
            Field("floor_m2", "建筑面积", "number", "Floor area", unit="平方米"),
            Field("total_yuan", "总投资", "money", "Total", unit="元"),
            Field("starts_on", "拟开工日期", "date", "Start"),
        ),
        materials=(
            Material("business_licence", "营业执照", "Business licence"),
            Material("promise_letter", "拿地即开工承诺书", "Promise letter", reason=LAND_START,
                     exempt_if_held=False, applies_if="stage = 'agreed'"),
            Material("land_contract", "土地出让合同", "Land contract",
                     items=("landuse", "title", "permit"), applies_if="stage = 'signed'"),
            Material("tax_proof", "土地价款与税费凭证", "Price and tax paid", items=("title",)),
            Material("design_plan", "总平面及单体设计方案", "Design", items=("works",),
                     exempt_if_held=False),
            Material("construction_drawing", "施工图设计文件", "Drawings", items=("drawings", "fire"),
                     exempt_if_held=False),
            Material("works_contract", "施工、监理合同", "Contracts of works", items=("permit",),
                     exempt_if_held=False),
        ),
        hints=("施工许可后3个月内开工，可延期两次、每次不超过3个月，逾期作废（建筑法第九条）。",
               "土地未取得的，模拟审批结果全部作废。"),
    ),
    summary="用地规划、权证、工程规划、施工许可，四证联办。",
    summary_en="Land-use permit, title, works permit and construction permit together.",
    batch="本区特色（参照各地）", basis="城乡规划法第三十八条、第四十条；建筑法第七条至第九条",
    source=LAND_START, mark="V", note="审图、权证、评估天数未核对（U）；承诺时限为建议值（D）。",
)  # fmt: skip

THINGS = (UTILITIES, START)
