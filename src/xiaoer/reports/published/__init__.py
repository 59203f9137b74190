"""公布数字 What the five articles print: the project's own table of 286 figures, and its words.

Pure data and arithmetic, without a database. No answer is kept here: ours is always a question
over records, asked elsewhere and compared with `matches`.
"""

from xiaoer.reports.published.matching import matches
from xiaoer.reports.published.table import (
    Article,
    Published,
    Sign,
    Standing,
    articles,
    bound_of,
    published_figure,
    published_figures,
    show_printed,
)
from xiaoer.reports.published.words import dimension_words, word

__all__ = [
    "Article",
    "Published",
    "Sign",
    "Standing",
    "articles",
    "bound_of",
    "dimension_words",
    "matches",
    "published_figure",
    "published_figures",
    "show_printed",
    "word",
]
