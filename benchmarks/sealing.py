"""What does sealing the journal cost the verbs? Bound: at most 5 % of the throughput at 16 clients.

A verb here does the least any verb does to the database: open the scope, add a journal line,
commit; so the share of sealing is at its greatest. Sixteen at once by pgbench, signed in as the web
role. In every second run the sealer works beside them (in service every ten seconds; here every two,
which is harder).
"""

import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.measure import Bench, bench_database, report
from xiaoer.config import postgres

SECONDS, RUNS, CLIENTS, PAUSE = 6, 5, 16, 2.0

VERB = """
begin;
select set_config('role', 'xiaoer_app', true), set_config('x.zone', '{zone}', true),
       set_config('x.party', '', true), set_config('x.post', '{post}', true),
       set_config('x.city', '', true), set_config('x.key', '', true);
insert into journal_line (zone_id, at, person_id, post_id, who, verb, subject_type, subject_id, detail)
values ({zone}, now(), {person}, {post}, '台一 企业服务中心', 'note_progress', 'appeal',
        :client_id, '{{"text": "已到现场，下午给答复"}}');
commit;
"""


def throughput(bench: Bench, script: Path) -> float:
    """Verbs a second."""
    done = subprocess.run(
        [postgres.binaries() / "pgbench", "-n", "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS),
         "-f", script, bench.addresses.web],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
    return float(line.split()[2])


def sealing(folder: Path) -> Callable[[], None]:
    """Start sealing; returns what stops it."""
    from django.db import connection  # noqa: PLC0415  after the database is pointed at
    from django.utils import timezone  # noqa: PLC0415  after the database is pointed at

    from xiaoer.base.sealing import seal_journal  # noqa: PLC0415  after the database is pointed at

    stop = threading.Event()

    def work() -> None:
        while not stop.wait(PAUSE):
            seal_journal(heads_file=folder / "heads", now=timezone.now())
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()

    def finish() -> None:
        stop.set()
        thread.join()

    return finish


def main() -> None:
    with bench_database("sealing") as bench, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "verb.sql"
        with bench.as_owner() as link:
            row = link.execute(
                "select zone_id, id, person_id from post where zone_id is not null"
            ).fetchone()
        assert row is not None
        script.write_text(VERB.format(zone=row[0], post=row[1], person=row[2]), "utf-8")
        with_sealing, without = [], []
        for _run in range(RUNS):
            without.append(throughput(bench, script))
            finish = sealing(folder)
            with_sealing.append(throughput(bench, script))
            finish()
    report(
        "verbs at 16 clients while the journal is sealed",
        "verbs/s",
        median(with_sealing),
        median(without),
        "the same without sealing",
        0.95,
        smaller_is_better=False,
    )


if __name__ == "__main__":
    main()
