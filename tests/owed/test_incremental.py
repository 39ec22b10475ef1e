"""A refresh of the changed claims alone publishes what a build of everything would, row for row.

The files of a sample home arrive in a shuffled order, in parts: late files, corrections before what they correct,
files sent again, a contract changed in the past, a contract removed; the last weeks' files last. After each arrival
nothing but the changed claims is built; in the end the same warehouse is built whole.
"""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from owed import changed, quarantine, snapshots
from owed.errors import OwedError
from owed.home import Home
from owed.progress import Reporter
from owed.refresh import Request, refresh
from owed.sample.generator import generate
from tests.owed.conftest import Nodes

# What is dated from here on arrives last: the as-of date moves on over two month ends.
LAST_WEEKS = "2025-11-20"
# Each refresh has its own rows in these.
OF_THE_RUN = {"rpt_refresh", "rpt_data_quality"}
WARNED_OF = ("int_early_answers", "int_misstated_amounts", "int_unanswered_lines", "int_unbalanced_claims")


@dataclass
class Site:
    """A home and the files that have not arrived in it yet, in the order they will; `late` is of transactions."""

    home: Home
    sample: Path
    waiting: list[Path]
    late: Path

    def arrive(self, count: int) -> None:
        for path in self.waiting[:count]:
            self.put(path)
        del self.waiting[:count]

    def put(self, path: Path) -> None:
        target = self.home.inbox / path.relative_to(self.sample)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)

    def refresh(self) -> dict[str, object]:
        """Runs a refresh; returns what its log says of the scope."""
        run = refresh(Request(self.home), Reporter())
        log = (self.home.runs / f"{run.run_id}.log").read_text(encoding="utf-8")
        return next(entry for entry in map(json.loads, log.splitlines()) if entry["event"] == "scope")

    def as_of(self) -> str:
        """The as-of date of what is published."""
        return str(snapshots.as_of(self.home))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A home as built from half of the files, where any share of the claims may be built alone."""
    root = tmp_path_factory.mktemp("incremental")
    generate(root / "sample", claims=300, seed=11)
    sample = root / "sample" / "inbox"
    transactions = sample / "accounts" / "account_transactions.csv"
    header, *rows = transactions.read_text(encoding="utf-8").splitlines()
    transactions.unlink()
    posted = header.split(",").index("posted_date")
    earlier = [row for row in rows if row.split(",")[posted] < LAST_WEEKS]
    later = [row for row in rows if row.split(",")[posted] >= LAST_WEEKS]
    for number, part in enumerate((later, earlier[::3], earlier[1::3], earlier[2::3])):
        path = transactions.with_name(f"transactions-{number}.csv")
        path.write_text("\n".join([header, *part]) + "\n", encoding="utf-8")
    files = sorted(path for path in sample.rglob("*") if path.is_file())
    arriving = [path for path in files if path.parent.name in ("claims", "remittances", "accounts")]
    random.Random(5).shuffle(arriving)
    arriving.sort(key=lambda path: path.parent.name != "accounts" and path.name >= LAST_WEEKS)
    home = Home(root / "home")
    home.create()
    late = transactions.with_name("transactions-0.csv")
    arriving.remove(late)
    site = Site(home, sample, arriving, late)
    for path in set(files) - {*arriving, late}:
        site.put(path)
    site.arrive(len(arriving) // 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changed, "MOST_CHANGED", 1.0)
        patch.setenv("OWED_TODAY", "2026-01-15")
        assert site.refresh()["all_because"] == "there is no build yet"
        yield site


def difference(site: Site) -> dict[str, int]:
    """Rows by table that a build of everything publishes, or warns of, otherwise, in a copy of the home."""
    copy = Home(site.home.root.with_name("whole"))
    shutil.rmtree(copy.root, ignore_errors=True)
    shutil.copytree(site.home.root, copy.root)
    refresh(Request(copy, full=True), Reporter())
    with duckdb.connect() as con:
        for name, home in (("parts", site.home), ("whole", copy)):
            snapshot = snapshots.current(home)
            assert snapshot is not None
            con.execute(f"attach '{snapshot.path}' as {name} (read_only)")
            con.execute(f"attach '{home.warehouse}' as {name}_warehouse (read_only)")
        found = con.execute("select table_name from duckdb_tables() where database_name = 'whole'").fetchall()
        tables = {name for (name,) in found}
        assert "fct_account_ledger" in tables
        compared = {table: (f"parts.marts.{table}", f"whole.marts.{table}") for table in tables - OF_THE_RUN}
        # What a test warns of is kept by changes too, and published as a number alone.
        for table in WARNED_OF:
            compared[table] = (f"parts_warehouse.intermediate.{table}", f"whole_warehouse.intermediate.{table}")
        differing = {}
        for table, (parts, whole) in compared.items():
            (count,) = con.execute(
                f"select count(*) from ((from {parts} except all from {whole})"
                f" union all (from {whole} except all from {parts}))"
            ).fetchall()[0]
            differing[table] = count
    return {table: count for table, count in differing.items() if count}


def test_late_files_files_sent_again_and_contracts_changed_in_the_past(site: Site) -> None:
    site.arrive(len(site.waiting) // 3)
    assert site.refresh()["all_because"] is None

    sent = next(path for path in sorted(site.home.inbox.rglob("*.835")))
    # The same payment in other bytes: a duplicate for the models, whichever of the two counts.
    (site.home.inbox / "again.835").write_bytes(sent.read_bytes() + b"\n")
    contract = site.home.inbox / "contracts" / "garrison-professional.contract.yaml"
    text = contract.read_text(encoding="utf-8")
    head, _, _ = text.partition("\nexamples:")
    contract.write_text(head.replace("percent: 100\n", "percent: 104\n") + "\n", encoding="utf-8")
    before = prices(site, "GARRISON")
    assert site.refresh()["all_because"] is None
    assert prices(site, "GARRISON") != before

    (site.home.inbox / "contracts" / "oakdent-dental.contract.yaml").unlink()
    site.arrive(len(site.waiting) // 4)
    broken = site.home.inbox / "zz.837"
    broken.write_text("ISA*00*", encoding="utf-8")
    assert site.refresh()["all_because"] is None
    assert prices(site, "OAKDENT") == []

    # A refused file is to be tried again: what then lands is new, though numbers of files are given once more.
    assert [entry.file for entry in quarantine.replay(site.home, [])] == [broken.name]
    broken.unlink()
    site.arrive(len(site.waiting) // 3)
    assert site.refresh()["all_because"] is None

    # Account transactions alone: no claim is priced or compared anew, though weeks pass.
    assert site.as_of() < LAST_WEEKS
    site.put(site.late)
    assert site.refresh()["all_because"] is None
    assert site.as_of() > "2025-12-01"
    with duckdb.connect(str(site.home.warehouse), read_only=True) as con:
        listed = "select count(*) from changed.claim_key union all select count(*) from changed.account_claim_key"
        (claims,), (accounts,) = con.execute(listed).fetchall()
    assert claims == 0
    assert accounts > 0
    assert difference(site) == {}


def test_what_is_said_of_another_account_or_of_a_payment_explains_a_credit_of_the_past(site: Site) -> None:
    """Month ends that are past keep their credits; these two are said of no claim, or of another one."""
    with duckdb.connect(str(site.home.warehouse), read_only=True) as con:
        settled = """
            select claims.claim_key, min(claims.claim_id) as claim_id, min(claims.patient_key) as patient_key
            from intermediate.int_claims as claims
            inner join intermediate.int_account_totals as totals on claims.claim_key = totals.claim_key
            where is_in_ledger
            group by claims.claim_key
            having max(totals.from_date) < '2025-10-01' and arg_max(totals.balance_amount, totals.from_date) = 0
        """
        overpaid, other = con.execute(
            f"select one.claim_id, other.claim_id from ({settled}) as one inner join ({settled}) as other "
            "on one.patient_key = other.patient_key and one.claim_key <> other.claim_key order by all limit 1"
        ).fetchall()[0]
        remitted = [claim for (claim,) in con.execute(f"select claim_id from ({settled}) order by all").fetchall()]
    answers = [path.read_text(encoding="utf-8") for path in sorted(site.home.inbox.rglob("*.835"))]
    said = "".join(answers)
    once = [claim for claim in remitted if said.count(f"CLP*{claim}*") == 1 and claim not in (overpaid, other)]
    answered = {text: [claim for claim in once if f"CLP*{claim}*1*" in text] for text in answers}
    answer = next(text for text, claims in answered.items() if len(claims) > 1 and text.count("ST*835*") == 1)
    by_patient_number, by_payer_number, *_ = answered[answer]
    taken_back = [by_patient_number, by_payer_number]
    payer_number = re.findall(rf"CLP\*{by_payer_number}\*(?:[^*]*\*){{5}}([^*~]*)", answer)[0]
    asked = (
        "select claim_id, cause from marts.fct_credit_history "
        "where list_contains(?, claim_id) and as_of_date = '2025-11-30'"
    )

    def causes() -> dict[str, str]:
        with snapshots.open_current(site.home) as con:
            return dict(con.execute(asked, [[overpaid, *taken_back]]).fetchall())

    accounts = site.home.inbox / "accounts"
    header = "transaction_id,claim_id,posted_date,transaction_type,amount\n"
    paid = [f"P{claim},{claim},2025-10-10,patient_payment,12.34\n" for claim in (overpaid, *taken_back)]
    (accounts / "paid.csv").write_text(header + "".join(paid), encoding="utf-8")
    assert site.refresh()["all_because"] is None
    assert causes() == dict.fromkeys((overpaid, *taken_back), "patient_overpayment")

    # The other account now owes to the cent what was paid too much; the payer took money back and named the claims.
    (accounts / "refunded.csv").write_text(f"{header}R1,{other},2025-10-20,patient_refund,12.34\n", encoding="utf-8")
    before, _, _ = answer.partition("LX*1~")
    before = re.sub(r"BPR\*[^~]*~", "BPR*H*0*C*NON************20251015~", before)
    before = re.sub(r"TRN\*1\*[^*]*\*", "TRN*1*TAKENBACK1*", before)
    taken = f"WO:{by_patient_number}*5*WO:{payer_number.lower()} -*6*FB*-11"
    adjustments = f"PLB*1999000023*20251231*{taken}~\n"
    segments = before[before.index("ST*") :].count("~") + 2
    group, interchange = (re.findall(rf"{name}\*1\*(\d+)~", answer)[-1] for name in ("GE", "IEA"))
    closing = f"SE*{segments}*0001~\nGE*1*{group}~\nIEA*1*{interchange}~\n"
    (site.home.inbox / "taken_back.835").write_text(before + adjustments + closing, encoding="utf-8")
    assert site.refresh()["all_because"] is None
    assert causes() == {overpaid: "misposted_payment"} | dict.fromkeys(taken_back, "unposted_recoupment")
    assert difference(site) == {}


def test_a_claim_known_from_a_payment_is_touched_when_its_provider_is_told_of(site: Site) -> None:
    """Its tax id may be known from the provider's bills alone: the first in order of those they name."""
    remittances, claims = (sorted(site.home.inbox.rglob(f"*.{kind}")) for kind in ("835", "837"))
    answers = (path.read_text(encoding="utf-8") for path in remittances)
    named = next(
        text
        for text in answers
        if text.count("CLP*") == text.count("N1*PE*") == text.count("REF*TJ*") == 1 and "PLB" not in text
    )
    named = re.sub(r"TRN\*1\*[^*]*\*", "TRN*1*NOTOURS*", re.sub(r"CLP\*[^*]*\*", "CLP*NOTOURS*", named))
    named = re.sub(r"(N1\*PE\*[^~]*\*XX\*)\d*", r"\g<1>1999009990", named)
    answer = re.sub(r"REF\*TJ\*[^~]*~\n?", "", named)
    segments = answer[answer.index("ST*") : answer.index("SE*")].count("~") + 1
    answer = re.sub(r"SE\*\d*\*", f"SE*{segments}*", answer)
    bills = (path.read_text(encoding="utf-8") for path in claims)
    bill = re.sub(r"(NM1\*85\*[^~]*\*XX\*)\d*", r"\g<1>1999009990", next(text for text in bills if "REF*EI*" in text))
    tax_id = re.findall(r"REF\*EI\*(\d+)", bill)[0]
    asked = "select billing_tax_id from intermediate.int_claims where claim_id = 'NOTOURS'"
    touched = "select count(*) from changed.claim_id where claim_id = 'NOTOURS'"

    def after(name: str, text: str) -> list[tuple[object, ...]]:
        (site.home.inbox / name).write_text(text, encoding="utf-8")
        assert site.refresh()["all_because"] is None
        with duckdb.connect(str(site.home.warehouse), read_only=True) as con:
            return con.execute(asked).fetchall() + con.execute(touched).fetchall()

    assert after("not_ours.835", answer) == [(None,), (1,)]
    assert after("told.837", re.sub(r"CLM\*", "CLM*T", bill)) == [(tax_id,), (1,)]
    assert after("told_again.837", re.sub(r"CLM\*", "CLM*A", bill))[1] == (0,)
    # The first of several is the provider's.
    lower = bill.replace(f"REF*EI*{tax_id}", "REF*EI*100000001")
    assert after("told_of_another.837", re.sub(r"CLM\*", "CLM*B", lower)) == [("100000001",), (1,)]
    # Answered again, with no bill on that day.
    answered_again = answer.replace("TRN*1*NOTOURS*", "TRN*1*NOTOURS2*")
    assert after("not_ours_again.835", answered_again) == [("100000001",), (1,)]
    # What the payer itself says of its payee stands above the claims of its file; then a later answer does not say it.
    named = re.sub(r"REF\*TJ\*[^~]*", "REF*TJ*100000002", named)
    named = re.sub(r"BPR\*([^~]*)\*\d{8}~", r"BPR*\1*20250102~", named.replace("*NOTOURS*", "*NOTOURS3*", 1))
    assert after("named.835", named) == [("100000002",), (1,)]
    later = answered_again.replace("TRN*1*NOTOURS2*", "TRN*1*NOTOURS4*")
    assert after("not_ours_once_more.835", later) == [("100000002",), (1,)]


