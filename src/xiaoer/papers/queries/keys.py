"""Who holds the secret of a paper: asked before any scope is open, answered by the search role."""

import hashlib

from django.db import connection

from xiaoer.base.scope import Actor

LONGEST_SECRET = 64


def hash_of(secret: str) -> str:
    """Under what the code on a paper is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_paper(code: str) -> Actor | None:
    """Whoever holds a paper made here: sees that one licence or notice, and nothing else."""
    if not code.isascii() or len(code) > LONGEST_SECRET:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select * from zone_of_paper(%s)", [hash_of(code)])
        row = cursor.fetchone()
    return None if row is None else Actor(zone_id=row[0], key=hash_of(code))
