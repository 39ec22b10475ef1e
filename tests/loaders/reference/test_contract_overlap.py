"""No two contracts in force may both price one claim; newer content of a file replaces the older."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from loaders.source import LoadResult, Refusal

Land = Callable[..., LoadResult]


def contract(contract_id: str, **changes: str) -> str:
    keys = {
        "payer": "NORTHFIELD",
        "claim_types": "[professional]",
        "effective": "{from: 2025-01-01, to: 2025-12-31}",
        "default": "{method: percent_of_charge, percent: 45}",
    } | changes
    return f"contract: {contract_id}\n" + "".join(f"{key}: {value}\n" for key, value in keys.items())


OVERLAPPING = [
    ({}, {}),
    ({}, {"payer": "northfield"}),
    ({}, {"effective": "{from: 2025-12-31}"}),
    ({"effective": "{from: 2024-01-01}"}, {"effective": "{from: 2030-01-01}"}),
    ({}, {"products": "[PPO]"}),
    ({"products": "[HMO, ppo]"}, {"products": "[PPO]"}),
    ({}, {"providers": "{npis: ['1234567893']}"}),
    ({"providers": "{tax_ids: [12-3456789]}"}, {"providers": "{tax_ids: ['123456789'], npis: ['1234567893']}"}),
    ({"claim_types": "[professional, institutional]"}, {"claim_types": "[dental, institutional]"}),
]
APART = [
    ({}, {"payer": "OTHER"}),
    ({}, {"effective": "{from: 2026-01-01}"}),
    ({}, {"effective": "{from: 2024-01-01, to: 2024-12-31}"}),
    ({"products": "[HMO]"}, {"products": "[PPO]"}),
    ({"providers": "{npis: ['1234567893']}"}, {"providers": "{npis: ['9999999999']}"}),
    ({"providers": "{tax_ids: ['1'], npis: ['1234567893']}"}, {"providers": "{tax_ids: ['1'], npis: ['9999999999']}"}),
    ({}, {"claim_types": "[institutional]"}),
]


@pytest.mark.parametrize(("first", "second"), OVERLAPPING)
def test_an_overlap_is_refused_naming_both(land: Land, first: dict[str, str], second: dict[str, str]) -> None:
    land(contract("ours", **first), "a.contract.yaml")
    with pytest.raises(Refusal, match=r"contract_overlap: .*'theirs'.*'ours'.*a\.contract\.yaml"):
        land(contract("theirs", **second), "b.contract.yaml")


@pytest.mark.parametrize(("first", "second"), OVERLAPPING)
def test_it_does_not_matter_which_came_first(land: Land, first: dict[str, str], second: dict[str, str]) -> None:
    land(contract("theirs", **second), "b.contract.yaml")
    with pytest.raises(Refusal, match=r"contract_overlap: .*'ours'.*'theirs'.*b\.contract\.yaml"):
        land(contract("ours", **first), "a.contract.yaml")


@pytest.mark.parametrize(("first", "second"), APART)
def test_contracts_that_share_no_claim_stand_beside_each_other(
    con: duckdb.DuckDBPyConnection, land: Land, first: dict[str, str], second: dict[str, str]
) -> None:
    land(contract("ours", **first), "a.contract.yaml")
    land(contract("theirs", **second), "b.contract.yaml")
    assert con.execute("select contract_id from raw.contracts order by all").fetchall() == [("ours",), ("theirs",)]


def test_an_id_in_two_files_is_refused_naming_both(land: Land) -> None:
    land(contract("ours"), "a.contract.yaml")
    with pytest.raises(Refusal, match=r"contract_id_twice: b\.contract\.yaml, line 1: .*'ours'.*a\.contract\.yaml"):
        land(contract("ours", effective="{from: 2030-01-01}"), "b.contract.yaml")


def test_an_edited_file_replaces_what_it_said(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(contract("ours"), "a.contract.yaml")
    land(contract("ours", lesser_of="line"), "a.contract.yaml")
    in_force = "select lesser_of from raw.contracts inner join raw.files_in_force using (file_number)"
    assert con.execute(in_force).fetchall() == [("line",)]


def test_a_contract_no_longer_in_force_is_nobodys_rival(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(contract("ours"), "a.contract.yaml")
    land(contract("ours", payer="OTHER"), "a.contract.yaml")
    land(contract("theirs"), "b.contract.yaml")
    assert con.execute("select count(*) from raw.contracts").fetchall() == [(3,)]
