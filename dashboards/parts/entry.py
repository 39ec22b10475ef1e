"""The door: who opened the page, and what stands there when nobody may come in."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from markupsafe import Markup
from streamlit.errors import StreamlitAuthError, StreamlitMissingAuthlibError

from dashboards.access import Access, AccessError, of_login, read_rules, without_login
from dashboards.parts import layout

_SEES = {
    "viewer": "Names, member ids and control numbers are masked.",
    "analyst": "Rows that name patients are written to the audit log when you see them.",
    "admin": "Rows that name patients are written to the audit log when you see them.",
}


def admit(home: Path) -> Access | None:
    """The access of whoever opened the page; None when what to do stands on it instead."""
    claims = st.user.to_dict()
    try:
        rules = read_rules(home)
    except AccessError as error:
        layout.message("Nobody can be let in", str(error), kind="bad", tag="h1")
        return None
    if "is_logged_in" not in claims:  # Streamlit adds it where a login is configured
        return without_login(rules, st.get_option("server.address"))
    if not claims["is_logged_in"]:
        _login()
        return None
    access = of_login(rules, claims)
    if access is None:
        layout.message(
            "You have no access to these pages",
            "You are logged in, and no role here is yours. Ask whoever runs Owed to name you in access.toml.",
            kind="warn",
            tag="h1",
        )
        st.button("Log out", on_click=st.logout)
    return access


def _login() -> None:
    layout.message("Log in to see these pages", "They hold health information.", tag="h1")
    if not st.button("Log in", type="primary", key="login"):
        return
    try:
        st.login()
    except (StreamlitAuthError, StreamlitMissingAuthlibError) as error:
        layout.message("The login is not set up completely", str(error).splitlines()[0], kind="bad")


def show(access: Access) -> None:
    """At the foot of the menu: as whom the reader looks, and what that means."""
    with st.sidebar:
        st.html(
            Markup('<p class="who"><b>{}</b>, {}<span>{}</span></p>').format(
                access.who, access.role, _SEES[access.role]
            )
        )
        if access.is_logged_in:
            st.button("Log out", on_click=st.logout, type="tertiary")
