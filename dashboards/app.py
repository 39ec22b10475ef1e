"""The dashboards' entry: `python -m streamlit run dashboards/app.py -- --home DIR`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from dashboards.access import Access
from dashboards.audit import AuditError, Trail
from dashboards.filters import Filters
from dashboards.home import SnapshotError, current_snapshot, find_home
from dashboards.parts import entry, filter_bar, layout, stamp
from dashboards.parts.context import Context, enter, find_as_of, payer_names, query_params
from dashboards.site import PAGES
from dashboards.snapshot import Reader

ICON = Path(__file__).parent / "static" / "owed.svg"


def main() -> None:
    """Draws what all pages share, then the page asked for."""
    pages = {
        page.key: st.Page(page.file, title=page.title, url_path=page.path or "summary", default=not page.path)
        for page in PAGES.values()
    }
    chosen = st.navigation(list(pages.values()), position="hidden")
    page = next(key for key, made in pages.items() if made.url_path == chosen.url_path)
    st.set_page_config(page_title=f"{PAGES[page].title} · Owed", page_icon=str(ICON), layout="wide")
    layout.dress()
    home = find_home(sys.argv[1:], os.environ)
    access = entry.admit(home)
    if access is None:
        return
    context = None
    try:
        context = _context(page, home, access)
        layout.navigation(pages, context)
        entry.show(access)
        if context is None:
            _welcome(home)
        else:
            _show(context, home, chosen.run)
    except SnapshotError as error:
        if context is None:
            layout.navigation(pages, None)
        layout.message("The published figures cannot be read", str(error), kind="bad", tag="h1")
    except AuditError as error:
        layout.message("Identified rows are not shown", str(error), kind="bad", tag="h1")


def _show(context: Context, home: Path, run: Callable[[], None]) -> None:
    enter(context)
    stamp.show(
        stamp.read_stamp(context, home),
        datetime.now(UTC).replace(tzinfo=None),
        context.link("quality"),
        context.rows_link(context.select("files", status="refused")),
    )
    run()


def _context(page: str, home: Path, access: Access) -> Context | None:
    snapshot = current_snapshot(home)
    if snapshot is None:
        return None
    reader = Reader(snapshot, Trail(home, access, page, query_params()))
    modified = datetime.fromtimestamp(snapshot.path.stat().st_mtime, UTC)
    context = Context(
        page=page,
        reader=reader,
        filters=Filters.from_query(st.query_params.to_dict()),
        as_of=find_as_of(reader) or modified.date(),
        payer_names=payer_names(reader),
    )
    return filter_bar.with_known_filters(context)


def _welcome(home: Path) -> None:
    layout.message(
        "Nothing is published here yet",
        Markup("The home <code>{}</code> has no published snapshot, so there are no figures to show.").format(home),
        Markup(
            "Put 837 and 835 files, contracts and <code>payers.csv</code> into its <code>inbox</code> folder and run "
            "<code>owed refresh --home {}</code>. To look around with sample data, run <code>owed demo</code>."
        ).format(home),
        "This page shows the figures as soon as the first refresh has published them; load it again then.",
        tag="h1",
    )


main()