def test_what_is_warned_of_comes_and_goes(site: Site) -> None:
    """An answer that is dated before its bill, of an amount that does not add up; then an earlier bill comes."""
    answers = (path.read_text(encoding="utf-8") for path in sorted(site.home.inbox.rglob("*.835")))
    bills = [path.read_text(encoding="utf-8") for path in sorted(site.home.inbox.rglob("*.837"))]
    answer, claim, bill = next(
        (answer, claim, bill)
        for answer in answers
        for claim in re.findall(r"CLP\*(HF\d+)\*1\*", answer)
        for bill in bills
        if answer.count("CLP*") == 1 and "AMT*B6*" in answer and f"CLM*{claim}*" in bill
    )
    early = re.sub(r"TRN\*1\*[^*]*\*", "TRN*1*EARLY*", answer).replace(claim, f"E{claim}")
    early = re.sub(r"BPR\*([^~]*)\*\d{8}~", r"BPR*\1*20250102~", early)
    early = re.sub(r"AMT\*B6\*[^~]*~", "AMT*B6*0.01~", early, count=1)
    billed = bill.replace("CLM*", "CLM*E")
    (date,) = set(re.findall(r"BHT\*0019\*00\*[^*]*\*(\d{8})", billed))

    def after(**files: str) -> tuple[int, ...]:
        """The claim's rows: early postings, and amounts misstated."""
        for name, text in files.items():
            path = site.home.inbox / f"{name}.{'835' if 'CLP*' in text else '837'}"
            path.write_text(text, encoding="utf-8")
        assert site.refresh()["all_because"] is None
        rows = []
        with duckdb.connect(str(site.home.warehouse), read_only=True) as con:
            for table in ("int_early_answers", "int_misstated_amounts"):
                asked = (
                    f"select count(*) from intermediate.{table} inner join intermediate.int_claims using (claim_key)"
                    " where claim_id = ?"
                )
                rows += con.execute(asked, [f"E{claim}"]).fetchall()[0]
        return tuple(rows)

    postings, misstated = after(billed=billed, early=early)
    assert postings > 0
    assert misstated > 0
    with snapshots.open_current(site.home) as con:
        warned = con.execute(
            "select check_name from marts.rpt_data_quality where status = 'warn' order by all"
        ).fetchall()
    assert {("ledger_payers_answer_after_the_bill",), ("variance_stated_allowed_is_the_computed",)} <= set(warned)
    # What is not touched is warned of still.
    told = "\n".join(
        ["transaction_id,claim_id,posted_date,transaction_type,amount", "N1,NOBODY,2025-12-01,statement_sent,0"]
    )
    (site.home.inbox / "accounts" / "nobody.csv").write_text(told + "\n", encoding="utf-8")
    assert after() == (postings, misstated)
    assert after(billed_before=billed.replace(f"*{date}*", "*20241230*")) == (0, misstated)


