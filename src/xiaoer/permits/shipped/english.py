"""Hints of shipped things in English: the legal words stay Chinese, what an applicant needs does not."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from xiaoer.permits.shipped.shape import Shipped

HINTS: Mapping[str, str] = {
    "可多选。自作出变更决议、决定之日起30日内申请（登记管理条例第二十四条）。":
        "Choose all that apply. Apply within 30 days of the resolution.",
    "对应表未列，按登记事项办理": "Handled as any registered item",
    "只需备案": "Only filed",
    "可多选；都没有的，不勾选直接下一步。": "Choose all that apply; if none does, just go on.",
    "先向迁入地登记机关申请，再搬迁；迁出地不得拒绝移交档案（条例第二十七条、细则第三十五条）。":
        "Apply to the registrar of the new place before you move; the former one must hand over the"
        " files.",
    "应当自批准之日起30日内申请变更登记（条例第二十六条）。":
        "Apply for the change within 30 days of the approval.",
    "通过国家企业信用信息公示系统公告45日，期满后申请（细则第三十六条）。":
        "Announce it on the national system for 45 days, then apply.",
    "应当自变更登记之日起30日内申请分支机构变更（细则第三十一条）。":
        "Branches are changed within 30 days of the registration.",
    "如食品经营、道路运输、公共场所卫生许可证。":
        "Such as a licence for food, road transport or public-place hygiene.",
    "变更名称的须换公章，变更法定代表人的须换法定代表人名章，不必在此选择。":
        "A new name needs a new seal and a new representative a new name seal anyway.",
    "由开户银行预约办理。": "By appointment with your bank.",
    "自该日起30日内申请变更登记。": "Apply within 30 days of it.",
    "可先自主申报保留，也可随变更登记直接申请（细则第三十四条）。":
        "Reserve it first, or apply for it together with the change.",
    "由新任法定代表人签署申请书（细则第三十三条）。": "The new representative signs the application.",
    "公告满45日后方可申请。": "Apply when 45 days have passed since.",
    "逐行填写：姓名或名称，出资额。": "One a line: name, contribution.",
    "逐行填写：职务，姓名，证件号码。": "One a line: office, name, number of the identity document.",
    "逐行填写：章程、经营期限、认缴出资或受益所有人，变更后的内容。":
        "One a line: charter, term, contributions or owners, as they are from now on.",
    "法定代表人、股东、董事、监事、高级管理人员、联络员（细则第十六条）。":
        "Representative, shareholders, directors, supervisors, managers, contact person.",
    "已有电子营业执照的不必提交。": "Not needed where there is an electronic one.",
    "税务机关能够共享的不必提交。": "Not needed where the tax office shares it.",
    "没有的，先一并办理登记；已有的只作核验。":
        "If not, it is registered first in the same application; if so, it is only checked.",
    "解冻、加热、调制、冲泡、摆盘、洗切等，现场核查可以简化":
        "Thawing, reheating, mixing, brewing, plating, washing and cutting; a simpler visit",
    "只需备案，不需许可": "Only filed, no licence",
    "包括商住楼内与居住层相邻的楼层。": "Also floors next to dwellings in a mixed building.",
    "公众聚集场所投入使用、营业前须经消防安全检查；小场所由各地免检，见到的一份表为50平方米以下（未核对，以本地公布为准）。":
        "Public assembly places are checked for fire safety before opening. Small places are exempt"
        " locally; one table says up to 50 m² (not checked: the local notice counts).",
    "材料齐全当场许可，之后抽查": "Granted at once when the papers are complete, checked later",
    "受理之日起10个工作日内检查": "Checked within 10 working days of acceptance",
    "达到限额的，先办消防验收或备案。": "Above the limit, fire acceptance or filing comes first.",
    "餐饮应当设置隔油设施。": "Catering needs a grease trap.",
    "如热食类、冷食类、自制饮品。": "Such as hot food, cold food, drinks made here.",
    "接触直接入口食品的人员须有健康证明。": "Who handles food needs a health certificate.",
    "装修、设备就绪后由您预约，联合核查一次完成。":
        "You book it when all is ready; one combined visit.",
    "由填报内容自动生成，确认即可。": "Made from what you type; you only confirm it.",
    "能够共享电子证照的不必提交。": "Not needed where an electronic one can be shared.",
    "装修达到施工许可限额的，须先办妥。": "Comes first where the fit-out is above the permit limit.",
    "与合同、方案一致": "As in the contract and the plan",
    "多辆之间用顿号隔开": "Separate several by commas",
    "与营业执照一致": "As on the business licence",
    "多人之间用顿号隔开": "Separate several by commas",
    "与营业执照名称或字号一致": "As the name on the business licence",
    "实名认证：法定代表人、股东、董事、监事、高级管理人员、联络员须本人认证并签名（细则第十六条）。":
        "Representative, shareholders, directors, supervisors, managers and contact person identify"
        " themselves and sign.",
    "登记申请材料不齐的，登记机关退回并一次列明，重新申请（细则第十八条）；与行政许可的补正不同。":
        "An incomplete registration is returned with one list of what is lacking, and applied for"
        " anew.",
    "变更住所的，依附场所的许可证（食品经营、公共场所卫生）须重新申请，而不是变更（未核对）。":
        "Licences bound to a place (food, public-place hygiene) are applied for anew when the firm"
        " moves (not checked).",
    "营业执照载明的事项变更的，换发营业执照（条例第二十八条）。":
        "A new business licence is issued when something printed on it changes.",
    "各事项完成后当天一并发放；您也可以选择办好一件先发一件，或者只办其中一项。":
        "All results are issued together on the day the last is done; you may also have each at"
        " once, or apply for a single item.",
    "餐馆、咖啡馆、酒吧、茶座不需要公共场所卫生许可证：2016年起已并入食品经营许可，请勿重复申请。":
        "Restaurants, cafés, bars and teahouses need no hygiene licence: since 2016 it is part of"
        " the food licence.",
    "环境影响登记：餐饮业已移出2021年环评名录，只须遵守油烟规定（未核对）。":
        "No environmental registration; the rules on fumes hold (not checked).",
    "从业人员健康证明、印章、税务、社会保险另行办理，见“企业开办”。":
        "Health certificates, seal, tax and insurance are handled apart, see starting a firm.",
    "现场核查由您在场所就绪后预约，食品、消防、排水一次联合核查，问题一次列清；整改报告后3个工作日内复查。":
        "You book the visit when the place is ready: food, fire and drainage come once, list all"
        " defects once, and look again within 3 working days of your report.",
    "核查不合格的，不停钟：可以整改、撤回，或由许可机关依法作出不予许可决定。":
        "A visit that finds defects stops no clock: mend them, withdraw, or it is refused by law.",
    "取得食品经营许可，并在应当检查时取得消防安全检查许可后，方可营业（消防法第十五条、食品安全法第三十五条）。":
        "Open only with the food licence and, where due, the fire-safety permit.",
}  # fmt: skip


def in_both(shipped: Shipped) -> Shipped:
    """The thing with its hints in English, where they were written."""
    said = shipped.definition
    hints = tuple(HINTS.get(one, "") for one in said.hints)
    return replace(
        shipped,
        definition=replace(
            said,
            questions=_hinted(said.questions),
            fields=_hinted(said.fields),
            materials=_hinted(said.materials),
            hints_en=hints if all(hints) else (),
        ),
    )


def _hinted(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    made = []
    for one in rows:
        more: dict[str, Any] = {"hint_en": HINTS.get(one.hint, "")}
        if getattr(one, "options", ()):
            more["options"] = _hinted(one.options)
        made.append(replace(one, **more))
    return tuple(made)
