"""Actions of permits."""

from xiaoer.permits.actions.thing_seeds import match_office as match_office
from xiaoer.permits.actions.thing_seeds import seed_things as seed_things
