"""The truth kept beside the inbox: what the generator decided, as CSV tables in `truth/`, written as it goes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO

from owed.sample.adjudication import Adjudication, LineOutcome, adjustment_class
from owed.sample.book import Book
from owed.sample.claim_text import Submission
from owed.sample.deviations import SUSPECT, counts
from owed.sample.encounter import Encounter
from owed.sample.ledger import Account
from owed.sample.life import Life
from owed.sample.money import plain
from owed.sample.outcomes import denials_of
from owed.sample.pricer import Price
from owed.sample.standing import credit_of, patient_balance_of
from owed.sample.written import Payment, Written

COLUMNS = {
    "claims": "claim_id,origin,claim_type,payer_id,payer_class,secondary_payer_id,contract_id,scenario,"
    "service_from_date,service_to_date,first_submitted_date,charge_amount,expected_allowed_amount,"
    "latest_allowed_amount,payer_paid_amount,patient_paid_amount,balance_amount,primary_balance_amount,"
    "secondary_balance_amount,patient_balance_amount",
    "claim_lines": "claim_id,line_number,procedure_code,modifiers,revenue_code,units,service_date,charge_amount,"
    "expected_allowed_amount,term_id",
    "payment_variances": "claim_id,line_number,payer_id,contract_id,term_id,remit_date,charge_amount,"
    "expected_allowed_amount,allowed_amount,variance_amount,variance_class,root_cause",
    "denials": "claim_id,line_number,payer_id,denial_date,group_code,reason_code,remark_codes,is_initial,"
    "denied_amount,outcome,outcome_date,recovered_amount,appeal_deadline_date,is_outcome_certain",
    "credit_balances": "claim_id,credit_amount,cause,owner,owner_payer_id,is_true_overpayment,identified_date,"
    "first_credit_date,is_cause_certain",
    "patient_balances": "claim_id,balance_amount,first_owed_date,statements_sent,last_statement_date,"
    "last_payment_date,plan_status",
    "account_ledger": "claim_id,posted_date,posting_type,responsibility,amount",
    "remittances": "file_name,payer_id,trace_number,payment_date,payment_amount,claim_paid_amount,"
    "provider_adjustment_amount,is_duplicate",
    "provider_adjustments": "payer_id,trace_number,payment_date,adjustment_code,reference_id,adjustment_amount",
    "files": "file_name,kind,status,transaction_count,claim_count,service_line_count,adjustment_count,charge_amount,"
    "paid_amount",
}
SUSPECT_LINES = 10
"""Fewer adjudicated lines than this and a wrong rate of ours cannot be told from the payer's error."""


