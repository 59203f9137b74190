"""Questions about papers."""

from xiaoer.papers.queries.held import holds, standing, standing_papers
from xiaoer.papers.queries.keys import find_paper

__all__ = ["find_paper", "holds", "standing", "standing_papers"]
