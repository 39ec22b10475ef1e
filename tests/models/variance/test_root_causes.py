"""Each cause planted once under contracts priced by the real models; the payer's figures are worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb
import pytest

from tests.models.variance.market import Market, schedule

MODELS = (
    "resource_type:seed path:models/intermediate/pricing path:models/intermediate/scenarios"
    " path:models/intermediate/variance path:models/marts/variance"
)


@pytest.fixture(scope="module")
def con(build_models: Any) -> duckdb.DuckDBPyConnection:
    market = Market()
    market.add("int_as_of", as_of_date=date(2025, 12, 31), run_date=date(2025, 12, 31))
    fees = {"term_id": "fees", "method": "fee_schedule"}
    modifiers = {"50": 150, "80": 16, "22": 120}
    schedule(
        market,
        "fees-2025",
        {
            "99213/N": "92.00",
            "99213/F": "70.00",
            "99214/N": "130.00",
            "99215/N": "150.00",
            "99215/F": "100.00",
            "27447": "1200.00",
            "49505": "515.60",
            "29881": "401.37",
            "97110": "30.00",
        },
    )
    schedule(
        market,
        "fees-2024",
        {"99213/N": "88.50", "99215/N": "100.00", "27447": "1150.00"},
        effective_to=date(2024, 12, 31),
    )
    schedule(market, "fees-hmo", {"99213": "81.00", "49505": "460.00"})
    market.contract(
        "ppo-2025", "professional", [{**fees, "schedule_id": "fees-2025"}], product="PPO", modifiers=modifiers
    )
    market.contract(
        "ppo-2024",
        "professional",
        [{**fees, "schedule_id": "fees-2024"}],
        product="PPO",
        effective_from=date(2024, 1, 1),
        effective_to=date(2024, 12, 31),
        modifiers=modifiers,
    )
    market.contract("hmo-2025", "professional", [{**fees, "schedule_id": "fees-hmo"}], product="HMO")
    # A contract that ranks procedures, caps at the charge, agrees sequestration, and whose schedule changed in March.
    schedule(market, "adv", {"27447": "1300.00", "49505": "515.60", "99213": "92.00"}, effective_from=date(2025, 3, 1))
    schedule(market, "adv", {"99213": "85.25"}, effective_from=date(2025, 1, 1), effective_to=date(2025, 2, 28))
    market.contract(
        "advantage",
        "professional",
        [{**fees, "schedule_id": "adv"}],
        product="ADV",
        lesser_of="line",
        ranks=[100, 50],
        modifiers={"80": 16},
        sequestration_percent=2,
    )
    market.contract(
        "hospital",
        "institutional",
        [
            {
                "term_id": "implants",
                "is_carve_out": True,
                "method": "percent_of_charge",
                "percent": 60,
                "match": [("revenue_code", "0274", "0278")],
            },
            {
                "term_id": "total-knee",
                "scope": "claim",
                "method": "case_rate",
                "amount": 24500,
                "match": [("drg", "469", "470")],
            },
            {
                "term_id": "days",
                "method": "per_diem",
                "match": [("revenue_code", "0110", "0179")],
                "tiers": [(3, 2000), (5, 1800), (None, 1200)],
            },
            {
                "term_id": "other",
                "method": "percent_of_charge",
                "percent": 40,
                "match": [("revenue_code", "0250", "0999")],
            },
        ],
        stop_loss_kind="first_dollar",
        stop_loss_threshold=200000,
        stop_loss_percent=50,
    )

    visit = {"code": "99213", "charge": "200.00"}
    knee = {"code": "27447", "charge": "4000.00"}
    hernia = {"code": "49505", "charge": "1800.00"}
    market.claim("stale_contract", [visit], ["88.50"])
    market.claim("stale_schedule", [visit], ["85.25"], plan="ADV")
    market.claim("other_contract", [visit], ["81.00"])
    market.claim("other_setting", [visit], ["70.00"])
    market.claim("recoded", [{"code": "99214", "charge": "300.00"}], ["92.00"], paid={1: {"procedure_code": "99213"}})
    market.claim(
        "recoded_unknown", [{"code": "99214", "charge": "300.00"}], ["60.00"], paid={1: {"procedure_code": "99999"}}
    )
    market.claim("units", [{"code": "97110", "charge": "200.00", "units": 4}], ["90.00"], paid={1: {"units": 3}})
    # 49505 ranks second: half of 515.60 is 257.80; the contract of the PPO has no reduction.
    market.claim("reduced", [knee, hernia], ["1200.00", "257.80"])
    market.claim("reduced_59", [knee, hernia], ["1200.00", "309.36"], cut_59={2: "206.24"})
    market.claim("not_reduced", [knee, hernia], ["1300.00", "515.60"], plan="ADV")
    market.claim("reduced_more", [knee, hernia], ["1300.00", "128.90"], plan="ADV")
    market.claim("modifier", [{**knee, "modifiers": ["50"]}], ["1200.00"])
    market.claim("second_modifier", [{**knee, "modifiers": ["22", "80"]}], ["192.00"])  # 16% of 1200.00, 120% left out
    market.claim("capped", [{"code": "27447", "charge": "1000.00"}], ["1000.00"])
    market.claim("not_capped", [{"code": "27447", "charge": "1000.00"}], ["1300.00"], plan="ADV")
    # 1200.00, of which 200.00 the patient's: 2% of 1000.00 is 20.00.
    market.claim("sequestered", [knee], ["1180.00"], patient="200.00")
    # 515.60 less 4% of it, 20.62; and less 2%, 10.31.
    market.claim("sequestered_twice", [hernia], ["494.98"], plan="ADV")
    plant_wholes(market)
    plant_versions(market)
    market.claim("unexplained", [visit], ["77.77"])
    market.claim("as_expected", [visit], ["92.00"])

    room = {"revenue": "0120", "charge": "30000.00", "units": 6}
    # 3 x 2000 + 2 x 1800 + 1200 = 10800; five days 9600, seven 12000.
    market.claim("days_fewer", [room], ["9600.00"], claim_type="institutional")
    market.claim("days_more", [room], ["12000.00"], claim_type="institutional")
    # The third to fifth of a stay of 2 + 3 days: 2000 + 1800 + 1800; two of them 3800.
    market.claim(
        "days_of_a_line",
        [{**room, "units": 2}, {**room, "units": 3}],
        ["4000.00", "3800.00"],
        claim_type="institutional",
    )
    implant = {"revenue": "0278", "charge": "10000.00"}
    theatre = {"revenue": "0360", "charge": "50000.00"}
    # 24500 + 60% of 10000 = 30500.
    market.claim("carve_out", [theatre, implant], "24500.00", claim_type="institutional", drg="470")
    # Without the case rate: 40% of 50000 + 6000 = 26000.
    market.claim("claim_rate", [theatre, implant], "26000.00", claim_type="institutional", drg="470")
    # 250000 of charges: 50% is 125000; without stop-loss the case rate, 24500.
    market.claim(
        "stop_loss", [{"revenue": "0360", "charge": "250000.00"}], "24500.00", claim_type="institutional", drg="470"
    )
    # 99215: the facility rate is what last year's rate was. This payer has been seen twice at old rates, once at the
    # other setting.
    market.claim("ambiguous", [{"code": "99215", "charge": "400.00"}], ["100.00"])
    plant_common_ratios(market)
    return build_models(market.rows, MODELS)


def plant_wholes(market: Market) -> None:
    """Answers without service lines, of several procedures: one figure has to be explained by all of them."""
    visit, knee, hernia = ({"code": code, "charge": "4000.00"} for code in ("99213", "27447", "49505"))
    # 85.25 until February, 92.00 since; with the hernia 515.60.
    market.claim("stale_whole", [{**visit, "charge": "300.00"}], "85.25", plan="ADV", is_whole=True)
    # Agreed 1300.00 and half of 515.60; paid 1815.60. Not agreed: 1200.00 and half of 515.60, 1457.80.
    market.claim("not_reduced_whole", [knee, hernia], "1815.60", plan="ADV", is_whole=True)
    market.claim("reduced_whole", [knee, hernia], "1457.80", is_whole=True)
    # 1200.00 x 1.2 + 515.60 x 0.16 = 1440.00 + 82.50; without the 80 of the second line 1955.60.
    modified = [{**knee, "modifiers": ["22"]}, {**hernia, "modifiers": ["80"]}]
    market.claim("one_modifier_whole", modified, "1955.60", is_whole=True)
    # More modifiers than are left out one by one: 13 x 1200.00 x 1.2 is 18720.00, all but one of them 18480.00.
    many = [{**knee, "modifiers": ["22"]}] * 13
    market.claim("many_modifiers_whole", many, "18480.00", is_whole=True)
    # In a rank too: agreed 1300.00 x 0.16 = 208.00 and half of 515.60 x 0.16 = 82.50; without the 80 of the second line
    # that is first, 515.60, and the other half of 208.00.
    modified = [{**knee, "modifiers": ["80"]}, {**hernia, "modifiers": ["80"]}]
    market.claim("one_modifier_ranked", modified, ["104.00", "515.60"], plan="ADV")


def plant_versions(market: Market) -> None:
    """Two providers' contracts with one payer, and a schedule that had no rate for a month."""
    schedule(market, "gap", {"99213": "100.00"}, effective_to=date(2025, 1, 31))
    schedule(market, "gap", {"99213": "120.00"}, effective_from=date(2025, 3, 1))
    term = {"term_id": "fees", "method": "fee_schedule", "schedule_id": "gap"}
    market.contract("gap", "professional", [term], product="GAP")
    market.claim("stale_before_a_gap", [{"code": "99213", "charge": "200.00"}], ["100.00"], plan="GAP")
    # Ours until May at 100%; another provider's until June at 200%; ours since July at 120%.
    schedule(market, "group", {"99213": "50.00"})
    for contract, npi, percent, first, last in (
        ("ours-1", "1999000101", 100, date(2024, 1, 1), date(2024, 5, 31)),
        ("theirs", "1999000102", 200, date(2024, 1, 1), date(2024, 6, 30)),
        ("ours-2", "1999000101", 120, date(2024, 7, 1), date(2025, 12, 31)),
    ):
        term = {"term_id": "fees", "method": "fee_schedule", "schedule_id": "group", "percent": percent}
        market.contract(contract, "professional", [term], product="GROUP", effective_from=first, effective_to=last)
        market.add("stg_reference__contract_providers", contract_id=contract, id_type="npi", provider_id=npi)
    market.claim("own_version", [{"code": "99213", "charge": "200.00"}], ["50.00"], plan="GROUP", npi="1999000101")
    # The facility rate, which is what was charged: more than agreed, so no cap at the charge explains it.
    schedule(market, "places", {"99213/N": "200.00", "99213/F": "500.00"})
    term = {"term_id": "fees", "method": "fee_schedule", "schedule_id": "places"}
    market.contract("places", "professional", [term], product="PLACES")
    market.claim("setting_at_charge", [{"code": "99213", "charge": "500.00"}], ["500.00"], plan="PLACES")


