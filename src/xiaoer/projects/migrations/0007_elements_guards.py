"""Row security of answers that moved; a limit says from when a day counts as near."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import _COMPOSITE, KEY, Guard

# Needs and promises guard themselves, so that only its own are read by an enterprise.
OF_ANSWER = (
    f"{KEY} is null and (need_id in (select n.id from element_need n)"
    " or promise_id in (select p.id from zone_promise p))"
)
# The same as ``seed_limits`` gives a new zone: the product's own proposal, for the zone to change.
NEAR = """
select set_config('x.maintenance', 'on', true);
insert into limit_rule (zone_id, code, name, count, unit, amber_share, is_pausable, source, mark,
                        version)
select z.id, 'element.near', '要素与承诺到期前提醒', 7, 'calendar_day', 75, false,
       '系统建议值，不是任何机关的规定', 'D', 1
from zone z
where exists (select from limit_rule l where l.zone_id = z.id)
on conflict do nothing;
select set_config('x.maintenance', '', true);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("projects", "0004_entering_guards")]

    operations: ClassVar = [
        migrations.RunSQL(_COMPOSITE.format(table="element_need")),
        Guard("day_move", outside=OF_ANSWER, staff_verbs=("select", "insert")),
        migrations.RunSQL(NEAR),
    ]
