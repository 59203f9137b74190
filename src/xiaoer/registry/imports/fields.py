"""What a sheet of enterprises may hold, under which headings, and how each cell is read."""

from collections.abc import Mapping

from xiaoer.base.tables import Converter, Doubtful, Field
from xiaoer.registry.codes import (
    CreditCode,
    OldNumber,
    is_whole_code,
    read_credit_code,
    read_industry,
)
from xiaoer.registry.models import Party

STATUS_WORDS: Mapping[str, object] = {
    "存续": Party.Status.OPERATING,
    "在业": Party.Status.OPERATING,
    "在营": Party.Status.OPERATING,
    "开业": Party.Status.OPERATING,
    "正常": Party.Status.OPERATING,
    "存续（在营、开业、在册）": Party.Status.OPERATING,
    "存续(在营、开业、在册)": Party.Status.OPERATING,
    "停业": Party.Status.SUSPENDED,
    "歇业": Party.Status.SUSPENDED,
    "停产": Party.Status.SUSPENDED,
    "迁出": Party.Status.MOVED_OUT,
    "已迁出": Party.Status.MOVED_OUT,
    "吊销": Party.Status.REVOKED,
    "吊销未注销": Party.Status.REVOKED,
    "注销": Party.Status.CANCELLED,
    "已注销": Party.Status.CANCELLED,
}

FIELDS = (
    Field(
        "name",
        "企业名称",
        "Enterprise name",
        ("名称", "单位名称", "企业全称", "公司名称", "主体名称", "市场主体名称"),
        required=True,
        max_length=120,
    ),
    Field(
        "credit_code",
        "统一社会信用代码",
        "Unified social credit code",
        ("信用代码", "社会信用代码", "统一代码", "注册号", "工商注册号", "统一社会信用代码/注册号"),
        kind="code",
    ),
    Field(
        "industry",
        "行业代码",
        "Industry class",
        ("行业", "国民经济行业代码", "行业小类", "行业分类", "GB/T4754"),
        kind="industry",
    ),
    Field(
        "status",
        "经营状态",
        "Status",
        ("登记状态", "企业状态", "状态", "存续状态"),
        kind="choice",
        choices=STATUS_WORDS,
    ),
    Field(
        "capital",
        "注册资本",
        "Registered capital",
        ("注册资金", "注册资本金", "认缴资本"),
        kind="money",
        unit="万元",
    ),
    Field(
        "registered_on",
        "成立日期",
        "Registered on",
        ("注册日期", "登记日期", "注册时间", "成立时间"),
        kind="date",
    ),
    Field(
        "address", "地址", "Address", ("注册地址", "住所", "企业地址", "经营地址"), max_length=200
    ),
    Field("business", "经营范围", "Business scope", ("业务范围", "主营业务"), max_length=4000),
    Field(
        "legal_representative",
        "法定代表人",
        "Legal representative",
        ("法人", "法人代表", "负责人", "法定代表人姓名"),
        max_length=60,
    ),
    Field("contact_name", "联系人", "Contact", ("企业联系人", "联系人姓名"), max_length=60),
    Field(
        "contact_phone",
        "联系电话",
        "Contact phone",
        ("电话", "手机", "联系方式", "企业电话", "联系人电话"),
        kind="phone",
    ),
    Field("park", "所属园区", "Park", ("园区", "园区名称"), max_length=60),
    Field("grid", "总网格", "Grid", ("所属总网格", "一级网格"), max_length=60),
    Field(
        "cell",
        "单元网格",
        "Cell",
        ("网格", "所属网格", "所属单元网格", "网格编码", "二级网格"),
        max_length=60,
    ),
    Field(
        "officer", "包保干部", "Officer", ("包保人", "网格员", "责任人", "服务专员"), max_length=60
    ),
)


def _code(cell: object, _unit: str | None = None, /) -> object:
    if type(cell) is str and is_whole_code(cell):
        return CreditCode(cell)
    code = read_credit_code(cell)
    if code is not None and code.warnings:
        return Doubtful(code, "；".join(str(warning) for warning in code.warnings))
    return code


def _industry(cell: object, _unit: str | None = None, /) -> object:
    return read_industry(cell)


CONVERTERS: Mapping[str, Converter] = {"code": _code, "industry": _industry}

__all__ = ["CONVERTERS", "FIELDS", "CreditCode", "OldNumber"]
