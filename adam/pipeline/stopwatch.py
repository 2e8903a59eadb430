"""The time that each stage of a run takes; it is printed and never stored."""

from __future__ import annotations

from collections.abc import Mapping
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

    def done_together(self, shares: Mapping[str, float]) -> None:
        """Note that stages are over that did not follow one another: each has its share of the time.

        >>> watch = Stopwatch()
        >>> watch.done_together({"derive": 3.0, "check": 1.0})
        >>> round(watch.seconds["derive"] / watch.seconds["check"], 6)
        3.0
        """
        now, total = perf_counter(), sum(shares.values()) or 1.0
        whole, self._since = now - self._since, now
        for stage, share in shares.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + whole * share / total
