"""The sample's inbox: claims, remittances, reference files and account transactions, written day by day."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from random import Random

from owed.sample.adjudication import Adjudication
from owed.sample.book import Book
from owed.sample.claim_files import ClaimFiles
from owed.sample.claim_text import Submission
from owed.sample.contracts import contract_texts
from owed.sample.life import Recovery, Transaction
from owed.sample.money import plain
from owed.sample.payers import PAYERS, listed
from owed.sample.rates import schedule_csv, weights_csv
from owed.sample.remittance_files import Entry, RemittanceFiles
from owed.sample.remittance_text import Advice, ProviderAdjustment, advice_text
from owed.sample.written import Envelopes, Payment, Written

PARTS = ("claims", "remittances", "contracts", "rates", "accounts")


class Inbox:
    """Holds what is planned for later days, and writes a day when it has come."""

    def __init__(self, folder: Path, book: Book, random: Random) -> None:
        for part in PARTS:
            (folder / part).mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.book = book
        self.calendar = book.calendar
        envelopes = Envelopes(self.calendar)
        self.claims = ClaimFiles(folder, self.calendar, envelopes)
        self.remittances = RemittanceFiles(folder, self.calendar, envelopes, random)
        self.postings: dict[int, list[tuple[str, Transaction]]] = defaultdict(list)
        self.transactions = 0
        self.transaction_path = folder / "accounts" / "account_transactions.csv"
        header = "transaction_id,claim_id,posted_date,transaction_type,amount,payer_id,note\n"
        self.transaction_path.write_text(header, encoding="utf-8")

    def write_reference(self) -> list[Written]:
        """payers.csv, contracts, fee schedules and weights; the transactions' file is begun already."""
        payers = [listed(payer) for payer in PAYERS if payer.is_listed]
        files = [("payers", "payers.csv", "\n".join(["payer_id,payer_name,payer_class,aliases", *payers]) + "\n")]
        for name, text in contract_texts(self.calendar).items():
            files.append(("contract", f"contracts/{name}", text))
        for schedule in dict.fromkeys(row.schedule for row in self.book.rows):
            text = schedule_csv(self.book.rows, schedule, self.calendar)
            files.append(("fee_schedule", f"rates/{schedule}.csv", text))
        files.append(("weights", "rates/weights.csv", weights_csv(self.book.inpatient, self.calendar)))
        for _, name, text in files:
            (self.folder / name).write_text(text, encoding="utf-8")
        files.append(("account_transactions", self.transaction_path.relative_to(self.folder).as_posix(), ""))
        return [Written(name, kind, 0, 0, 0, 0, 0, 0) for kind, name, _ in files]

    def submit(self, submission: Submission) -> None:
        self.claims.submit(submission)

    def answer(self, advice: Advice, answer: Adjudication) -> None:
        found = [ProviderAdjustment("L6", advice.claim_id, -answer.interest)] if answer.interest else []
        if answer.deferred:
            found.append(ProviderAdjustment("WO", advice.control_number, answer.deferred))
        entry = Entry(advice_text(advice, answer, self.calendar), answer.charge, answer.paid, tuple(found))
        self.remittances.answer(answer.day, (answer.payer.id, advice.encounter.claim_type), entry)

    def recover(self, payee: tuple[str, str], recovery: Recovery) -> None:
        found = tuple(ProviderAdjustment(code, recovery.reference, amount) for code, amount in recovery.amounts)
        self.remittances.answer(recovery.day, payee, Entry("", 0, 0, found))

    def post(self, claim_id: str, transaction: Transaction) -> None:
        self.postings[transaction.day].append((claim_id, transaction))

    def write_day(self, day: int) -> tuple[list[Written], list[Payment]]:
        """Everything that is dated that day. Nothing may be planned for it afterwards."""
        claims = self.claims.write_day(day)
        remittances, payments = self.remittances.write_day(day)
        self.write_transactions(day)
        return claims + remittances, payments

    def write_transactions(self, day: int) -> None:
        date, rows = self.calendar.iso(day), []
        for claim_id, transaction in self.postings.pop(day, ()):
            self.transactions += 1
            rows.append(
                f"T{self.transactions:09d},{claim_id},{date},{transaction.kind},{plain(transaction.amount)},"
                f"{transaction.payer_id},{transaction.note}\n"
            )
        if rows:
            with self.transaction_path.open("a", encoding="utf-8") as stream:
                stream.writelines(rows)
