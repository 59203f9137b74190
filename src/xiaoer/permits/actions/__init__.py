"""Actions of permits."""

from xiaoer.permits.actions.acceptance_seeds import seed_acceptance as seed_acceptance
from xiaoer.permits.actions.pack_seeds import bring_entries as bring_entries
from xiaoer.permits.actions.pack_seeds import seed_packs as seed_packs
from xiaoer.permits.actions.thing_seeds import match_office as match_office
from xiaoer.permits.actions.thing_seeds import seed_things as seed_things
