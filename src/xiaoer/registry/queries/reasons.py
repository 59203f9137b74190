"""Why somebody sees what is seen, as far as the registry knows: enterprises answered or spoken for."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaoer.base.scope import Actor
from xiaoer.registry.models import Party, Stewardship


def why_seen(by: Actor) -> list[str]:
    """In whole sentences, for the page that tells everybody what they may see."""
    if by.party_ref and not by.is_staff:
        name = Party.objects.filter(pk=by.party_ref).values_list("name", flat=True).first()
        return [_("You speak for %(name)s.") % {"name": name}] if name else []
    if not by.is_staff or by.post_id is None:
        return []
    answered = Stewardship.objects.filter(
        zone_id=by.zone_id, post_id=by.post_id, until__isnull=True
    ).count()
    words = ngettext(
        "You answer for %(num)s enterprise.", "You answer for %(num)s enterprises.", answered
    )
    return [words % {"num": answered}] if answered else []