def test_the_rest_and_what_needs_everything(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.arrive(len(site.waiting))
    # A payer that no list names, and known by its name alone.
    unheard = (site.home.inbox / "not_ours.835").read_text(encoding="utf-8").replace("CLP*NOTOURS*", "CLP*UNHEARD*")
    unheard = re.sub(r"N1\*PR\*[^~]*~", "N1*PR*UNHEARD FICTIONAL~", re.sub(r"REF\*2U\*[^~]*~\n?", "", unheard))
    unheard = re.sub(r"TRN\*1\*[^~]*~", "TRN*1*UNHEARD1*1999999999~", unheard)
    unheard = unheard.replace("N1*PE", "REF*NF*98765~\nN1*PE", 1)  # no code of a payer's in a remittance
    (site.home.inbox / "unheard.835").write_text(unheard, encoding="utf-8")
    damage(site.home)
    assert site.refresh()["all_because"] is None
    snapshot = snapshots.current(site.home)
    assert snapshot is not None
    snapshots.verify(snapshot.path)
    # A file of transactions leaves, and comes back; some of them another file has too.
    path = next(path for path in site.sample.rglob("transactions-2.csv"))
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    repeated = [row for row in rows if ",patient_payment," in row][:3]
    (site.home.inbox / "accounts" / "repeated.csv").write_text("\n".join([header, *repeated]) + "\n", encoding="utf-8")
    all_posted = posted(site, path)
    assert all_posted > 3
    (site.home.inbox / "accounts" / path.name).unlink()
    assert site.refresh()["all_because"] is None
    assert posted(site, path) == 3
    site.put(path)
    assert site.refresh()["all_because"] is None
    assert posted(site, path) == all_posted

    with duckdb.connect(str(site.home.warehouse), read_only=True) as con:
        settled = con.execute(
            "select claim_id from intermediate.int_claims inner join intermediate.int_account_totals using (claim_key)"
            " where is_in_ledger group by claim_id having max(from_date) < '2025-10-01' order by claim_id"
        ).fetchall()[0][0]

    # One of two that say something of a transaction leaves; of it nothing else was known yet.
    future, present = site.home.inbox / "accounts" / "a_future.csv", site.home.inbox / "accounts" / "b_present.csv"
    future.write_text(f"{header}\nFUTURE,NOBODY,2026-12-01,patient_payment,5.00,,\n", encoding="utf-8")
    told = f"FUTURE,{settled},2025-11-06,patient_payment,7.00,,\nPRESENT,NOBODY,2025-11-06,statement_sent,0,,\n"
    present.write_text(f"{header}\n{told}", encoding="utf-8")
    again = unheard.replace("UNHEARD1*", "UNHEARD3*").replace("CLP*UNHEARD*", "CLP*UNHEARD3*")
    (site.home.inbox / "unheard_again.835").write_text(again, encoding="utf-8")
    assert site.refresh()["all_because"] is None
    assert posted(site, present) == 0
    future.unlink()
    assert site.refresh()["all_because"] is None
    assert posted(site, present) == 1

    # Time passes, and nothing is said of a denial that may be appealed: through its last day, and no longer.
    asked = "select claim_key, appeal_deadline_date from marts.fct_denials where outcome = 'open' and {} order by 2, 1"
    with snapshots.open_current(site.home) as con:
        denied, last_day = con.execute(asked.format(f"appeal_deadline_date > '{site.as_of()}'")).fetchall()[0]

    def outcomes(as_of: date) -> set[tuple[str]]:
        """What is published of the denied claim after a statement to nobody moved the as-of date."""
        monkeypatch.setenv("OWED_TODAY", as_of.isoformat())
        statement = f"{header}\nT{as_of},NOBODY,{as_of},statement_sent,0,,\n"
        (site.home.inbox / "accounts" / f"{as_of}.csv").write_text(statement, encoding="utf-8")
        assert site.refresh()["all_because"] is None
        assert site.as_of() == as_of.isoformat()
        with snapshots.open_current(site.home) as con:
            found = con.execute(
                "select outcome from marts.fct_denials where claim_key = ? and appeal_deadline_date = ?",
                [denied, last_day],
            )
            return set(found.fetchall())

    # Meanwhile a payment is posted in a month in which its account has no other, and is taken away again.
    once = site.home.inbox / "accounts" / "once.csv"
    once.write_text(f"{header}\nONCE,{settled},2025-11-05,patient_payment,1.00,,\n", encoding="utf-8")
    assert outcomes(last_day) == {("open",)}
    assert posted(site, once) == 1
    once.unlink()
    assert outcomes(last_day + timedelta(days=1)) == {("past_deadline",)}
    assert difference(site) == {}

    # The payer's code comes in the second place it can stand in: it is the payer's of all its claims.
    coded = unheard.replace("UNHEARD1*", "UNHEARD2*").replace("CLP*UNHEARD*", "CLP*UNHEARD2*")
    (site.home.inbox / "coded.835").write_text(coded.replace("N1*PE", "REF*2U*UNH99~\nN1*PE", 1), encoding="utf-8")
    assert site.refresh()["all_because"] == "a payer is known by another code now"
    with snapshots.open_current(site.home) as con:
        asked = "select distinct payer_id from marts.fct_claims where claim_id like 'UNHEARD%'"
        assert con.execute(asked).fetchall() == [("UNH99",)]

    payers = site.home.inbox / "payers.csv"
    payers.write_text(payers.read_text(encoding="utf-8").replace("commercial", "other", 1), encoding="utf-8")
    assert site.refresh()["all_because"] == "payers or rates changed"


def damage(home: Home) -> None:
    """Writes nonsense over what the current snapshot holds, here and there."""
    snapshot = snapshots.current(home)
    assert snapshot is not None
    snapshot.path.chmod(0o600)
    with snapshot.path.open("r+b") as handle:
        for eighth in range(1, 8):
            handle.seek(snapshot.path.stat().st_size * eighth // 8)
            handle.write(b"damage" * 100)
    snapshot.path.chmod(0o400)
    with pytest.raises(OwedError, match="damaged"):
        snapshots.verify(snapshot.path)


def prices(site: Site, payer: str) -> list[tuple[object, ...]]:
    """The payer's priced claims."""
    with snapshots.open_current(site.home) as con:
        return con.execute(
            "select claim_id, expected_allowed_amount from marts.fct_claims "
            "where payer_id = ? and expected_allowed_amount is not null order by all",
            [payer],
        ).fetchall()


def posted(site: Site, transactions: Path) -> int:
    """How many postings the file's transactions made."""
    with transactions.open(encoding="utf-8", newline="") as file:
        ids = [row["transaction_id"] for row in csv.DictReader(file)]
    with snapshots.open_current(site.home) as con:
        asked = "select count(*) from marts.fct_account_ledger where list_contains(?, source_id)"
        return int(con.execute(asked, [ids]).fetchall()[0][0])


def test_contracts_hold_in_the_warehouse(site: Site, nodes: Nodes) -> None:
    """What a contract says is never null is so for DuckDB too, built whole or by changes."""
    promised = {
        (node.alias, column.name)
        for node in nodes.values()
        if node.resource_type == "model" and node.config.contract.enforced
        for column in node.columns.values()
        if any(constraint.type == "not_null" for constraint in column.constraints)
    }
    assert ("fct_claims", "claim_key") in promised
    with duckdb.connect(str(site.home.warehouse), read_only=True) as con:
        held = con.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and not is_nullable"
        ).fetchall()
    assert promised <= set(held)
