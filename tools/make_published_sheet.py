"""Makes the sheet of the published indicators that the demo zones import like any other sheet.

Laid out as a statistics office hands such sheets over: a merged title above the heads, notes
below the last row, periods and bounds in the office's own writing. Run it again when the table
of published figures changes.
"""

import sys
from datetime import datetime
from pathlib import Path

import xlsxwriter

from xiaoer.reports.published import (
    Article,
    Published,
    Standing,
    articles,
    dimension_words,
    published_figures,
    word,
)

SHEET = Path(__file__).parents[1] / "src/xiaoer/demo/sheets/published_indicators.xlsx"
TITLE = "济宁三区公布指标汇总表"
NOTES = "说明：数值按原文所印填列，存疑的在备注注明；位次范围见备注；未印年份的为推定。"
HEADS = {
    "区": 24,
    "指标": 30,
    "期间": 18,
    "口径": 8,
    "数值": 12,
    "单位": 10,
    "界限": 6,
    "类别": 8,
    "来源": 34,
    "原文编号": 10,
    "已知日期": 12,
    "备注": 60,
}
ASPECTS = {"growth_yoy": "增速", "rank": "位次", "target": "目标"}
REPORTED = frozenset(
    {
        "urban_new_employment",
        "public_welfare_post_count",
        "export_market_country_count",
        "trade_partner_country_count",
        "crossborder_ecommerce_turnover",
        "enterprise_case_count",
        "enterprise_case_value",
        "loss_recovered_amount",
        "national_high_tech_zone_tier",
    }
)
"""Counted by the zone's own departments; the rest comes from statistics or from recognitions."""
CREATED = datetime(2024, 1, 1)
"""Fixed, so that the same table makes the same file byte for byte."""


def period_words(figure: Published) -> str:
    """2022年, 2022年1-6月, 2024年12月, 截至2023年9月: as offices write periods."""
    start, end = figure.period_start, figure.period_end
    if end is None:
        raise ValueError(f"{figure.id} has no period and cannot stand in a sheet of indicators")
    if start is None:
        return f"截至{end.year}年{end.month}月"
    if (start.month, end.month) == (1, 12):
        return f"{end.year}年"
    if start.month == end.month:
        return f"{end.year}年{end.month}月"
    return f"{end.year}年{start.month}-{end.month}月"


def standing_words(figure: Published) -> str:
    if figure.dimension("basis") == "forecast":
        return "估计"
    return "上报" if figure.metric in REPORTED else "官方"


def remark(figure: Published) -> str:
    parts = [f"{key}：{value}" for key, value in dimension_words(figure, language="zh")]
    if figure.period_note:
        parts.append(word(kind="period_note", key=figure.period_note, language="zh"))
    if figure.doubt_zh:
        parts.append(f"存疑：{figure.doubt_zh}")
    return "；".join(part.rstrip("。") for part in parts)


def cells(figure: Published, article: Article) -> tuple[str | float, ...]:
    return (
        word(kind="zone", key=figure.zone, language="zh"),
        word(kind="metric", key=figure.metric, language="zh"),
        period_words(figure),
        ASPECTS.get(figure.kind, "价值"),
        float(figure.value),
        word(kind="unit", key=figure.unit, language="zh"),
        figure.sign.mark,
        standing_words(figure),
        f"{article.source_zh}《{article.title_zh}》",
        figure.id,
        article.known_on.isoformat(),
        remark(figure),
    )


def make_sheet(path: Path) -> int:
    """Writes the sheet and says how many rows it holds."""
    by_seed = {article.seed: article for article in articles()}
    figures = [figure for figure in published_figures() if figure.standing is Standing.IMPORT]
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": TITLE, "created": CREATED})
        sheet = book.add_worksheet("公布指标")
        title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
        head = book.add_format({"bold": True, "border": 1, "align": "center"})
        sheet.merge_range(0, 0, 0, len(HEADS) - 1, TITLE, title)
        for column, (name, width) in enumerate(HEADS.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(1, column, name, head)
        for line, figure in enumerate(figures, start=2):
            sheet.write_row(line, 0, cells(figure, by_seed[figure.article]))
        sheet.merge_range(len(figures) + 2, 0, len(figures) + 2, len(HEADS) - 1, NOTES)
        sheet.freeze_panes(2, 2)
    return len(figures)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SHEET
    sys.stdout.write(f"{make_sheet(target)} rows in {target.name}\n")
