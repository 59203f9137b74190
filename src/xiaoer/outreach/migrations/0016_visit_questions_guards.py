"""Row security of what is asked and said on visits: an enterprise sees the answers it gave."""

from typing import ClassVar

from django.db import migrations

from xiaoer.base.guard import Guard

# The inner select is itself under row security: only visits to the asker's own enterprise.
OF_MY_VISITS = "visit_id in (select v.id from visit v)"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outreach", "0014_contacts_of_visits")]

    operations: ClassVar = [
        Guard("field_question"),
        Guard("field_choice"),
        Guard("visit_answer", outside=OF_MY_VISITS, staff_verbs=("select", "insert")),
        Guard("visit_interval"),
        Guard("phrase"),
        Guard("finding_word"),
    ]
