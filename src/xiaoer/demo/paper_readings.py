"""One paper of the demo is really read: a promise letter of an invented firm, as its people made it."""

from io import BytesIO

from xiaoer.base import files
from xiaoer.demo.ground import FOUNDED, Ground
from xiaoer.papers import actions as papers
from xiaoer.papers.models import PaperKind
from xiaoer.web.press import compile_pdf

_SHEET = """
#set page(width: 420pt, height: 594pt, margin: 50pt)
#set text(font: "Noto Serif SC", size: 13pt, lang: "zh")
#align(center, text(size: 22pt)[告知承诺书])
#v(18pt)
#grid(columns: (auto, 1fr), gutter: 12pt,
  [承诺人：], [济宁松廊酒店管理有限公司],
  [承诺事项：], [公共场所卫生许可],
  [签署日期：], [2026年11月12日])
#v(12pt)
本单位已知悉全部许可条件，现承诺已经具备这些条件，提交的材料真实有效，并接受事后核查。
"""


def read_a_paper(ground: Ground) -> None:
    """Keep the letter and read it."""
    by = ground.by
    pdf = compile_pdf(_SHEET, {})
    file = files.keep_file(by=by, now=FOUNDED, stream=BytesIO(pdf), name="承诺书.pdf")
    kind = PaperKind.objects.get(zone_id=by.zone_id, code="promise_letter")
    papers.read_paper(by=by, now=FOUNDED, file=file, kind=kind)
