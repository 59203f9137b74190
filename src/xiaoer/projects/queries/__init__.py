"""Questions of projects."""

from xiaoer.projects.queries.investing import COUNTED_BY as COUNTED_BY
from xiaoer.projects.queries.investing import Completion as Completion
from xiaoer.projects.queries.investing import Share as Share
from xiaoer.projects.queries.investing import YearMoney as YearMoney
from xiaoer.projects.queries.investing import completion as completion
from xiaoer.projects.queries.investing import month_rows as month_rows
from xiaoer.projects.queries.investing import year_money as year_money
