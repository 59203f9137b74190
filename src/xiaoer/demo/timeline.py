"""What happens in a zone, told in the order of time, so that the journal reads like life."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

Act = Callable[[datetime], None]


@dataclass
class Timeline:
    """Acts with their moments; ``run`` does them in order of time, then of being added."""

    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)

    def add(self, at: datetime, act: Act) -> None:
        self.acts.append((at, len(self.acts), act))

    def run(self) -> int:
        """Do everything; says how much there was."""
        for at, _number, act in sorted(self.acts, key=lambda entry: entry[:2]):
            act(at)
        return len(self.acts)
