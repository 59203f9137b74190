"""What a shipped thing is made of, and the short words the others of this folder are written in."""

from dataclasses import dataclass

from xiaoer.permits.definition import (
    Answer,
    Decides,
    Definition,
    Field,
    Item,
    Option,
    Period,
    Question,
    Single,
    Source,
    Step,
    StepKind,
)

FIRM, PERSON, BOTH = "firm", "person", "both"
ONE_THING, SINGLE = "one_thing", "single"

LICENSING = "行政许可法第四十二条"
DECIDE = Step(StepKind.DECIDE, "审查决定", "Review and decide")
REVIEW = Step(StepKind.REVIEW, "材料审查", "Review the papers")
VISIT = Step(StepKind.SITE_VISIT, "现场核查（两人以上）", "Site visit by two officers")


@dataclass(frozen=True, slots=True)
class Shipped:
    """A thing a new zone begins with. ``office`` leads it; offices are matched to the zone's by
    name. ``source`` and ``mark`` say how well what it says was read; ``note`` what is unverified."""

    code: str
    name: str
    name_en: str
    definition: Definition
    office: str = "行政审批局"
    kind: str = ONE_THING
    target: str = FIRM
    summary: str = ""
    summary_en: str = ""
    batch: str = ""
    is_value_added: bool = False
    basis: str = ""
    source: str = ""
    mark: str = "U"
    note: str = ""


def days(count: int, mark: str = "U", source: str = "", *, more: int = 0) -> Period:
    """So many working days; 0: on the spot."""
    return Period(count, extend_by=more, source=source, mark=mark)


def within(count: int, mark: str = "U", source: str = "") -> Period:
    """So many calendar days."""
    return Period(count, "calendar_day", source=source, mark=mark)


def alone(days: int = 0, papers: int = 0, trips: int = 0, steps: int = 0) -> Single:
    """What an item costs an applicant when handled alone."""
    return Single(days, papers, trips, steps)


def yes_no(code: str, name: str, name_en: str, hint: str = "", applies_if: str = "") -> Question:
    return Question(code, name, Answer.YES_NO, name_en, hint, applies_if=applies_if)


def one_of(
    code: str, name: str, name_en: str, *options: Option, hint: str = "", applies_if: str = ""
) -> Question:
    return Question(code, name, Answer.ONE, name_en, hint, options, applies_if)


def some_of(
    code: str, name: str, name_en: str, *options: Option, hint: str = "", applies_if: str = ""
) -> Question:
    return Question(code, name, Answer.MANY, name_en, hint, options, applies_if)


# What the name of a zone's office says where it has another name than ours.
STEMS: dict[str, tuple[str, ...]] = {
    "行政审批局": ("行政审批", "审批服务", "政务服务"),
    "市场监管局": ("市场监管", "市场监督"),
    "人社局": ("人社", "人力资源", "社会保障"),
    "住建局": ("住建", "住房和城乡", "住房城乡", "建设局"),
    "公安分局": ("公安",),
    "税务局": ("税务",),
    "医保局": ("医保", "医疗保障"),
    "公积金中心": ("公积金",),
    "银行": ("银行",),
    "交通运输局": ("交通",),
    "消防救援大队": ("消防",),
    "综合执法局": ("综合执法", "城市管理", "城管"),
    "烟草专卖局": ("烟草",),
    "供电服务中心": ("供电", "电力"),
    "供水公司": ("供水", "水务"),
    "燃气公司": ("燃气",),
    "通信公司": ("通信", "电信", "联通", "移动"),
    "自然资源分局": ("自然资源", "规划"),
    "生态环境分局": ("生态环境", "环保"),
    "卫健局": ("卫健", "卫生健康"),
    "经发局": ("经发", "经济发展", "经济运行"),
    "科创中心": ("科创", "科技"),
    "财政金融局": ("财政", "金融"),
    "人民法院": ("法院",),
    "文旅局": ("文旅", "文化和旅游"),
}

BY_LAW = days(20, "V", LICENSING, more=10)


def pushed(
    code: str,
    name: str,
    name_en: str,
    office: str,
    authority: str,
    *,
    after: tuple[str, ...] = (),
    result: str = "",
    applies_if: str = "",
) -> Item:
    """An item without papers of its own: data are handed on and the office confirms."""
    return Item(
        code,
        name,
        office,
        Decides.CONFIRM,
        name_en,
        authority=authority,
        statutory=days(1, "U", "推送即办，各地惯例，未见原文"),
        promised=days(1, "D"),
        after=after,
        result=result or f"{name}确认",
        mark="U",
        steps=(Step(StepKind.PUSH, "推送信息并确认", "Push and confirm"),),
        single=alone(1, 2, 1, 3),
        applies_if=applies_if,
    )


def service(
    code: str,
    name: str,
    name_en: str,
    office: str,
    result: str,
    *,
    limit: int = 5,
    after: tuple[str, ...] = (),
    applies_if: str = "",
    steps: tuple[Step, ...] = (),
) -> Item:
    """A public service: nothing is licensed, somebody does something within days."""
    return Item(
        code,
        name,
        office,
        Decides.SERVICE,
        name_en,
        statutory=days(limit, "D", "公共服务，无法定时限；天数为建议值"),
        promised=days(limit, "D"),
        after=after,
        result=result,
        mark="D",
        steps=steps or (Step(StepKind.DECIDE, "办理并答复", "Do it and answer"),),
        single=alone(limit, 1, 1, 2),
        applies_if=applies_if,
    )


def applicant_fields() -> tuple[Field, ...]:
    """Who applies, filled from the registry."""
    registry = Source.REGISTRY
    return (
        Field("firm_name", "单位名称", name_en="Name", source=registry, source_key="name"),
        Field(
            "credit_code",
            "统一社会信用代码",
            "credit_code",
            "Unified credit code",
            source=registry,
            source_key="credit_code",
        ),
        Field(
            "representative",
            "法定代表人（负责人）",
            name_en="Representative",
            source=registry,
            source_key="legal_representative",
        ),
        Field(
            "contact_phone",
            "联系电话",
            "phone",
            "Phone",
            source=registry,
            source_key="contact_phone",
        ),
    )
