"""Kinds of licence a new zone begins with; each with its source and mark, all the zone's to change.

Numbers: ``{year}``, ``{serial:05d}``, ``{region}`` (GB/T 2260). A field with a ``*`` before its name
is shown on the public check page; what names or places a person never is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_LICENSING = "行政许可法第三十九条"
_FIELDS: Mapping[str, tuple[str, str]] = {
    "address": ("地址", "Address"),
    "business_address": ("*经营场所", "Place of business"),
    "representative": ("法定代表人（负责人）", "Legal representative"),
    "project": ("*工程（项目）名称", "Project"),
    "project_code": ("*项目代码", "Project code"),
    "project_address": ("*工程地点", "Place of the project"),
    "waste_kinds": ("*建筑垃圾种类及数量", "Kinds and volumes of waste"),
    "route": ("*运输路线", "Route"),
    "carrier": ("*运输单位", "Carrier"),
    "vehicles": ("*运输车辆", "Vehicles"),
    "receiving_site": ("*消纳（处置）场所", "Receiving site"),
    "transport_time": ("*运输时间", "Time of transport"),
    "place_type": ("*许可项目（场所类别）", "Kind of place"),
    "area": ("营业面积", "Area"),
    "subject_form": ("*主体业态", "Form of business"),
    "business_items": ("*经营项目", "Items of business"),
    "company_type": ("*类型", "Type"),
    "capital": ("*注册资本", "Registered capital"),
    "founded_on": ("*成立日期", "Founded on"),
    "business_scope": ("*经营范围", "Business scope"),
    "drainage": ("*排水户类型、排水口与去向", "Kind of drainage, outlets"),
    "pollutants": ("*主要污染物项目及排放标准", "Pollutants and limits"),
    "volume": ("*排水量", "Volume a day"),
    "sign_place": ("*设置地点", "Place of the sign"),
    "sign_size": ("*规格与形式", "Size and form"),
    "sign_words": ("*内容", "Words"),
    "result": ("*结论", "Result"),
    "builder": ("*建设单位", "Builder"),
    "designer": ("设计单位", "Designer"),
    "contractor": ("施工单位", "Contractor"),
    "supervisor": ("监理单位", "Supervisor"),
    "scale": ("*建设规模", "Scale"),
    "building": ("*单体（部位）", "Building or part"),
    "land_area": ("*用地面积", "Area of land"),
    "documents": ("依据文书", "Documents it rests on"),
    "sub_results": ("*各事项结果", "Results of each item"),
    "seal_kind": ("*印章类型", "Kind of seal"),
    "dig_place": ("*占用（挖掘）位置与面积", "Place and area"),
    "place_name": ("*场所名称", "Name of the place"),
    "capacity": ("*核定人数", "People allowed"),
    "change": ("*变更事项（变更前、变更后）", "What changed, before and after"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind as it is shipped. ``says``: codes of the fields, in their order."""

    code: str
    name: str
    name_en: str
    form: str
    says: tuple[str, ...]
    months: int | None = None
    source: str = _LICENSING
    mark: str = "U"

    def fields(self) -> list[dict[str, object]]:
        return [
            {
                "code": code,
                "name": _FIELDS[code][0].removeprefix("*"),
                "name_en": _FIELDS[code][1],
                "is_public": _FIELDS[code][0].startswith("*"),
            }
            for code in self.says
        ]


WASTE = ("project", "project_address", "waste_kinds", "transport_time", "route", "carrier",
         "vehicles", "receiving_site")  # fmt: skip
BUILT = ("project", "project_code", "project_address", "builder", "building", "scale")

