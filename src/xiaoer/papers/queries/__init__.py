"""Questions about papers."""

from xiaoer.papers.queries.held import holds as holds
from xiaoer.papers.queries.held import standing as standing
from xiaoer.papers.queries.held import standing_papers as standing_papers
from xiaoer.papers.queries.keys import find_paper as find_paper
from xiaoer.papers.queries.readings import crop as crop
from xiaoer.papers.queries.readings import fields_of as fields_of
from xiaoer.papers.queries.readings import page_picture as page_picture
from xiaoer.papers.queries.readings import sign_words as sign_words
from xiaoer.papers.queries.readings import why_words as why_words
