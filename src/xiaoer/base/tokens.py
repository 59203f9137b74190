"""What a token may do, and the only thing that is kept of it."""

import hashlib

READ, WRITE = "read", "write"
SCOPES = (READ, WRITE)


def token_hash(token: str) -> str:
    """Only this is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
