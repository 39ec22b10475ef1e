"""An 835 that says no amount of its payment is in quarantine whole: nothing in it is in a figure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from loaders.landing import Landing
from tests.loaders.x12.x12_text import REMITTANCE, interchange, transaction
from tests.models import dbt_build

HEAD, REST = REMITTANCE[0], [*REMITTANCE[1:], "PLB*1234567893*20251231*WO:X*7"]
AMOUNTS = {"paid": "73", "unreadable": "abc", "missing": ""}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    home: Path = tmp_path_factory.mktemp("home")
    (home / "inbox").mkdir()
    for name, amount in AMOUNTS.items():
        body = [HEAD.replace("*80*", f"*{amount}*"), *(segment.replace("CLAIM-1", name) for segment in REST)]
        (home / "inbox" / f"{name}.835").write_text(interchange(transaction("835", body)))
    with duckdb.connect(str(home / "warehouse.duckdb")) as landed:
        landing = Landing(landed, home / "quarantine", "run")
        landing.prepare()
        assert [outcome.claim_count for outcome in landing.land([home / "inbox"])] == [1, 1, 1]
    dbt_build.build(home, home / "target", "--select", "+fct_remittances", "+fct_provider_adjustments", "+fct_claims")
    with duckdb.connect(str(home / "warehouse.duckdb")) as built:
        yield built


def test_only_the_payment_with_an_amount_is_in_figures(con: duckdb.DuckDBPyConnection) -> None:
    # 80 for the claim less the 7 kept at provider level are the 73 of BPR02.
    payments = con.execute("select payment_amount, claim_paid_amount, is_balanced from marts.fct_remittances")
    assert payments.fetchall() == [(73, 80, True)]
    assert con.execute("select adjustment_amount from marts.fct_provider_adjustments").fetchall() == [(7,)]
    assert con.execute("select claim_id from marts.fct_claims").fetchall() == [("paid",)]
