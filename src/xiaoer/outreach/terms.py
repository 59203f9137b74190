"""What similar requests are found by: pairs of neighbouring characters, and words of other scripts."""

import re
import unicodedata

_RUNS = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+")
# Pairs so common in requests that sharing them says nothing.
_WORTHLESS = frozenset(
    [
        "我们",
        "公司",
        "我司",
        "企业",
        "希望",
        "问题",
        "解决",
        "目前",
        "无法",
        "影响",
        "需要",
        "请求",
        "有限",
        "限公",
        "帮助",
        "协调",
        "尽快",
        "进行",
    ]
)
MOST_TERMS = 600
LONGEST_WORD = 40


def terms_of(title: str, body: str = "") -> list[str]:
    """The terms of a request, each once, in order of writing; the title's come first."""
    plain = unicodedata.normalize("NFKC", f"{title}\n{body}").lower()
    terms: dict[str, None] = {}
    for run in _RUNS.findall(plain):
        for term in _pieces(run):
            if term not in _WORTHLESS:
                terms[term] = None
    return list(terms)[:MOST_TERMS]


def _pieces(run: str) -> list[str]:
    if run.isascii():
        return [run[:LONGEST_WORD]]
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]
