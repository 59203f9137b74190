"""The reading process: takes files on its input, one after the other, and answers on its output.

It holds the engine and nothing else: no database, no key, no file. Whoever started it may kill it at
any moment; it ends by itself when its input does. Its argument says how many cores it may use; without
one, all.
"""

import os
import resource
import sys
from typing import Any

from xiaoer.papers.ocr.documents import Unreadable
from xiaoer.papers.ocr.engine import Engine
from xiaoer.papers.ocr.fields import Wanted
from xiaoer.papers.ocr.messages import receive, send
from xiaoer.papers.ocr.reading import read

MOST_MEMORY = 4 * 2**30


def main() -> None:
    """Answer until the input ends. What the engine says aloud goes to the errors, never between."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    engine = Engine(*(int(word) for word in sys.argv[1:2]))
    send(answers, {"ready": True})
    while (asked := receive(sys.stdin.buffer)) is not None:
        told, content = asked
        send(answers, answer(engine, told, content))


def answer(engine: Engine, told: dict[str, Any], content: bytes) -> dict[str, Any]:
    """What was read, or a code of why not."""
    wanted = [
        Wanted(one["code"], one["sort"], tuple(one["labels"]), one["pattern"], one["unit"])
        for one in told["fields"]
    ]
    try:
        return read(engine, content, told["media_type"], wanted).told()
    except Unreadable as reason:
        return {"why": str(reason)}
    except MemoryError:
        return {"why": "too_large"}


if __name__ == "__main__":
    main()
