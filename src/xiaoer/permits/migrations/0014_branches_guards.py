"""Row security of what a case calls for on its way: official papers, visits and defects."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import _COMPOSITE, KEY, PARTY, Guard

OF_CASE = (
    "case_id in (select c.id from permit_case c"
    f" where (c.party_id = {PARTY} and {KEY} is null) or c.key_hash = {KEY})"
)
OF_VISIT = (
    "visit_id in (select v.id from case_visit v join permit_case c on c.id = v.case_id"
    f" where (c.party_id = {PARTY} and {KEY} is null) or c.key_hash = {KEY})"
)

# The same as ``seed_limits`` gives a new zone.
LIMITS = """
select set_config('x.maintenance', 'on', true);
insert into limit_rule (zone_id, code, name, count, unit, amber_share, is_pausable, source, mark,
                        version)
select z.id, r.code, r.name, r.count, 'working_day', 75, false, r.source, r.mark, 1
from zone z
cross join (values
    ('permit.deliver', '颁发、送达证照', 10, '行政许可法第四十四条', 'V'),
    ('permit.near', '容缺材料到期前提醒', 3, '系统建议值，不是任何机关的规定', 'D'),
    ('permit.recheck', '整改后复核', 3, '系统建议值，不是任何机关的规定', 'D'),
    ('permit.visit', '约定现场核查', 2, '系统建议值，不是任何机关的规定', 'D')
) r (code, name, count, source, mark)
where exists (select from limit_rule l where l.zone_id = z.id)
on conflict do nothing;
select set_config('x.maintenance', '', true);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("permits", "0012_points_guards"), ("work", "0015_levelling_guards")]

    operations: ClassVar = [
        migrations.RunSQL(_COMPOSITE.format(table="permit_case")),
        Guard("case_notice", outside=OF_CASE),
        Guard("case_visit", outside=OF_CASE),
        Guard("case_visit_part", outside=OF_VISIT),
        Guard("case_defect", outside=OF_VISIT),
        migrations.RunSQL(LIMITS),
    ]
