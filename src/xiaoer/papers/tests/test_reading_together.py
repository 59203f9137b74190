"""A paper that two jobs come to at the same moment is read once, and both are given that reading."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from conftest import point_django_at
from tests import database as databases
from tests.paper_set import draw, sample
from tests.town import NOW, actor
from xiaoer.base import files
from xiaoer.base.scope import Actor, acting
from xiaoer.config import database
from xiaoer.papers import actions as papers
from xiaoer.papers.models import PaperKind, Reading

PATIENCE = 30


@pytest.fixture
def by(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[Actor]:
    """Somebody of East, in a database of its own where everything is really committed."""
    own = databases.clone(databases.template("town"), f"{databases.PREFIX}_reading_{worker_id}")
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        point_django_at(own.web)
        try:
            yield actor("east-admin")
        finally:
            point_django_at(own.of_database(before).web)
    database.drop_database(own)


def test_two_jobs_at_one_paper_read_it_once(by: Actor) -> None:
    paper = draw("waste_plan", sample("waste_plan", 3), way="pdf")
    with acting(by):
        kind = PaperKind.objects.get(zone_id=by.zone_id, code="waste_plan")
        file = files.keep_file(by=by, now=NOW, stream=BytesIO(paper), name="方案.pdf")
    gate = Barrier(2)

    def job(_number: int) -> int:
        try:
            with acting(by):
                gate.wait(PATIENCE)
                return int(papers.read_paper(by=by, now=NOW, file=file, kind=kind).pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(job, range(2))
    assert first == second
    with acting(by):
        assert Reading.objects.filter(file=file).count() == 1
