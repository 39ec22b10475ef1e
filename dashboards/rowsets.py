"""Which published rows can stand behind a number: one entry a fact.

A page's figure and the rows it links to come from the same entry and the same predicates, so their sums agree.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Apart:
    """A money column that must not be added up over all rows, since that would net what stays apart.

    It has a total only where the rows are narrowed by one of these columns, to a single value if `is_single`.
    """

    measure: str
    columns: tuple[str, ...]
    is_single: bool = True


@dataclass(frozen=True)
class RowSet:
    """A fact as rows to look at.

    `measure` is the money column that figures of this fact usually add up (None: rows are counted). `date_column` is
    what the common period filters on (None: the fact stands at one date). `by` lists the columns that links may select
    on, `columns` what is shown of a row.
    """

    key: str
    table: str
    title: str
    grain: str
    measure: str | None
    date_column: str | None
    columns: tuple[str, ...]
    by: tuple[str, ...]
    order: str
    payer_column: str | None = "payer_id"
    has_claim: bool = True
    has_responsibility: bool = False
    is_per_account: bool = False
    apart: tuple[Apart, ...] = ()

    @property
    def relation(self) -> str:
        return f"marts.{self.table}"

    @property
    def measures(self) -> tuple[str, ...]:
        """The money columns that a figure may be the sum of."""
        return tuple(name for name in self.columns if name.endswith("amount"))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SETS = (
    RowSet(
        key="claims",
        table="fct_claims",
        title="Claims",
        grain="one row a claim with its corrections",
        measure="charge_amount",
        apart=(Apart("balance_amount", ("claim_status", "claim_key")),),
        date_column="first_submitted_date",
        order="-balance_amount",
        columns=_names(
            "claim_key claim_id payer_id contract_id claim_type service_from_date claim_status charge_amount "
            "expected_allowed_amount allowed_amount payer_paid_amount patient_responsibility_amount denied_amount "
            "balance_amount"
        ),
        by=_names("claim_key claim_status origin contract_id claim_type first_remit_date payer_id"),
        is_per_account=True,
    ),
    RowSet(
        key="answered",
        table="fct_claims",
        title="Claims by first answer",
        grain="one row a claim, in the month the primary payer first answered it",
        measure="charge_amount",
        apart=(Apart("balance_amount", ("claim_status", "claim_key")),),
        date_column="first_remit_date",
        order="-denied_amount",
        is_per_account=True,
        columns=_names(
            "claim_key claim_id payer_id contract_id claim_type service_from_date first_submitted_date "
            "first_remit_date claim_status charge_amount allowed_amount payer_paid_amount denied_amount balance_amount"
        ),
        by=("claim_key", "claim_status", "origin", "contract_id", "claim_type", "payer_id"),
    ),
    RowSet(
        key="variances",
        table="fct_payment_variances",
        title="Payment variances",
        grain="one row a line of the primary payer's latest adjudication (line 0: the claim as a whole)",
        measure="charge_amount",
        apart=(Apart("variance_amount", ("variance_class",)),),
        date_column="remit_date",
        order="variance_amount",
        columns=_names(
            "claim_key claim_id line_number payer_id contract_id term_id remit_date procedure_code "
            "paid_procedure_code charge_amount expected_allowed_amount allowed_amount variance_amount "
            "variance_class root_cause recoverable_amount appeal_deadline_date"
        ),
        by=_names("claim_key variance_class root_cause procedure_code contract_id term_id not_priced_reason payer_id"),
    ),
    RowSet(
        key="denials",
        table="fct_denials",
        title="Denials",
        grain="one row a denied line and denial date",
        measure="denied_amount",
        date_column="denial_date",
        order="-denied_amount",
        columns=_names(
            "claim_key claim_id line_number payer_id denial_date group_code reason_code denial_category "
            "is_initial is_preventable denied_amount outcome outcome_date recovered_amount "
            "expected_recovery_amount appeal_deadline_date"
        ),
        by=_names("claim_key denial_category reason_code group_code is_initial is_preventable outcome payer_id"),
    ),
    RowSet(
        key="ledger",
        table="fct_account_ledger",
        title="Account postings",
        grain="one row a posting",
        measure="amount",
        apart=(Apart("amount", ("claim_key", "posting_type", "movement"), is_single=False),),
        date_column="posted_date",
        order="-posted_date",
        payer_column=None,
        has_responsibility=True,
        columns=_names("claim_key posted_date posting_type responsibility amount"),
        by=_names("claim_key posting_type movement responsibility"),
    ),
    RowSet(
        key="aging",
        table="fct_ar_aging",
        title="Open balances",
        has_responsibility=True,
        grain="one row a claim and responsibility with an open debit balance at that date",
        measure="balance_amount",
        date_column=None,
        order="-balance_amount",
        columns=_names(
            "claim_key payer_id responsibility as_of_date age_basis_date age_days aging_bucket is_denied balance_amount"
        ),
        by=_names("claim_key as_of_date aging_bucket is_denied payer_id responsibility"),
    ),
    RowSet(
        key="credits",
        table="fct_credit_balances",
        title="Credit balances",
        grain="one row an account in credit at the as-of date",
        measure="credit_amount",
        date_column=None,
        order="-credit_amount",
        payer_column="owner_payer_id",
        is_per_account=True,
        columns=_names(
            "claim_key claim_id owner owner_payer_id cause is_true_overpayment identified_date refund_due_date "
            "age_days aging_bucket recommended_action credit_amount"
        ),
        by=_names("claim_key cause owner is_true_overpayment aging_bucket recommended_action owner_payer_id"),
    ),
    RowSet(
        key="patients",
        table="fct_patient_balances",
        title="Patient balances",
        payer_column=None,
        is_per_account=True,
        grain="one row an account with a patient balance at the as-of date",
        measure="balance_amount",
        date_column=None,
        order="-balance_amount",
        columns=_names(
            "claim_key first_owed_date age_days aging_bucket statements_sent last_statement_date "
            "last_payment_date plan_status dunning_stage is_agency_eligible agency_block_reason propensity_band "
            "balance_amount"
        ),
        by=_names(
            "claim_key aging_bucket dunning_stage plan_status is_agency_eligible agency_block_reason propensity_band"
        ),
    ),
    RowSet(
        key="remittances",
        table="fct_remittances",
        title="Remittances",
        grain="one row an 835 payment",
        measure="payment_amount",
        date_column="payment_date",
        order="-payment_date",
        has_claim=False,
        columns=_names(
            "remittance_key payer_id trace_number payment_date claim_paid_amount provider_adjustment_amount "
            "payment_amount is_balanced is_duplicate"
        ),
        by=_names("remittance_key is_balanced is_duplicate payer_id"),
    ),
    RowSet(
        key="provider_adjustments",
        table="fct_provider_adjustments",
        title="Provider-level adjustments",
        grain="one row an adjustment of a payment that belongs to no claim (PLB)",
        measure="adjustment_amount",
        date_column="payment_date",
        order="-payment_date",
        has_claim=False,
        columns=_names("remittance_key payer_id payment_date adjustment_code reference_id adjustment_amount"),
        by=("remittance_key", "adjustment_code", "payer_id"),
    ),
    RowSet(
        key="prompt_pay",
        table="rpt_prompt_pay",
        title="Days to payment",
        grain="one row a claim billed to its primary payer",
        measure="estimated_interest_amount",
        date_column="received_date",
        order="-days_late",
        is_per_account=True,
        columns=_names(
            "claim_key claim_id payer_id contract_id payment_status rule_source received_date stopped_date days_taken "
            "days_allowed days_late payer_paid_amount estimated_interest_amount interest_unknown_reason"
        ),
        by=("claim_key", "payer_id", "payment_status", "rule_source", "is_violation", "interest_unknown_reason"),
    ),
    RowSet(
        key="unanswered",
        table="rpt_unanswered_claims",
        title="Claims without an answer",
        grain="one row a payer balance that its payer has not answered",
        measure="balance_amount",
        date_column=None,
        order="timely_filing_days_left",
        payer_column="responsible_payer_id",
        has_responsibility=True,
        columns=_names(
            "claim_key claim_id responsible_payer_id responsibility service_from_date first_submitted_date "
            "days_since_submission timely_filing_days_left timely_filing_deadline_date aging_bucket balance_amount"
        ),
        by=("claim_key", "responsible_payer_id", "aging_bucket", "is_past_prompt_pay", "responsibility"),
    ),
    RowSet(
        key="files",
        table="rpt_files",
        title="Files",
        grain="one row a file ever seen in the inbox",
        measure=None,
        date_column=None,
        order="-loaded_at",
        payer_column=None,
        has_claim=False,
        columns=_names(
            "file_name kind status refusal_reason transaction_count claim_count service_line_count charge_amount "
            "paid_amount finding_count loaded_at"
        ),
        by=("kind", "status"),
    ),
)

ROWSETS = {rowset.key: rowset for rowset in _SETS}