def plant_common_ratios(market: Market) -> None:
    """Three contracts with twelve lines each, ten of them at 90% of our price to the cent, two at odd figures.

    In `one_right` one of the odd ones is as expected; in `too_few` there are nine at 90% alone.
    """
    for name, others in (("mis_keyed", ["11.11", "22.22"]), ("one_right", ["120.00", "22.22"]), ("too_few", [])):
        market.contract(name, "professional", [{"term_id": "keyed", "method": "fee_schedule", "schedule_id": name}],
                        product=name)  # fmt: skip
        count = 9 if name == "too_few" else 10
        for number in range(count):
            code, rate = f"7{number:04d}", Decimal("50.37") + number * Decimal("13.11")
            schedule(market, name, {code: str(rate)})
            allowed = (rate * Decimal("0.9")).quantize(Decimal("0.01"), ROUND_HALF_UP)
            market.claim(f"{name}_{number}", [{"code": code, "charge": "900.00"}], [str(allowed)], plan=name)
        schedule(market, name, {"80053": "120.00"})
        for number, allowed in enumerate(others):
            market.claim(f"{name}_other_{number}", [{"code": "80053", "charge": "900.00"}], [str(allowed)], plan=name)


def cause(con: duckdb.DuckDBPyConnection, key: str) -> list[tuple[Any, ...]]:
    return con.execute(
        "select line_number, root_cause from marts.fct_payment_variances"
        " where claim_key = ? and root_cause is not null order by line_number",
        [key],
    ).fetchall()


