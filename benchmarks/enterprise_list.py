"""Does the list of enterprises cost the same among a million as among 2,500?

All the questions of the page: fifty lines, what to filter by, the capped count; the first page in
three orders and the one after it, and one section alone.
"""

from benchmarks.measure import compare
from benchmarks.stock import Stock, stock
from xiaoer.base.scope import Actor, acting
from xiaoer.registry import queries
from xiaoer.registry.queries import EnterpriseFilter

ORDERS = ("name", "-registered_on", "-capital")


def pages(by: Actor) -> None:
    """The questions of the page, in each order, and the page after the first."""
    with acting(by):
        queries.filter_choices(by=by)
        for sort in ORDERS:
            shown = queries.enterprise_page(by=by, filters=EnterpriseFilter(), sort=sort)
            queries.enterprise_page(by=by, filters=EnterpriseFilter(), sort=sort, after=shown.after)
        queries.enterprise_page(by=by, filters=EnterpriseFilter(section="C"))


def main() -> None:
    stocked: Stock = stock()
    compare(
        "enterprise_list",
        "ms",
        lambda: pages(stocked.large),
        lambda: pages(stocked.small),
        "the same pages among 2,500",
        2,
    )


if __name__ == "__main__":
    main()
