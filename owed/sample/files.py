"""Writes the inbox day by day: one file of claims, one file a payer and payment, and the reference files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from owed.sample import x12
from owed.sample.adjudication import Adjudication
from owed.sample.book import Book
from owed.sample.calendar import Calendar
from owed.sample.claim_text import ClaimText, Submission, claim_text
from owed.sample.contracts import contract_texts
from owed.sample.life import Transaction
from owed.sample.money import plain
from owed.sample.payers import BY_ID, CITY, PAYERS, PROVIDERS, Payer, Provider, listed
from owed.sample.rates import schedule_csv, weights_csv
from owed.sample.remittance_text import Advice, ProviderAdjustment, advice_text, payment_body

SUBMITTER = "HARBORFICTIONAL"
CLEARINGHOUSE = "SAMPLECLEARING"
CLAIMS_IN_TRANSACTION = 1000
KINDS = {"professional": "837P", "institutional": "837I", "dental": "837D"}


class Written(NamedTuple):
    """One file as written; the counts and sums that `rpt_files` should show."""

    name: str
    kind: str
    transactions: int
    claims: int
    service_lines: int
    adjustments: int
    charge: int
    paid: int


class Payment(NamedTuple):
    """One 835 as written; cents."""

    file: str
    payer: str
    trace: str
    day: int
    amount: int
    claim_paid: int
    adjustments: tuple[ProviderAdjustment, ...]
    is_duplicate: bool


class Entry(NamedTuple):
    """A claim's part of an 835 to come."""

    text: str
    charge: int
    paid: int
    interest: int
    claim_id: str


