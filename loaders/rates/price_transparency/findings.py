"""Findings of a file with millions of rows: the first few of each rule one by one, the rest as a count."""

from __future__ import annotations

from dataclasses import dataclass, field

from loaders.source import Finding, Severity

SHOWN = 20


@dataclass
class _Rule:
    severity: Severity
    shown: list[Finding] = field(default_factory=list)
    count: int = 0
    last_position: int | None = None


class FindingLog:
    """Collects findings by rule; every one counts, `SHOWN` of a rule are told with their text."""

    def __init__(self) -> None:
        self._rules: dict[str, _Rule] = {}

    def add(
        self,
        rule: str,
        severity: Severity,
        message: str,
        position: int | None = None,
        raw_text: str | None = None,
    ) -> None:
        entry = self._rules.setdefault(rule, _Rule(severity))
        entry.count += 1
        entry.last_position = position
        if len(entry.shown) < SHOWN:
            entry.shown.append(Finding(rule, severity, message, position=position, raw_text=raw_text))

    def add_more(self, rule: str, severity: Severity, count: int, last_position: int | None) -> None:
        """Counts findings beyond those that were told."""
        if count > 0:
            entry = self._rules.setdefault(rule, _Rule(severity))
            entry.count += count
            entry.last_position = last_position

    def room(self, rule: str) -> int:
        """How many more findings of a rule will be told."""
        return SHOWN - len(self._rules[rule].shown) if rule in self._rules else SHOWN

    @property
    def first_failure(self) -> str | None:
        failures = (rule.shown[0].message for rule in self._rules.values() if rule.severity == "fail" and rule.shown)
        return next(failures, None)

    def findings(self) -> list[Finding]:
        """What was told, and one more finding for the rest of each rule."""
        told: list[Finding] = []
        for name, rule in self._rules.items():
            told += rule.shown
            hidden = rule.count - len(rule.shown)
            if hidden:
                message = f"{hidden:,} more of the same, {rule.count:,} in all; the last at {rule.last_position}."
                told.append(Finding(name, rule.severity, message, position=rule.last_position))
        return told
