"""A sample site: one fictional provider's year as real files, and the truth of it beside them.

`generate(out, claims=20_000, seed=1)` writes `out/inbox` (837P, 837I and 837D, one file a business day; 835, one file
a payer and paying day; payers, contracts, fee schedules, weights, account transactions) and `out/truth` (CSV). The
truth is what the generator decided, priced by its own small pricer and posted by its own ledger: it shares nothing
with the loaders and models, so that each can prove the other. The same arguments give the same bytes.

Who. Eleven payers, one of them not in payers.csv and one that only pays second: commercial (preferred provider and
health maintenance plans), Medicare, Medicare Advantage, managed Medicaid, TRICARE, workers' compensation, dental,
supplement. 74% professional claims, 23% institutional (a sixth of them stays), 3% dental. Every name is invented.

How it moves. Weekdays, months and holidays shape the volume. Payers answer on their own days of the week, about 14 to
40 days after submission; CEDARLINE takes about 25 days longer by December than in January. Denials for wanted
documents (CO-252) rise from 2% of the reasons to 30%. Two payers' contracts change in the middle of the year;
BLUESTONE pays 70% of its imaging lines by the old one from nine days after. IRONWORKS has no contract in the last
quarter.

What is planted, of 20,000 claims (shares drift a little with the seed):

- wrong prices: 2.7% of lines underpaid, 0.7% overpaid, of every root cause in INTERFACE's table. Each is beyond the
  contract's tolerance and the only cause that gives its amount, unless the 835 itself shows it (recoded, units,
  CO-59). `contract_load_suspect`: our rate for GARRISON's immunizations is wrong. 1% of lines are a cent or three off.
- not priced: 2% of lines: no contract, or no rate in a contract without a default.
- denials: 10% of claims whole and 1% in a line, of 17 reasons. Of those the provider must work, 46% are overturned
  (by appeal or corrected claim), 6% in part, 8% upheld, 4% refused again, 14% written off, 22% pending or never
  touched, and so open or past the deadline; a twelfth of all is shifted to the patient. 0.2% are filed too late.
- second payers on 11% of claims: forwarded (CLP02 19) or sent on; 5% of those never answer.
- second thoughts: 15% of underpaid claims are reversed and paid right, 0.8% of others corrected, 0.4% taken back
  (half by PLB, deferred), 0.6% billed again with a late charge (frequency 7).
- unanswered: 1.2%, some voided (frequency 8), some written off, some paid by a check posted to another account.
- credits: 2% of claims end in one, of every cause; some refunded, some identified, some investigated. `unknown` is a
  bad debt that was paid after all: its cause is not certain.
- remittances: 1% of files sent again in a new envelope, 0.4% copied byte for byte; interest (AMT*I, PLB L6),
  recoveries (WO, 72) and balances carried forward (FB); 0.2% of claims show only in a remittance.
- patients: copays at the visit, statements, payments, plans kept and broken, disputes, charity, small balances,
  agencies, bad debt.

Truth columns that end in `is_..._certain` are false where the rules leave a name to taste; leave those rows out of a
score. Rows of `files` state what `rpt_files` should count.
"""

from owed.sample.generator import SampleSummary, generate

__all__ = ["SampleSummary", "generate"]
