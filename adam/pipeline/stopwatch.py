"""The time that each stage of a run takes; it is printed and never stored."""

from __future__ import annotations

from time import perf_counter


class Stopwatch:
    """Measures stages that follow one another.

    `seconds` has the time of each stage that is over, in order.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = perf_counter()

    def done(self, stage: str) -> None:
        """Note that a stage is over; the next one begins."""
        now = perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._since
        self._since = now
