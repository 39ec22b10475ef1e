"""The stamp on every page: which data these are, whether they passed their gates, and what is missing from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import streamlit as st
from markupsafe import Markup

from dashboards import formats
from dashboards.home import LastRun, count_waiting_files, last_run
from dashboards.parts.context import Context
from dashboards.snapshot import MissingTableError, Query, Reader

STALE_AFTER = timedelta(hours=36)  # a nightly refresh that was missed once


@dataclass(frozen=True)
class Stamp:
    """What the stamp says; None where the snapshot does not tell."""

    as_of: str
    build: str
    refreshed_at: datetime | None
    gates_passed: int | None
    gates_failed: int | None
    gates_warned: int | None
    files_refused: int | None
    files_waiting: int
    failure: str | None

    def stale_because(self, now: datetime) -> str | None:
        """Why these figures are behind (`now` in UTC); None when they are not."""
        if self.failure is not None:
            return f"the last refresh failed: {self.failure}"
        if self.refreshed_at is not None and now - self.refreshed_at > STALE_AFTER:
            age = (now - self.refreshed_at).days
            return f"last refreshed {age} {'day' if age == 1 else 'days'} ago"
        return None


def read_stamp(context: Context, home: Path) -> Stamp:
    """The stamp of this snapshot; what the refresh did not publish stays None."""
    refresh = _first(context.reader, "select * from marts.rpt_refresh where input_fingerprint is not null limit 1")
    files = _first(context.reader, "select count(*) as refused from marts.rpt_files where status = 'refused'")
    modified = datetime.fromtimestamp(context.reader.snapshot.path.stat().st_mtime, UTC).replace(tzinfo=None)
    built = refresh.get("finished_at") or modified
    last = _last_run(str(home))
    return Stamp(
        as_of=formats.day(context.as_of),
        build=context.reader.snapshot.build,
        refreshed_at=max(built, last.finished_at) if last and last.is_good else built,
        gates_passed=refresh.get("gates_passed"),
        gates_failed=refresh.get("gates_failed"),
        gates_warned=refresh.get("gates_warned"),
        files_refused=files.get("refused"),
        files_waiting=_waiting(str(home), refresh.get("started_at") or built),
        failure=last.message if last and not last.is_good and last.finished_at > built else None,
    )


def show(stamp: Stamp, now: datetime, quality_link: str, files_link: str) -> None:
    """The stamp as one line. What is wrong is said in words and a mark, in red besides."""
    stale = stamp.stale_because(now)
    failed = (stamp.gates_failed or 0) > 0
    parts = [
        Markup("<span><b>As of {}</b></span>").format(stamp.as_of),
        Markup("<span>Build {}</span>").format(stamp.build),
        _part("! Stale" if stale else "✓ Current", stale or "refreshed on time", bad=bool(stale)),
        _gates(stamp, failed, quality_link),
        _link(_files(stamp.files_refused, "refused"), files_link, bool(stamp.files_refused)),
        _link(_files(stamp.files_waiting, "waiting"), quality_link, stamp.files_waiting > 0),
    ]
    state = " bad" if stale or failed else ""
    st.html(
        Markup('<aside class="stamp{}" aria-label="Which data these are">{}</aside>').format(
            state, Markup("").join(parts)
        )
    )


def _gates(stamp: Stamp, failed: bool, link: str) -> Markup:
    if stamp.gates_passed is None:
        return _link("Gates not known", link, warn=False)
    if failed:
        return _link(f"! {formats.counted(stamp.gates_failed, 'gate')} failed", link, warn=True)
    warned = f", {stamp.gates_warned} with a warning" if stamp.gates_warned else ""
    return _link(f"✓ {formats.counted(stamp.gates_passed, 'gate')} passed{warned}", link, warn=False)


def _part(text: str, title: str, bad: bool) -> Markup:
    return Markup('<span class="{}">{}: {}</span>').format("bad" if bad else "good", text, title)


def _link(text: str, address: str, warn: bool) -> Markup:
    return Markup('<a class="{}" href="{}">{}</a>').format("warn" if warn else "plain", address, text)


def _files(number: int | None, state: str) -> str:
    return f"Files {state} not known" if number is None else formats.counted(number, f"file {state}", f"files {state}")


def _first(reader: Reader, sql: str) -> Mapping[str, Any]:
    try:
        return reader.one(Query(sql))
    except MissingTableError:
        return {}


@st.cache_data(ttl=60, max_entries=16, show_spinner=False)
def _waiting(home: str, since: datetime) -> int:
    return count_waiting_files(Path(home), since)


@st.cache_data(ttl=30, max_entries=16, show_spinner=False)
def _last_run(home: str) -> LastRun | None:
    return last_run(Path(home))