class Truth:
    """Open CSV files, one a table. `write` takes claims one by one, so memory does not grow with them."""

    def __init__(self, folder: Path, book: Book) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.book = book
        self.calendar = book.calendar
        self.tables: dict[str, IO[str]] = {}
        self.suspects: list[str] = []
        self.suspect_count = 0
        for table, columns in COLUMNS.items():
            self.tables[table] = (folder / f"{table}.csv").open("w", encoding="utf-8")
            self.tables[table].write(columns + "\n")

    def __enter__(self) -> Truth:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for row in self.suspects:
            self.tables["payment_variances"].write(f"{row},unexplained\n")
        for stream in self.tables.values():
            stream.close()

    def row(self, table: str, *values: str) -> None:
        self.tables[table].write(",".join(values) + "\n")

    def write_files(self, written: Iterable[Written]) -> None:
        for file in written:
            if file.is_copy:
                self.row("files", file.name, file.kind, "duplicate", *("",) * 6)
                continue
            if not file.transactions:
                self.row("files", file.name, file.kind, "loaded", *("",) * 6)
                continue
            figures = map(str, (file.transactions, file.claims, file.service_lines, file.adjustments))
            self.row("files", file.name, file.kind, "loaded", *figures, plain(file.charge), plain(file.paid))

    def write_payments(self, payments: Iterable[Payment]) -> None:
        for payment in payments:
            date = self.calendar.iso(payment.day)
            adjusted = sum(adjustment.amount for adjustment in payment.adjustments)
            head = (payment.payer, payment.trace, date)
            amounts = (plain(payment.amount), plain(payment.claim_paid), plain(adjusted))
            self.row("remittances", payment.file, *head, *amounts, flag(payment.is_duplicate))
            for adjustment in () if payment.is_duplicate else payment.adjustments:
                found = (adjustment.code, adjustment.reference, plain(adjustment.amount))
                self.row("provider_adjustments", *head, *found)

    def write(self, life: Life) -> None:
        """Every row of one claim as it stands at the sample's last day."""
        last, iso = self.calendar.last, self.calendar.iso
        account = Account(life, last)
        claim = life.claim_id
        for posting in account.postings:
            amount = plain(posting.amount)
            self.row("account_ledger", claim, iso(posting.day), posting.kind, posting.responsibility, amount)
        answers = [answer for answer in life.adjudications if answer.day <= last]
        latest = newest(answers)
        submissions = [s for s in life.submissions if s.prior is None and s.day <= last]
        current = submissions[-1]
        price = self.price(life, current.encounter)
        self.write_claim(life, account, current, price, latest)
        self.write_lines(life, current.encounter, price)
        if latest is not None:
            self.write_variances(life, latest)
        self.write_denials(life)
        self.write_standing(life, account)

    def price(self, life: Life, encounter: Encounter) -> Price | None:
        return self.book.price(life.contract, encounter) if life.contract else None

    def write_claim(
        self, life: Life, account: Account, current: Submission, price: Price | None, latest: Adjudication | None
    ) -> None:
        iso, encounter = self.calendar.iso, current.encounter
        paid = -sum(p.amount for p in account.postings if p.kind in ("payer_payment", "payer_refund"))
        patient = -sum(p.amount for p in account.postings if p.kind in ("patient_payment", "patient_refund"))
        expected = price.total if price else None
        allowed = latest.allowed if latest else None
        seen = life.origin == "claim"
        charge = account.charge if seen else encounter.charge
        sent = iso(life.submissions[0].day) if seen else ""
        amounts = (charge, expected, allowed, paid, patient, account.balance, *account.balances.values())
        self.row(
            "claims", life.claim_id, life.origin, encounter.claim_type, life.payer.id, life.payer.payer_class,
            life.secondary.id if life.secondary else "", life.contract.id if life.contract else "", life.scenario,
            iso(encounter.first), iso(encounter.last), sent, *map(plain, amounts),
        )  # fmt: skip

    def write_lines(self, life: Life, encounter: Encounter, price: Price | None) -> None:
        amounts = price.lines if price else (None,) * len(encounter.lines)
        terms = price.terms if price else ("",) * len(encounter.lines)
        for number, (line, amount, term) in enumerate(zip(encounter.lines, amounts, terms, strict=True), start=1):
            facts = (line.code, ":".join(line.modifiers), line.revenue, str(line.units), self.calendar.iso(line.day))
            self.row("claim_lines", life.claim_id, str(number), *facts, plain(line.charge), plain(amount), term)

    def write_variances(self, life: Life, answer: Adjudication) -> None:
        encounter = life.submissions[answer.submission].encounter
        price = self.price(life, encounter)
        if not answer.lines or (price and price.whole_term):
            expected = price.total if price else None
            term = price.whole_term if price else ""
            self.variance(life, answer, 0, encounter.charge, expected, answer.allowed, answer.total("denial"), term)
            return
        for outcome in answer.lines:
            index = outcome.number - 1
            self.variance(
                life, answer, outcome.number, outcome.line.charge, price.lines[index] if price else None,
                outcome.allowed, denied(outcome), price.terms[index] if price else "",
            )  # fmt: skip

    def write_denials(self, life: Life) -> None:
        date = self.date
        for denial in denials_of(life, self.calendar.last):
            self.row(
                "denials", life.claim_id, str(denial.line), life.payer.id, date(denial.day), denial.group,
                denial.reason, "|".join(denial.remarks), flag(denial.is_initial), plain(denial.amount),
                denial.outcome, date(denial.outcome_day), plain(denial.recovered), date(denial.deadline),
                flag(denial.is_certain),
            )  # fmt: skip

    def write_standing(self, life: Life, account: Account) -> None:
        date, last = self.date, self.calendar.last
        credit = credit_of(life, account, last)
        if credit is not None:
            self.row(
                "credit_balances", life.claim_id, plain(credit.amount), credit.cause, credit.owner,
                credit.owner_payer, flag(credit.is_true_overpayment), date(credit.identified), date(credit.first_day),
                flag(credit.is_certain),
            )  # fmt: skip
        owed = patient_balance_of(life, account, last)
        if owed is not None:
            self.row(
                "patient_balances", life.claim_id, plain(owed.amount), date(owed.first_owed), str(owed.statements),
                date(owed.last_statement), date(owed.last_payment), owed.plan,
            )  # fmt: skip

    def date(self, day: int | None) -> str:
        return "" if day is None else self.calendar.iso(day)

    def variance(
        self,
        life: Life,
        answer: Adjudication,
        number: int,
        charge: int,
        expected: int | None,
        allowed: int,
        refused: int,
        term: str,
    ) -> None:
        contract, cause = life.contract, ""
        if expected is None or contract is None:
            found = "not_priced"
        elif counts(contract, expected, expected + refused):
            found = "denied"
        elif counts(contract, expected, allowed):
            found = "underpaid" if allowed < expected else "overpaid"
            cause = answer.causes.get(number, "")
            if not cause:
                raise ValueError(f"{life.claim_id} line {number}: a variance that nobody planted")
        else:
            found = "as_expected"
        difference = None if expected is None else allowed - expected
        row = (
            f"{life.claim_id},{number},{life.payer.id},{contract.id if contract else ''},{term},"
            f"{self.calendar.iso(answer.day)},{plain(charge)},{plain(expected)},{plain(allowed)},{plain(difference)},"
            f"{found}"
        )
        if cause != SUSPECT:
            self.row("payment_variances", row, cause)
            return
        self.suspect_count += 1
        self.suspects.append(row)
        if self.suspect_count >= SUSPECT_LINES:
            for held in self.suspects:
                self.row("payment_variances", held, SUSPECT)
            self.suspects.clear()


def flag(value: bool) -> str:
    return "true" if value else "false"


def newest(answers: list[Adjudication]) -> Adjudication | None:
    """The first payer's latest answer that is not a reversal."""
    found = [answer for answer in answers if answer.role == "P" and answer.status != "22"]
    return max(found, key=lambda answer: answer.day) if found else None


def denied(outcome: LineOutcome) -> int:
    return sum(amount for _, reason, amount in outcome.adjustments if adjustment_class(reason) == "denial")