@pytest.mark.parametrize(
    ("key", "line", "root_cause"),
    [
        ("stale_contract", 1, "stale_rate"),
        ("stale_schedule", 1, "stale_rate"),
        ("other_contract", 1, "wrong_schedule"),
        ("other_setting", 1, "wrong_setting"),
        ("recoded", 1, "recoded"),
        ("recoded_unknown", 1, "recoded"),
        ("units", 1, "units_changed"),
        ("reduced", 2, "multiple_procedure_reduction"),
        ("reduced_59", 2, "multiple_procedure_reduction"),
        ("not_reduced", 2, "multiple_procedure_reduction"),
        ("reduced_more", 2, "multiple_procedure_reduction"),
        ("modifier", 1, "modifier_ignored"),
        ("second_modifier", 1, "modifier_ignored"),
        ("capped", 1, "lesser_of"),
        ("not_capped", 1, "lesser_of"),
        ("sequestered", 1, "sequestration"),
        ("sequestered_twice", 1, "sequestration"),
        ("unexplained", 1, "unexplained"),
        ("days_fewer", 1, "per_diem_days"),
        ("days_more", 1, "per_diem_days"),
        ("days_of_a_line", 2, "per_diem_days"),
        ("carve_out", 0, "carve_out_unpaid"),
        ("claim_rate", 0, "claim_rate_missed"),
        ("stop_loss", 0, "stop_loss_missed"),
        ("stale_whole", 0, "stale_rate"),
        ("not_reduced_whole", 0, "multiple_procedure_reduction"),
        ("reduced_whole", 0, "multiple_procedure_reduction"),
        ("one_modifier_whole", 0, "modifier_ignored"),
        ("many_modifiers_whole", 0, "unexplained"),
        ("stale_before_a_gap", 1, "stale_rate"),
        ("own_version", 1, "stale_rate"),
        ("setting_at_charge", 1, "wrong_setting"),
    ],
)
def test_cause_is_the_alternative_that_gives_the_payers_figure(
    con: duckdb.DuckDBPyConnection, key: str, line: int, root_cause: str
) -> None:
    assert cause(con, key) == [(line, root_cause)]