class Inbox:
    """Holds what is planned for later days, and writes a day when it has come."""

    def __init__(self, folder: Path, book: Book) -> None:
        self.folder = folder
        self.book = book
        self.calendar: Calendar = book.calendar
        self.claims: dict[int, dict[str, list[tuple[ClaimText, int]]]] = defaultdict(lambda: defaultdict(list))
        self.answers: dict[int, dict[tuple[str, str], list[Entry]]] = defaultdict(lambda: defaultdict(list))
        self.postings: dict[int, list[tuple[str, Transaction]]] = defaultdict(list)
        self.forwarded: dict[tuple[str, str], int] = {}
        self.control = 0
        self.transactions = 0
        for part in ("claims", "remittances", "contracts", "rates", "accounts"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        self.transaction_path = folder / "accounts" / "account_transactions.csv"
        self.transaction_path.write_text(
            "transaction_id,claim_id,posted_date,transaction_type,amount,payer_id,note\n", encoding="utf-8"
        )

    def write_reference(self) -> list[Written]:
        """payers.csv, contracts, fee schedules and weights."""
        rates, calendar = self.folder / "rates", self.calendar
        payers = [listed(payer) for payer in PAYERS if payer.is_listed]
        texts = {self.folder / "payers.csv": "\n".join(["payer_id,payer_name,payer_class,aliases", *payers]) + "\n"}
        kinds = {self.folder / "payers.csv": "payers"}
        for name, text in contract_texts(calendar).items():
            texts[self.folder / "contracts" / name] = text
            kinds[self.folder / "contracts" / name] = "contract"
        for schedule in dict.fromkeys(row.schedule for row in self.book.rows):
            texts[rates / f"{schedule}.csv"] = schedule_csv(self.book.rows, schedule, calendar)
            kinds[rates / f"{schedule}.csv"] = "fee_schedule"
        texts[rates / "weights.csv"] = weights_csv(self.book.inpatient, calendar)
        kinds[rates / "weights.csv"] = "weights"
        written = []
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
            written.append(Written(self.name(path), kinds[path], 0, 0, 0, 0, 0, 0))
        return written

    def name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def submit(self, submission: Submission) -> None:
        text = claim_text(submission, self.calendar)
        kind = submission.encounter.claim_type
        self.claims[submission.day][kind].append((text, submission.encounter.charge))

    def answer(self, advice: Advice, adjudication: Adjudication) -> None:
        text = advice_text(advice, adjudication, self.calendar)
        key = (adjudication.payer.id, advice.encounter.claim_type)
        self.answers[adjudication.day][key].append(
            Entry(text, adjudication.charge, adjudication.paid, adjudication.interest, advice.claim_id)
        )

    def post(self, claim_id: str, transaction: Transaction) -> None:
        self.postings[transaction.day].append((claim_id, transaction))

    def write_day(self, day: int) -> tuple[list[Written], list[Payment]]:
        """Everything that is dated that day. Nothing may be planned for it afterwards."""
        written: list[Written] = []
        if day in self.claims:
            written.append(self.write_claims(day, self.claims.pop(day)))
        payments: list[Payment] = []
        by_payer: dict[str, list[tuple[str, list[Entry]]]] = {}
        for (payer_id, claim_type), entries in sorted(self.answers.pop(day, {}).items()):
            by_payer.setdefault(payer_id, []).append((claim_type, entries))
        for payer_id, parts in by_payer.items():
            file, paid = self.write_payment(day, BY_ID[payer_id], parts)
            written.append(file)
            payments.extend(paid)
        self.write_transactions(day)
        return written, payments

    def next_envelope(self, sender: str, receiver: str, day: int, hour: int) -> x12.Envelope:
        self.control += 1
        time = f"{hour:02d}{self.control % 60:02d}"
        return x12.Envelope(sender, receiver, self.calendar.x12(day), time, self.control)

    def write_claims(self, day: int, kinds: dict[str, list[tuple[ClaimText, int]]]) -> Written:
        envelope = self.next_envelope(SUBMITTER, CLEARINGHOUSE, day, 18)
        groups: list[tuple[str, str]] = []
        transactions, claims, lines, charge, adjustments = 0, 0, 0, 0, 0
        for claim_type in ("professional", "institutional", "dental"):
            found = kinds.get(claim_type)
            if not found:
                continue
            kind = KINDS[claim_type]
            bodies: list[str] = []
            for start in range(0, len(found), CLAIMS_IN_TRANSACTION):
                part = found[start : start + CLAIMS_IN_TRANSACTION]
                control = len(bodies) + 1
                reference = f"{envelope.control:06d}{len(groups)}{control}"
                body = claims_body([text for text, _ in part], PROVIDERS[claim_type], envelope, reference)
                bodies.append(x12.transaction(kind, control, body))
                lines += body.count("~LX*")
                claims += len(part)
                charge += sum(amount for _, amount in part)
                adjustments += triplets(body)
            transactions += len(bodies)
            groups.append((kind, x12.group(kind, envelope.control * 10 + len(groups), envelope, bodies)))
        path = self.folder / "claims" / f"{self.calendar.iso(day)}.837"
        path.write_text(x12.interchange(envelope, [text for _, text in groups]), encoding="ascii", newline="")
        kind = "+".join(sorted(kind for kind, _ in groups))
        return Written(self.name(path), kind, transactions, claims, lines, adjustments, charge, 0)

    def write_payment(
        self, day: int, payer: Payer, parts: list[tuple[str, list[Entry]]]
    ) -> tuple[Written, list[Payment]]:
        """One file with one 835 a payee; what the claims leave below zero is carried to the next payment."""
        envelope = self.next_envelope(payer.electronic_id, SUBMITTER, day, 6)
        path = self.folder / "remittances" / f"{self.calendar.iso(day)}-{payer.id.lower()}.835"
        bodies, payments = [], []
        for control, (claim_type, entries) in enumerate(parts, start=1):
            trace = f"{payer.electronic_id}{self.calendar.x12(day)}{control}"
            claim_paid = sum(entry.paid for entry in entries)
            adjustments = self.provider_adjustments(payer, claim_type, trace, entries, claim_paid)
            body = payment_body(
                payer, PROVIDERS[claim_type], day, trace, [entry.text for entry in entries], claim_paid, adjustments,
                self.calendar,
            )  # fmt: skip
            bodies.append(x12.transaction("835", control, body))
            amount = claim_paid - sum(adjustment.amount for adjustment in adjustments)
            payments.append(
                Payment(self.name(path), payer.id, trace, day, amount, claim_paid, tuple(adjustments), False)
            )
        text = x12.group("835", envelope.control, envelope, bodies)
        delimiters = x12.Delimiters(component=payer.component, line_break=payer.line_break)
        path.write_text(x12.interchange(envelope, [text], delimiters), encoding="ascii", newline="")
        entries = [entry for _, found in parts for entry in found]
        written = Written(
            self.name(path), "835", len(bodies), len(entries), text.count("~SVC*"), triplets(text),
            sum(entry.charge for entry in entries), sum(entry.paid for entry in entries),
        )  # fmt: skip
        return written, payments

    def provider_adjustments(
        self, payer: Payer, claim_type: str, trace: str, entries: list[Entry], claim_paid: int
    ) -> list[ProviderAdjustment]:
        """Interest, and what is brought forward from or carried to another payment."""
        found = [ProviderAdjustment("L6", entry.claim_id, -entry.interest) for entry in entries if entry.interest]
        key = (payer.id, claim_type)
        owed = self.forwarded.pop(key, 0)
        if owed:
            found.append(ProviderAdjustment("FB", trace, owed))
        amount = claim_paid - sum(adjustment.amount for adjustment in found)
        if amount < 0:
            found.append(ProviderAdjustment("FB", trace, amount))
            self.forwarded[key] = -amount
        return found

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


def triplets(text: str) -> int:
    """Single adjustments in a text's CAS segments."""
    return sum(segment.count("*") // 3 for segment in text.split("~") if segment.startswith("CAS*"))


def claims_body(texts: Iterable[ClaimText], provider: Provider, envelope: x12.Envelope, reference: str) -> str:
    """The body of one 837: header loops, the billing provider (HL 1), then a subscriber and maybe a patient each."""
    header = (
        f"BHT*0019*00*{reference}*{envelope.date}*{envelope.time}*CH~"
        f"NM1*41*2*HARBOR FICTIONAL BILLING*****46*{SUBMITTER}~PER*IC*BILLING DESK*TE*5555550101~"
        f"NM1*40*2*SAMPLE CLEARINGHOUSE*****46*{CLEARINGHOUSE}~"
        f"HL*1**20*1~PRV*BI*PXC*{provider.taxonomy}~NM1*85*2*{provider.name}*****XX*{provider.npi}~"
        f"N3*{provider.street}~{CITY}REF*EI*{provider.tax_id}~"
    )
    parts, number = [header], 1
    for text in texts:
        number += 1
        if text.patient:
            parts.append(f"HL*{number}*1*22*1~{text.subscriber}HL*{number + 1}*{number}*23*0~{text.patient}")
            number += 1
        else:
            parts.append(f"HL*{number}*1*22*0~{text.subscriber}")
    return "".join(parts)