KINDS: Sequence[Kind] = (
    Kind("waste_disposal", "城市建筑垃圾处置核准证", "Construction waste disposal permit",
         "{region}建渣〔{year}〕{serial:05d}号", WASTE, None,
         "国务院第412号令第101项；固体废物污染环境防治法第六十三条", "V"),
    Kind("hygiene_licence", "公共场所卫生许可证", "Hygiene licence of a public place",
         "{region}卫公字〔{year}〕第{serial:05d}号",
         ("business_address", "representative", "place_type", "area"), 48,
         "公共场所卫生管理条例（国务院令第797号修订）第四条、第八条", "V"),
    Kind("food_licence", "食品经营许可证", "Food business licence", "JY2{region}{year}{serial:05d}",
         ("business_address", "representative", "subject_form", "business_items"), 60,
         "食品安全法第三十五条；食品经营许可和备案管理办法", "V"),
    Kind("food_filing", "仅销售预包装食品经营者备案", "Filing of pre-packed food sellers",
         "YB2{region}{year}{serial:05d}", ("business_address", "representative", "business_items"),
         None, "食品安全法第三十五条第一款", "V"),
    Kind("business_licence", "营业执照", "Business licence", "{region}{year}{serial:06d}",
         ("company_type", "address", "representative", "capital", "founded_on", "business_scope"),
         None, "市场主体登记管理条例第二十一条", "V"),
    Kind("registration_notice", "登记通知书", "Notice of registration",
         "（{region}）登字〔{year}〕第{serial:05d}号", ("change", "documents"), None,
         "市场主体登记管理条例第十九条", "V"),
    Kind("drainage_permit", "城镇污水排入排水管网许可证", "Drainage permit",
         "{region}排字第{year}{serial:04d}号",
         ("business_address", "representative", "drainage", "volume", "pollutants"), 60,
         "城镇排水与污水处理条例第二十一条；城镇污水排入排水管网许可管理办法", "U"),
    Kind("sign_filing", "门店招牌设置备案凭证", "Filing of a shop sign",
         "{region}牌备〔{year}〕{serial:05d}号", ("sign_place", "sign_size", "sign_words"), None,
         "城市市容和环境卫生管理条例第十一条", "U"),
    Kind("outdoor_ad", "大型户外广告设置许可证", "Permit of a large outdoor advertisement",
         "{region}广设〔{year}〕{serial:05d}号", ("sign_place", "sign_size", "sign_words"), 24,
         "城市市容和环境卫生管理条例第十一条", "U"),
    Kind("fire_check", "公众聚集场所投入使用、营业消防安全检查意见书",
         "Fire safety check before opening", "{region}消安检字〔{year}〕第{serial:04d}号",
         ("place_name", "business_address", "representative", "area", "result"), None,
         "消防法第十五条", "V"),
    Kind("fire_acceptance", "特殊建设工程消防验收意见书", "Fire acceptance",
         "{region}建消验字〔{year}〕第{serial:04d}号", (*BUILT, "result"), None,
         "消防法第十三条", "V"),
    Kind("fire_filing", "建设工程消防验收备案凭证", "Fire acceptance filing",
         "{region}建消验备字〔{year}〕第{serial:04d}号", (*BUILT, "result"), None,
         "消防法第十三条", "V"),
    Kind("planning_verification", "建设工程竣工规划核实合格证", "Planning verification",
         "{region}规核字第{year}{serial:04d}号", (*BUILT, "land_area", "result"), None,
         "城乡规划法第四十五条", "V"),
    Kind("completion_filing", "竣工验收备案证明书", "Completion filing",
         "{region}竣备〔{year}〕{serial:04d}号",
         (*BUILT, "designer", "contractor", "supervisor", "documents"), None,
         "建设工程质量管理条例第四十九条", "V"),
    Kind("civil_defence", "人防工程竣工验收备案凭证", "Civil air defence filing",
         "{region}人防验备〔{year}〕{serial:04d}号", (*BUILT, "result"), None,
         "人民防空法第二十三条", "U"),
    Kind("archive_handover", "建设工程档案移交书", "Handover of construction archives",
         "{region}档移〔{year}〕{serial:04d}号", (*BUILT, "documents"), None,
         "建设工程质量管理条例第十七条", "V"),
    Kind("joint_acceptance", "建设工程联合验收意见书", "Joint acceptance opinion",
         "{region}联验〔{year}〕{serial:04d}号", (*BUILT, "sub_results", "result"), None,
         "优化营商环境条例第四十二条；国办发〔2019〕11号", "V"),
    Kind("construction", "建筑工程施工许可证", "Construction permit",
         "{region}{year}{serial:05d}",
         (*BUILT, "designer", "contractor", "supervisor"), None, "建筑法第七条、第八条", "V"),
    Kind("land_planning", "建设用地规划许可证", "Land use planning permit",
         "地字第{region}{year}{serial:05d}号",
         ("project", "project_code", "project_address", "land_area", "scale"), None,
         "城乡规划法第三十七条、第三十八条", "V"),
    Kind("works_planning", "建设工程规划许可证", "Works planning permit",
         "建字第{region}{year}{serial:05d}号", (*BUILT, "land_area"), None,
         "城乡规划法第四十条", "V"),
    Kind("road_occupation", "临时占用（挖掘）城市道路许可证", "Permit to occupy or dig a road",
         "{region}占道〔{year}〕{serial:05d}号", ("project", "dig_place", "documents"), None,
         "城市道路管理条例第三十一条、第三十三条", "V"),
    Kind("tobacco_licence", "烟草专卖零售许可证", "Tobacco retail licence", "{region}{year}{serial:06d}",
         ("business_address", "representative", "subject_form"), 60,
         "烟草专卖法实施条例第六条", "V"),
    Kind("health_filing", "公共场所卫生备案凭证", "Hygiene filing of a public place",
         "{region}卫公备〔{year}〕{serial:05d}号",
         ("business_address", "representative", "place_type"), None,
         "公共场所卫生管理条例（国务院令第797号修订）", "V"),
    Kind("labour_dispatch", "劳务派遣经营许可证", "Labour dispatch licence",
         "{region}{year}{serial:04d}", ("address", "representative", "capital", "business_items"),
         36, "劳动合同法第五十七条；劳务派遣行政许可实施办法", "V"),
    Kind("human_resources", "人力资源服务许可证", "Human resources service licence",
         "{region}{year}{serial:04d}", ("address", "representative", "business_items"), None,
         "人力资源市场暂行条例第十八条", "V"),
    Kind("transport_licence", "道路运输经营许可证", "Road transport licence",
         "{region}{year}{serial:06d}", ("address", "representative", "business_items"), 48,
         "道路运输条例第二十四条", "U"),
    Kind("drug_licence", "药品经营许可证", "Drug business licence", "{region}药{year}{serial:05d}",
         ("business_address", "representative", "subject_form", "business_items"), 60,
         "药品管理法第五十一条、第五十三条", "V"),
    Kind("device_licence", "医疗器械经营许可证", "Medical device business licence",
         "{region}食药监械经营许{year}{serial:04d}号",
         ("business_address", "representative", "subject_form", "business_items"), 60,
         "医疗器械监督管理条例第四十二条", "V"),
    Kind("hotel_licence", "特种行业许可证（旅馆业）", "Hotel licence", "{region}特旅{year}{serial:04d}号",
         ("place_name", "business_address", "representative", "area"), None,
         "旅馆业治安管理办法第四条；国务院第412号令第36项", "V"),
    Kind("oversize_permit", "超限运输车辆通行证", "Permit of an oversize transport",
         "{region}超{year}{serial:06d}", ("carrier", "vehicles", "route", "transport_time"), None,
         "公路法第五十条；超限运输车辆行驶公路管理规定", "V"),
    Kind("seal_filing", "印章刻制备案凭证", "Filing of a seal", "{region}印备{year}{serial:06d}",
         ("seal_kind",), None, "国务院第412号令；印铸刻字业暂行管理规则", "U"),
    Kind("confirmation", "办理结果确认书", "Confirmation of a result",
         "{region}办结〔{year}〕{serial:05d}号", ("project", "result", "documents"), None,
         "《一件事》定义中的结果", "D"),
)  # fmt: skip
