"""One file a payer and paying day, with one 835 a payee; PLB carries interest, recoveries and balances forward."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from owed.sample import x12
from owed.sample.calendar import Calendar
from owed.sample.claim_files import SUBMITTER
from owed.sample.payers import BY_ID, PROVIDERS, Payer
from owed.sample.remittance_text import ProviderAdjustment, payment_body
from owed.sample.written import Envelopes, Payment, Written, triplets

RESENT_SHARE, COPIED_SHARE = 0.012, 0.005
"""Files whose payments come again some days later in a new envelope, and files that arrive twice byte for byte."""
Payee = tuple[str, str]
"""Payer id and claim type: who pays whom."""


class Entry(NamedTuple):
    """A claim's part of an 835; cents. `adjustments` are PLBs of the same 835; no text: there is nothing else."""

    text: str
    charge: int
    paid: int
    adjustments: tuple[ProviderAdjustment, ...]


class Sent(NamedTuple):
    """A file kept to be sent again: its bodies in a new envelope, or its very bytes."""

    name: str
    payer: Payer
    bodies: list[str]
    payments: list[Payment]
    counted: Written
    text: str


class RemittanceFiles:
    """Holds answers until their day has come."""

    def __init__(self, folder: Path, calendar: Calendar, envelopes: Envelopes, random: Random) -> None:
        self.folder = folder
        self.calendar = calendar
        self.envelopes = envelopes
        self.random = random
        self.held: dict[int, dict[Payee, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        self.forwarded: dict[Payee, int] = {}
        self.again: dict[int, list[Sent]] = defaultdict(list)

    def answer(self, day: int, payee: Payee, entry: Entry) -> None:
        self.held[day][payee].append(entry)

    def write_day(self, day: int) -> tuple[list[Written], list[Payment]]:
        written: list[Written] = []
        payments: list[Payment] = []
        by_payer: dict[str, list[tuple[Payee, list[Entry]]]] = {}
        for payee, entries in sorted(self.held.pop(day, {}).items()):
            by_payer.setdefault(payee[0], []).append((payee, entries))
        for payer_id, parts in by_payer.items():
            sent = self.write_payments(day, BY_ID[payer_id], parts)
            written.append(sent.counted)
            payments += sent.payments
        for sent in self.again.pop(day, ()):
            file, repeated = self.send_again(day, sent)
            written.append(file)
            payments += repeated
        return written, payments

    def write_payments(self, day: int, payer: Payer, parts: Sequence[tuple[Payee, list[Entry]]]) -> Sent:
        name = f"remittances/{self.calendar.iso(day)}-{payer.id.lower()}.835"
        bodies, payments = [], []
        for control, (payee, entries) in enumerate(parts, start=1):
            trace = f"{payer.electronic_id}{self.calendar.x12(day)}{control}"
            paid = sum(entry.paid for entry in entries)
            adjustments = self.adjustments(payee, trace, entries, paid)
            texts = [entry.text for entry in entries if entry.text]
            charge = sum(entry.charge for entry in entries)
            bodies.append(
                payment_body(payer, PROVIDERS[payee[1]], day, trace, texts, paid, charge, adjustments, self.calendar)
            )
            amount = paid - sum(adjustment.amount for adjustment in adjustments)
            payments.append(Payment(name, payer.id, trace, day, amount, paid, tuple(adjustments), False))
        entries = [entry for _, found in parts for entry in found if entry.text]
        counted = Written(
            name, "835", len(bodies), len(entries), sum(body.count("~SVC*") for body in bodies),
            sum(map(triplets, bodies)), sum(entry.charge for entry in entries), sum(entry.paid for entry in entries),
        )  # fmt: skip
        text = self.write_file(name, payer, bodies, day)
        sent = Sent(name, payer, bodies, payments, counted, text)
        at = self.random.random()
        later = day + 2 + int(self.random.random() * 8)
        if at < RESENT_SHARE and later <= self.calendar.last:
            self.again[later].append(sent._replace(text=""))
        elif at < RESENT_SHARE + COPIED_SHARE and later <= self.calendar.last:
            self.again[later].append(sent._replace(bodies=[]))
        return sent

    def write_file(self, name: str, payer: Payer, bodies: Sequence[str], day: int) -> str:
        envelope = self.envelopes.next(payer.electronic_id, SUBMITTER, day, 6)
        transactions = [x12.transaction("835", control, body) for control, body in enumerate(bodies, start=1)]
        group = x12.group("835", envelope.control, envelope, transactions)
        delimiters = x12.Delimiters(component=payer.component, line_break=payer.line_break)
        text = x12.interchange(envelope, [group], delimiters)
        (self.folder / name).write_text(text, encoding="ascii", newline="")
        return text

    def send_again(self, day: int, sent: Sent) -> tuple[Written, list[Payment]]:
        stem = f"remittances/{self.calendar.iso(day)}-{sent.payer.id.lower()}"
        if sent.text:
            name = f"{stem}-copy.835"
            (self.folder / name).write_text(sent.text, encoding="ascii", newline="")
            return Written(name, "835", 0, 0, 0, 0, 0, 0, is_copy=True), []
        name = f"{stem}-resent.835"
        self.write_file(name, sent.payer, sent.bodies, day)
        repeated = [payment._replace(file=name, is_duplicate=True) for payment in sent.payments]
        return sent.counted._replace(name=name), repeated

    def adjustments(self, payee: Payee, trace: str, entries: Sequence[Entry], paid: int) -> list[ProviderAdjustment]:
        """What stands in the PLB: the claims' own, balances brought and carried forward."""
        found = [adjustment for entry in entries for adjustment in entry.adjustments]
        owed = self.forwarded.pop(payee, 0)
        if owed:
            found.append(ProviderAdjustment("FB", trace, owed))
        amount = paid - sum(adjustment.amount for adjustment in found)
        if amount < 0:
            found.append(ProviderAdjustment("FB", trace, amount))
            self.forwarded[payee] = -amount
        return found