def test_a_modifier_left_out_of_one_line_moves_its_rank(con: duckdb.DuckDBPyConnection) -> None:
    assert (2, "modifier_ignored") in cause(con, "one_modifier_ranked")


def test_what_is_paid_as_agreed_has_no_cause(con: duckdb.DuckDBPyConnection) -> None:
    assert cause(con, "as_expected") == []


@pytest.mark.parametrize(
    ("key", "detail"),
    [
        ("recoded", "the price of the code paid (99214 billed, 99213 paid): 92.00"),
        ("recoded_unknown", "the price of the code paid (99214 billed, 99999 paid), which the contract does not price"),
        ("units", "the price of the units paid (4 billed, 3 paid): 90.00"),
        ("stale_contract", "the price under the previous version, ppo-2024: 88.50"),
        ("days_fewer", "the price of 5 instead of 6 days: 9,600.00"),
        ("unexplained", "nearest is the price under another contract, hmo-2025: 81.00"),
    ],
)
def test_detail_names_the_alternative_and_its_figure(con: duckdb.DuckDBPyConnection, key: str, detail: str) -> None:
    found = con.execute("select root_cause_detail from marts.fct_payment_variances where claim_key = ?", [key])
    assert found.fetchall() == [(detail,)]


def test_of_several_exact_causes_the_one_the_payer_shows_most(con: duckdb.DuckDBPyConnection) -> None:
    assert cause(con, "ambiguous") == [(1, "stale_rate")]
    exact = con.execute(
        "select distinct root_cause from intermediate.int_variance_alternatives"
        " where claim_key = 'ambiguous' and is_exact"
    ).fetchall()
    assert sorted(exact) == [("stale_rate",), ("wrong_setting",)]


@pytest.mark.parametrize(
    ("contract_id", "causes"),
    [
        ("mis_keyed", [("contract_load_suspect", 10), ("unexplained", 2)]),
        ("one_right", [("unexplained", 11)]),
        ("too_few", [("unexplained", 9)]),
    ],
)
def test_common_ratio_on_a_term_is_our_own_rate(
    con: duckdb.DuckDBPyConnection, contract_id: str, causes: list[tuple[str, int]]
) -> None:
    found = con.execute(
        "select root_cause, count(*) from marts.fct_payment_variances"
        " where contract_id = ? and root_cause is not null group by root_cause order by root_cause",
        [contract_id],
    ).fetchall()
    assert found == causes


def test_alternatives_are_kept_and_the_one_it_rests_on_is_marked(con: duckdb.DuckDBPyConnection) -> None:
    found = con.execute(
        "select root_cause, alternative_amount, is_exact, is_chosen from marts.fct_variance_alternatives"
        " where claim_key = 'other_contract' and is_chosen or claim_key = 'unexplained' and is_chosen"
    ).fetchall()
    assert found == [("wrong_schedule", Decimal("81.00"), True, True)]
    considered = con.execute(
        "select count(*), count(*) filter (is_exact) from marts.fct_variance_alternatives"
        " where claim_key = 'unexplained'"
    ).fetchone()
    # Previous version at its dates and today, the other contract, the other setting, sequestration.
    assert considered is not None
    assert considered[0] >= 4
    assert considered[1] == 0
