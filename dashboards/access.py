"""Who looks at the pages, and what their role lets them see.

Roles: `viewer` sees figures and rows with names, member ids and control numbers masked; `analyst` sees identified rows;
`admin` sees the audit log besides. The operator maps people to roles in the home's `access.toml`:

    unmapped = "refused"            # or "viewer": someone who logged in and is named nowhere
    without_login = "viewer"        # the role where no login is configured; absent: see `without_login`

    [analyst]                       # each claim of the identity provider with the values that give the role
    email = ["reviewer@clinic.example"]
    groups = ["revenue-integrity"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any

FILE_NAME = "access.toml"
REFUSED = "refused"


class Role(StrEnum):
    """From the least to the most."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    ADMIN = "admin"


class AccessError(Exception):
    """Nobody may be let in; the message says what the operator has to mend."""


@dataclass(frozen=True)
class Access:
    """One person's leave to look. `who` is what the identity provider calls them, or `local`."""

    who: str
    role: Role
    is_logged_in: bool = False

    @property
    def sees_identifiers(self) -> bool:
        return self.role is not Role.VIEWER

    @property
    def sees_audit(self) -> bool:
        return self.role is Role.ADMIN


@dataclass(frozen=True)
class Rules:
    """What `access.toml` says. `granted` maps a role to claims and the values (lower case) that give it."""

    granted: Mapping[Role, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    unmapped: Role | None = None
    without_login: Role | None = None
    is_written: bool = False


def read_rules(home: Path) -> Rules:
    """The home's rules; none where there is no file. Raises AccessError for a file that cannot be understood."""
    try:
        text = (home / FILE_NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Rules()
    except (OSError, UnicodeDecodeError) as error:
        raise AccessError(f"{FILE_NAME} cannot be read. Check its permissions.") from error
    try:
        return _rules(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise AccessError(f"{FILE_NAME} cannot be understood: {error}.") from error


def _rules(said: dict[str, Any]) -> Rules:
    unmapped, without = said.pop("unmapped", REFUSED), said.pop("without_login", None)
    if unmapped not in {REFUSED, Role.VIEWER}:
        raise ValueError("unmapped is refused or viewer")
    if unknown := set(said) - set(Role):
        raise ValueError(f"{', '.join(sorted(unknown))} is no role")
    granted = {Role(name): {claim: _values(claim, given) for claim, given in said[name].items()} for name in said}
    return Rules(
        granted, None if unmapped == REFUSED else Role.VIEWER, None if without is None else Role(without), True
    )


def _values(claim: str, given: Any) -> frozenset[str]:
    if not isinstance(given, list) or not all(isinstance(value, str) for value in given):
        raise ValueError(f"{claim} wants a list of texts")
    return frozenset(value.strip().lower() for value in given)


def of_login(rules: Rules, claims: Mapping[str, Any]) -> Access | None:
    """The access of someone the identity provider vouches for: the highest role a claim gives; None: refused.

    An e-mail address that the provider says is not verified gives nothing, since anyone may have typed it.
    """
    who = next((str(claims[name]) for name in ("email", "preferred_username", "sub") if claims.get(name)), "unnamed")
    for role in reversed(Role):
        for claim, values in rules.granted.get(role, {}).items():
            if claim == "email" and claims.get("email_verified") in (False, "false"):
                continue
            if values & _texts(claims.get(claim)):
                return Access(who, role, is_logged_in=True)
    return Access(who, rules.unmapped, is_logged_in=True) if rules.unmapped else None


def _texts(value: Any) -> set[str]:
    values: Iterable[Any] = value if isinstance(value, (list, tuple, set)) else [value]
    return {str(item).strip().lower() for item in values if item is not None}


def without_login(rules: Rules, address: str | None) -> Access:
    """The access where no login is configured.

    One user on their own machine (`address` is loopback) sees everything. Elsewhere, and where the operator has written
    rules that a missing login would leave without effect, identifiers stay masked unless the rules say otherwise.
    """
    if rules.without_login:
        return Access("local", rules.without_login)
    return Access("local", Role.ADMIN if is_loopback(address) and not rules.is_written else Role.VIEWER)


def is_loopback(address: str | None) -> bool:
    """Whether only this machine can reach the address; no address means all of them."""
    if address == "localhost":
        return True
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False
