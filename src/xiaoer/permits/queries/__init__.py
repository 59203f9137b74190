"""Queries of permits."""

from xiaoer.permits.queries.editing import Difference as Difference
from xiaoer.permits.queries.editing import ThingFilter as ThingFilter
from xiaoer.permits.queries.editing import ThingRow as ThingRow
from xiaoer.permits.queries.editing import differences as differences
from xiaoer.permits.queries.editing import export_of as export_of
from xiaoer.permits.queries.editing import thing_counts as thing_counts
from xiaoer.permits.queries.editing import thing_rows as thing_rows
from xiaoer.permits.queries.editing import versions_of as versions_of
from xiaoer.permits.queries.things import Guide as Guide
from xiaoer.permits.queries.things import definition_of as definition_of
from xiaoer.permits.queries.things import guide_of as guide_of
from xiaoer.permits.queries.things import offices_of as offices_of
from xiaoer.permits.queries.things import problems_of as problems_of
from xiaoer.permits.queries.things import things as things
from xiaoer.permits.queries.things import version_on as version_on
from xiaoer.permits.queries.things import versions_on as versions_on
