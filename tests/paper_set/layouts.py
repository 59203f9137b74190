"""What stands on a paper of each kind, as blocks that a picture and a PDF are both made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from xiaoer.papers.ocr.numerals import in_capitals
from xiaoer.papers.shipped import KINDS

Row = tuple[str, str]


@dataclass(frozen=True)
class Block:
    """A title, rows of label and value, a paragraph, a table, a line on the right, or a drawing."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """The blocks of a paper, its size in points of the picture, and whose seal is on it."""

    blocks: tuple[Block, ...]
    size: tuple[int, int] = (1240, 1754)
    seal: str = "示范印章"
    serif: bool = True


def day(value: str) -> str:
    """2026-11-03 as papers write it: 2026年11月3日."""
    try:
        on = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{on.year}年{on.month}月{on.day}日"


def lay_out(kind_code: str, values: Mapping[str, str]) -> Sheet:
    """The sheet of a kind; kinds without a layout of their own are rows under their name."""
    maker = _LAYOUTS.get(kind_code)
    if maker is not None:
        return maker(values)
    kind = next(kind for kind in KINDS if kind.code == kind_code)
    rows = tuple((field.name, _plain(field.sort, values[field.code])) for field in kind.fields)
    said = rows or tuple((code, value) for code, value in values.items())
    return Sheet((Block("title", kind.name), Block("rows", rows=said)), seal=values.get("name", ""))


def _plain(sort: str, value: str) -> str:
    return day(value) if sort == "date" else value


def _rows(*rows: Row) -> Block:
    return Block("rows", rows=rows)


def _words(values: Mapping[str, str], code: str, unit: str) -> str:
    """The amount in digits, with its unit, and in capital numerals behind it."""
    said = values.get(f"{code}_in_words", values[code])
    return f"{values[code]}{unit}（大写：{in_capitals(int(float(said)))}{unit}）"


def _business_licence(v: Mapping[str, str]) -> Sheet:
    return Sheet(
        (
            Block("title", "营业执照"),
            Block("centre", "（副本）"),
            _rows(
                ("统一社会信用代码", v["credit_code"]),
                ("名称", v["name"]),
                ("类型", v["type"]),
                ("法定代表人", v["legal_person"]),
                ("注册资本", in_capitals(int(v["capital"])) + "元整"),
                ("成立日期", day(v["founded_on"])),
                ("住所", v["domicile"]),
                ("经营范围", v["scope"]),
            ),
            Block("right", "登记机关"),
            Block("right", day(v["founded_on"])),
        ),
        size=(1754, 1240),
        seal="示范市场监督管理局",
    )


def _waste_contract(v: Mapping[str, str]) -> Sheet:
    return Sheet(
        (
            Block("title", "建筑垃圾处置运输合同"),
            _rows(
                ("合同编号", v["number"]),
                ("甲方（委托方）", v["client"]),
                ("乙方（承运方）", v["carrier"]),
                ("工程名称", v["project"]),
            ),
            Block("para", "第一条　甲方为本项目建筑垃圾的产生单位，乙方持有道路运输经营许可证。"),
            Block(
                "para", "第二条　甲方委托乙方将本项目产生的建筑垃圾运至核准的消纳场所，乙方应使用密闭"
                "车辆并开启行驶记录装置。"
            ),
            Block(
                "para", f"第三条　运输总量为{_words(v, 'volume', '立方米')}，运输期限自"
                f"{day(v['starts_on'])}至{day(v['ends_on'])}。",
            ),
            Block("para", f"第四条　运输路线：{v['route']}，每日20时至次日5时运输。"),
            Block("para", f"第五条　消纳场所：{v['site']}。"),
            Block("para", f"第六条　运输费用共计{_words(v, 'fee', '元')}，按实际运量结算。"),
            Block("para", "第七条　乙方按实际运量逐车开具联单，甲方、乙方、消纳场三方签认后结算。"),
            _rows(("甲方签章", "____________"), ("乙方签章", "____________"),
                  ("签订日期", day(v["signed_on"]))),
        ),
        seal=v["carrier"],
    )  # fmt: skip


def _waste_plan(v: Mapping[str, str]) -> Sheet:
    return Sheet(
        (
            Block("title", "建筑垃圾分类处理方案"),
            _rows(
                ("建设单位", v["builder"]),
                ("工程名称", v["project"]),
                ("工程地址", v["project_address"]),
                ("产生总量", f"{v['volume']}立方米"),
            ),
            Block(
                "table",
                rows=(
                    ("类别", "数量", "去向"),
                    ("工程渣土", f"{v['soil']}立方米", "运至消纳"),
                    ("混凝土块", f"{v['concrete']}立方米", "破碎回用"),
                    ("金属", f"{v['metal']}立方米", "回收"),
                    ("木材", f"{v['wood']}立方米", "回收"),
                ),
            ),
            _rows(("资源化利用量", f"{v['reused']}立方米"), ("消纳场所", v["site"]),
                  ("运输路线", v["route"])),
            Block("para", f"运输时间：自{day(v['starts_on'])}至{day(v['ends_on'])}。"),
        ),
        seal=v["builder"],
    )  # fmt: skip


def _site_permit(v: Mapping[str, str]) -> Sheet:
    return Sheet(
        (
            Block("title", "建筑垃圾消纳场许可证"),
            _rows(
                ("许可编号", v["number"]),
                ("消纳场名称", v["name"]),
                ("运营单位", v["operator"]),
                ("消纳场地址", v["address"]),
                ("核准容量", f"{v['capacity']}立方米"),
                ("发证日期", day(v["issued_on"])),
                ("有效期至", day(v["valid_until"])),
            ),
        ),
        seal="示范行政审批服务局",
    )


def _transport_licence(v: Mapping[str, str]) -> Sheet:
    return Sheet(
        (
            Block("title", "道路运输经营许可证"),
            _rows(
                ("经营许可证号", f"{v['number']}号"),
                ("业户名称", v["name"]),
                ("地址", v["address"]),
                ("经营范围", v["scope"]),
                ("发证日期", day(v["issued_on"])),
                ("有效期至", day(v["valid_until"])),
            ),
        ),
        seal="示范交通运输局",
    )


def _hygiene_report(v: Mapping[str, str]) -> Sheet:
    return Sheet(
        (
            Block("title", "公共场所卫生检测报告"),
            _rows(
                ("报告编号", v["number"]),
                ("委托单位", v["client"]),
                ("检测地点", v["address"]),
                ("检测机构", v["tester"]),
                ("资质证书编号", v["tester_number"]),
                ("检测日期", day(v["tested_on"])),
            ),
            Block(
                "table",
                rows=(
                    ("检测项目", "检测结果", "限值"),
                    ("二氧化碳", f"{v['carbon_dioxide']}%", "0.10%"),
                    ("甲醛", f"{v['formaldehyde']}mg/m³", "0.10mg/m³"),
                    ("空气细菌总数", f"{v['bacteria']}CFU/m³", "4000CFU/m³"),
                ),
            ),
            _rows(("检测结论", v["verdict"]), ("报告日期", day(v["reported_on"]))),
        ),
        seal=v["tester"],
        serif=False,
    )


def _health_certificate(v: Mapping[str, str]) -> Sheet:
    return Sheet(
        (
            Block("title", "从业人员健康证明"),
            _rows(
                ("姓名", v["name"]),
                ("证号", v["number"]),
                ("从业类别", v["work"]),
                ("从业单位", v["employer"]),
                ("发证日期", day(v["issued_on"])),
                ("有效期至", day(v["valid_until"])),
            ),
        ),
        size=(1240, 874),
        seal="示范体检中心",
        serif=False,
    )


def _lease(v: Mapping[str, str]) -> Sheet:
    return Sheet(
        (
            Block("title", "房屋租赁合同"),
            _rows(
                ("出租方（甲方）", v["landlord"]),
                ("承租方（乙方）", v["tenant"]),
                ("房屋坐落", v["address"]),
                ("建筑面积", f"{v['area']}平方米"),
            ),
            Block(
                "para", f"第一条　租赁期限自{day(v['starts_on'])}至{day(v['ends_on'])}，"
                "期满后同等条件下乙方优先承租。",
            ),
            Block("para", f"第二条　年租金为{_words(v, 'rent', '元')}，按季支付。"),
            Block("para", "第三条　乙方用于经营，改变用途须经甲方书面同意。"),
            _rows(("签订日期", day(v["signed_on"]))),
        ),
        seal=v["landlord"],
    )  # fmt: skip


def _id_card(v: Mapping[str, str]) -> Sheet:
    return Sheet(
        (
            _rows(
                ("姓名", v["name"]),
                ("性别", "女　　民族　汉"),
                ("出生", day(v["born_on"])),
                ("住址", v["address"]),
                ("公民身份号码", v["number"]),
            ),
        ),
        size=(1240, 780),
        seal="样本无效",
        serif=False,
    )


def _power_of_attorney(v: Mapping[str, str]) -> Sheet:
    return Sheet(
        (
            Block("title", "授权委托书"),
            _rows(
                ("委托人", v["principal"]),
                ("受托人", v["agent"]),
                ("受托人身份证号", v["agent_number"]),
                ("委托事项", v["matters"]),
                ("委托期限至", day(v["valid_until"])),
            ),
            Block("para", "受托人在上述期限和事项内的行为由委托人承担法律责任。"),
            _rows(("签署日期", day(v["signed_on"]))),
        ),
        seal=v["principal"],
    )


def _promise_letter(v: Mapping[str, str]) -> Sheet:
    return Sheet(
        (
            Block("title", "告知承诺书"),
            _rows(
                ("承诺人", v["promiser"]),
                ("统一社会信用代码", v["credit_code"]),
                ("承诺事项", v["matter"]),
            ),
            Block(
                "para", "本单位已知悉全部许可条件，现承诺已经具备这些条件，提交的材料真实有效，"
                "并接受事后核查。",
            ),
            _rows(("签署日期", day(v["signed_on"]))),
        ),
        seal=v["promiser"],
    )  # fmt: skip


def _floor_plan(v: Mapping[str, str]) -> Sheet:
    return Sheet(
        (
            Block("title", "场所平面布局图"),
            Block("drawing"),
            _rows(
                ("场所名称", v["name"]),
                ("场所地址", v["address"]),
                ("使用面积", f"{v['area']}平方米"),
                ("绘制日期", day(v["drawn_on"])),
            ),
        ),
        size=(1754, 1240),
        seal=v["name"],
        serif=False,
    )


_LAYOUTS: dict[str, Callable[[Mapping[str, str]], Sheet]] = {
    "business_licence": _business_licence,
    "waste_contract": _waste_contract,
    "waste_plan": _waste_plan,
    "site_permit": _site_permit,
    "transport_licence": _transport_licence,
    "hygiene_report": _hygiene_report,
    "health_certificate": _health_certificate,
    "lease": _lease,
    "id_card": _id_card,
    "power_of_attorney": _power_of_attorney,
    "promise_letter": _promise_letter,
    "floor_plan": _floor_plan,
}
