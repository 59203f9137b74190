"""增值服务事项: nine services beyond what the law asks for; counted apart from the one things.

The article counts nine and names none, so these names are proposals for the zone to change.
"""

from xiaoer.permits.definition import Definition, Field
from xiaoer.permits.shipped.shape import SINGLE, Shipped, applicant_fields, service

_ADDED = (
    ("added_policy", "政策匹配与代办", "Policies matched", "经发局", "匹配清单", 2),
    ("added_finance", "融资对接", "Financing", "财政金融局", "对接结果", 5),
    ("added_jobs", "用工对接", "Hiring", "人社局", "推荐人选", 5),
    ("added_mark", "商标品牌咨询", "Trade-mark advice", "行政审批局", "咨询意见", 3),
    ("added_law", "法律与合规咨询", "Legal advice", "行政审批局", "咨询意见", 3),
    ("added_chain", "产业链供需对接", "Supply and demand", "经发局", "对接结果", 5),
    ("added_science", "科技成果与专家对接", "Research and experts", "科创中心", "对接结果", 7),
    ("added_listing", "上市培育辅导", "Advice on listing", "财政金融局", "辅导方案", 10),
    ("added_trade", "外贸与出海咨询", "Trade abroad", "经发局", "咨询意见", 5),
)  # fmt: skip


def _thing(code: str, name: str, name_en: str, office: str, result: str, limit: int) -> Shipped:
    return Shipped(
        code,
        name,
        name_en,
        Definition(
            items=(service("serve", name, name_en, office, result, limit=limit),),
            fields=(
                *applicant_fields(),
                Field("need", "具体需求", "long_text", "What is needed"),
                Field("wanted_by", "希望何时答复", "date", "Wanted by", is_needed=False),
            ),
            hints=("增值服务自愿选择，不收费，不影响法定事项的办理。",),
        ),
        office=office,
        kind=SINGLE,
        batch="增值服务事项",
        is_value_added=True,
        summary=f"{name}：{limit}个工作日内答复。",
        summary_en=f"{name_en}: an answer within {limit} working days.",
        source="文章只记9项增值服务事项，未列名称；名称与时限为建议值",
        mark="D",
        note="名称与时限由本区确定。",
    )


THINGS = tuple(_thing(*one) for one in _ADDED)
