"""Which table and typed columns each X12 segment lands in: one declarative table.

`SEGMENTS[id]` lists the elements in order. An element is `name:type`; types are
    t text, a amount DECIMAL(18,2), q quantity or rate DECIMAL(18,6), d date CCYYMMDD,
    c composite: `name:c(first,second,…)`, each component a text column `name_first`, …
`?` marks what is seldom sent: an element, or a composite's components from there on. A null costs as much to store as
a value, so segments without any of these lie in a table without the columns (`loaders.x12.tables`). Elements past
the last one listed are kept in the row's verbatim text. Sources: ASC X12N 005010X221A1, X222A1, X223A2, X224A2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PROCEDURE = "c(qualifier,code,modifier_1,modifier_2?,modifier_3,modifier_4,description,code_end)"
CODE = "c(qualifier,code,date_qualifier?,date_value,amount,quantity,version,code_end,present_on_admission)"
MEASURE = "c(unit,exponent,multiplier)"
REFERENCE = "c(qualifier,value,qualifier_2,value_2,qualifier_3,value_3)"
FIVE_MORE_ADJUSTMENTS = " ".join(f"reason_code_{n}:t? amount_{n}:a? quantity_{n}:q?" for n in range(2, 7))
SIX_PROVIDER_ADJUSTMENTS = " ".join(f"adjustment_{n}:c(code,reference_id) amount_{n}:a" for n in range(1, 7))

_TABLE: dict[str, str] = {
    # envelope
    "ISA": " ".join(
        f"{name}:t"
        for name in (
            "authorization_qualifier authorization security_qualifier security sender_qualifier sender_id "
            "receiver_qualifier receiver_id interchange_date interchange_time repetition_separator version "
            "control_number acknowledgment_requested usage_indicator component_separator"
        ).split()
    ),
    "IEA": "group_count:q control_number:t",
    "GS": "functional_id:t sender_code:t receiver_code:t group_date:d group_time:t control_number:t agency:t version:t",
    "GE": "transaction_count:q control_number:t",
    "ST": "transaction_type:t control_number:t implementation_version:t",
    "SE": "segment_count:q control_number:t",
    # shared
    "REF": f"qualifier:t value:t description:t? composite:{REFERENCE}?",
    "DTM": "qualifier:t date:d time:t? time_code:t? format:t? value:t?",
    "DTP": "qualifier:t format:t value:t",
    "N1": "entity:t name:t id_qualifier:t id:t relationship:t? related_entity:t?",
    "N2": "name:t additional_name:t",
    "N3": "address_1:t address_2:t",
    "N4": "city:t state:t postal_code:t country:t? location_qualifier:t? location:t? subdivision:t?",
    "NM1": (
        "entity:t entity_type:t last_name:t first_name:t middle_name:t prefix:t? suffix:t? id_qualifier:t "
        "id:t relationship:t? related_entity:t? maiden_name:t?"
    ),
    "PER": (
        "function:t name:t qualifier_1:t number_1:t qualifier_2:t? number_2:t? qualifier_3:t? number_3:t? inquiry:t?"
    ),
    "PRV": "provider_code:t qualifier:t taxonomy:t state:t? specialty:t? organization:t?",
    "AMT": "qualifier:t amount:a credit_debit:t?",
    "QTY": "qualifier:t quantity:q unit:t? free_form:t?",
    "CAS": f"group_code:t reason_code_1:t amount_1:a quantity_1:q? {FIVE_MORE_ADJUSTMENTS}",
    "LQ": "list:t code:t",
    "MOA": (
        "reimbursement_rate:q hcpcs_payable_amount:a remark_code_1:t remark_code_2:t remark_code_3:t? remark_code_4:t? "
        "remark_code_5:t? esrd_amount:a? nonpayable_professional_amount:a?"
    ),
    "MIA": (
        "covered_days:q pps_outlier_amount:a lifetime_psychiatric_days:q drg_amount:a remark_code_1:t "
        "disproportionate_share_amount:a msp_pass_through_amount:a pps_capital_amount:a pps_capital_fsp_amount:a "
        "pps_capital_hsp_amount:a pps_capital_dsh_amount:a old_capital_amount:a pps_capital_ime_amount:a "
        "operating_hsp_amount:a cost_report_days:q operating_fsp_amount:a claim_pps_outlier_amount:a "
        "claim_indirect_teaching_amount:a nonpayable_professional_amount:a remark_code_2:t remark_code_3:t "
        "remark_code_4:t remark_code_5:t pps_capital_exception_amount:a"
    ),
    "CUR": "entity:t currency:t exchange_rate:q entity_2:t currency_2:t exchange:t",
    "LX": "assigned_number:t",
    # 835
    "BPR": (
        "handling_code:t payment_amount:a credit_debit:t payment_method:t payment_format:t sender_bank_qualifier:t "
        "sender_bank_id:t sender_account_qualifier:t sender_account:t originating_company_id:t "
        "originating_company_code:t receiver_bank_qualifier:t receiver_bank_id:t receiver_account_qualifier:t "
        "receiver_account:t payment_date:d business_function:t bank_3_qualifier:t bank_3_id:t "
        "account_3_qualifier:t account_3:t"
    ),
    "TRN": "trace_type:t trace_number:t originating_company_id:t originating_company_code:t",
    "RDM": "transmission_code:t name:t communication_number:t",
    "TS3": (
        "provider_id:t facility_code:t fiscal_period_date:d claim_count:q charge_amount:a element_06:t element_07:t "
        "element_08:t element_09:t element_10:t element_11:t element_12:t msp_payer_amount:a element_14:t "
        "non_lab_charge_amount:a element_16:t hcpcs_reportable_amount:a hcpcs_payable_amount:a element_19:t "
        "professional_component_amount:a msp_patient_liability_amount:a patient_reimbursement_amount:a "
        "pip_claim_count:q pip_adjustment_amount:a"
    ),
    "TS2": (
        "drg_amount:a federal_specific_amount:a hospital_specific_amount:a disproportionate_share_amount:a "
        "capital_amount:a indirect_medical_education_amount:a outlier_day_count:q day_outlier_amount:a "
        "cost_outlier_amount:a average_length_of_stay:q discharge_count:q cost_report_day_count:q covered_day_count:q "
        "noncovered_day_count:q msp_pass_through_amount:a average_drg_weight:q pps_capital_fsp_amount:a "
        "pps_capital_hsp_amount:a pps_capital_dsh_drg_amount:a"
    ),
    "CLP": (
        "claim_id:t status_code:t charge_amount:a paid_amount:a patient_responsibility_amount:a filing_code:t "
        "payer_claim_control_number:t facility_code:t frequency_code:t patient_status:t? drg:t? drg_weight:q? "
        "discharge_fraction:q? consent:t?"
    ),
    "SVC": (
        f"procedure:{PROCEDURE} charge_amount:a paid_amount:a revenue_code:t units:q "
        f"original_procedure:{PROCEDURE}? original_units:q?"
    ),
    "PLB": f"provider_id:t fiscal_period_date:d {SIX_PROVIDER_ADJUSTMENTS}",
    # 837
    "BHT": (
        "hierarchical_structure:t purpose_code:t reference_id:t transaction_date:d transaction_time:t "
        "claim_or_encounter:t"
    ),
    "HL": "hierarchical_id:t parent_id:t level_code:t child_code:t",
    "SBR": (
        "payer_sequence:t relationship:t group_number:t plan_name:t insurance_type:t benefits_coordination:t? "
        "condition:t? employment:t? filing_code:t"
    ),
    "PAT": (
        "relationship:t location:t? employment:t? student:t? date_format:t? death_date:t? unit:t? weight:q? "
        "pregnancy:t?"
    ),
    "DMG": (
        "date_format:t birth_date:t gender:t marital:t? race:t? citizenship:t? country:t? verification:t? quantity:q? "
        "race_list:t? race_code:t?"
    ),
    "CLM": (
        "claim_id:t charge_amount:a filing_indicator:t? non_institutional:t? location:c(facility_code,qualifier,"
        "frequency_code) provider_signature:t assignment:t benefits_assignment:t release_code:t patient_signature:t "
        "related_causes:c(cause_1,cause_2,cause_3,state,country)? special_program:t? yes_no_13:t? level_of_service:t? "
        "yes_no_15:t? provider_agreement:t? claim_status:t? yes_no_18:t? submission_reason:t? delay_reason:t?"
    ),
    "CL1": "admission_type:t admission_source:t patient_status:t nursing_home_status:t",
    "DN1": "treatment_months:q treatment_months_remaining:q yes_no:t description:t",
    "DN2": "tooth_number:t tooth_status:t quantity:q date_format:t date_value:t code_list:t",
    "PWK": "report_type:t transmission_code:t copies:t entity:t id_qualifier:t control_number:t description:t",
    "CN1": "contract_type:t amount:a percent:q code:t terms_discount_percent:q version:t",
    "K3": "fixed_format:t record_format:t measure:t",
    "NTE": "reference:t description:t",
    "CR1": (
        "unit:t patient_weight:q transport_code:t reason_code:t distance_unit:t distance:q origin:t destination:t "
        "round_trip_purpose:t stretcher_purpose:t"
    ),
    "CR2": (
        "count_1:q quantity_1:q subluxation_1:t subluxation_2:t unit:t treatment_period:q treatment_count:q "
        "condition:t complication:t description_1:t description_2:t xray:t"
    ),
    "CR3": "certification_type:t unit:t duration:q insulin:t description:t",
    "CR5": (
        "certification_type:t treatment_period:q equipment_1:t equipment_2:t description_1:t flow_rate:q daily_use:q "
        "period_use:q description_2:t arterial_blood_gas:q saturation:q test_condition:t test_finding_1:t "
        "test_finding_2:t test_finding_3:t delivery_flow_rate:q delivery_system:t equipment_3:t"
    ),
    "CRC": "category:t condition_met:t condition_1:t condition_2:t condition_3:t condition_4:t condition_5:t",
    "HI": " ".join(f"code_{n}:{CODE}{'?' if n > 4 else ''}" for n in range(1, 13)),
    "HCP": (
        "pricing_methodology:t repriced_allowed_amount:a repriced_saving_amount:a repricing_organization:t rate:q "
        "repriced_group_code:t repriced_group_amount:a repriced_revenue_code:t procedure_qualifier:t procedure_code:t "
        "unit:t units:q reject_reason:t policy_compliance:t exception:t"
    ),
    "SV1": (
        f"procedure:{PROCEDURE} charge_amount:a unit_basis:t units:q place_of_service:t service_type:t? "
        "diagnosis_pointer:c(first,second,third,fourth) element_08:t? emergency:t? multiple_procedure:t? epsdt:t? "
        "family_planning:t? review:t? national_or_local:t? copay_status:t? shortage_area:t? reference:t? "
        "postal_code:t? amount:a? level_of_care:t? provider_agreement:t?"
    ),
    "SV2": (
        f"revenue_code:t procedure:{PROCEDURE} charge_amount:a unit_basis:t units:q unit_rate:q? "
        "noncovered_charge_amount:a? yes_no:t? nursing_home_status:t? level_of_care:t?"
    ),
    "SV3": (
        f"procedure:{PROCEDURE} charge_amount:a place_of_service:t oral_cavity:c(first,second,third,fourth,fifth) "
        "prosthesis:t units:q description:t copay_status:t provider_agreement:t predetermination:t "
        "diagnosis_pointer:c(first,second,third,fourth)"
    ),
    "SV4": (
        "prescription_number:t element_02:t element_03:t element_04:t element_05:t element_06:t element_07:t "
        "element_08:t element_09:t element_10:t element_11:t"
    ),
    "SV5": f"procedure:{PROCEDURE} unit_basis:t units:q rental_amount:a purchase_amount:a frequency:t prognosis:t",
    "TOO": "code_list:t tooth_number:t surfaces:c(first,second,third,fourth,fifth)",
    "PS1": "provider_id:t purchased_amount:a state:t",
    "MEA": "reference:t qualifier:t value:q unit:c(code,exponent,multiplier)",
    "LIN": "assigned_id:t qualifier:t product_id:t qualifier_2:t? product_id_2:t?",
    "CTP": "class:t price_identifier:t unit_price:q quantity:q unit:c(code,exponent,multiplier)",
    "SVD": f"payer_id:t paid_amount:a procedure:{PROCEDURE} revenue_code:t units:q bundled_line:t?",
    "OI": (
        "filing_indicator:t submission_reason:t benefits_assignment:t patient_signature:t provider_agreement:t "
        "release:t"
    ),
    "FRM": "question:t yes_no:t text:t date:d percent:q",
    "TA1": "control_number:t interchange_date:t interchange_time:t acknowledgment:t note:t",
}

SQL_TYPES = {"t": "VARCHAR", "a": "DECIMAL(18,2)", "q": "DECIMAL(18,6)", "d": "DATE"}
_ELEMENT = re.compile(r"(\w+):(?:c\(([^)]*)\)|([taqd]))(\??)")


@dataclass(frozen=True)
class Element:
    """One element: its column (or the stem of its component columns), type letter and component names.

    `common` counts the columns, from the first, that are not rare.
    """

    name: str
    type: str
    components: tuple[str, ...]
    common: int

    @property
    def columns(self) -> tuple[str, ...]:
        if self.components:
            return tuple(f"{self.name}_{component}" for component in self.components)
        return (self.name,)

    @property
    def sql_type(self) -> str:
        return SQL_TYPES.get(self.type, "VARCHAR")

    @property
    def is_rare(self) -> bool:
        """Whether it has columns that the short table lacks."""
        return self.common < len(self.columns)


def _element(name: str, components: str | None, letter: str | None, rare: str) -> Element:
    parts = components.split(",") if components else []
    common = next((number for number, part in enumerate(parts) if part.endswith("?")), max(len(parts), 1))
    return Element(name, letter or "c", tuple(part.rstrip("?") for part in parts), 0 if rare else common)


def _elements(text: str) -> tuple[Element, ...]:
    return tuple(_element(*match.groups()) for match in _ELEMENT.finditer(text))


SEGMENTS: dict[str, tuple[Element, ...]] = {name: _elements(text) for name, text in _TABLE.items()}

# Where a row belongs: its transaction's ordinal in the file; the loop's name; and the segment_number of its CLP or
# CLM, of its SVC or LX, of the first segment of the innermost loop, and of the first segment of the loop around that.
PLACES = {
    "transaction_number": "INTEGER",
    "loop": "VARCHAR",
    "claim_number": "INTEGER",
    "line_number": "INTEGER",
    "owner_number": "INTEGER",
    "parent_number": "INTEGER",
}
_ALL_BUT_PARENT = tuple(PLACES)[:-1]
# Segments that stand in one loop only need no more than this.
_PLACES_OF: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("ISA", "IEA", "GS", "GE", "TA1"), ()),
    **dict.fromkeys(("ST", "SE", "BPR", "CUR", "PLB", "BHT", "HL"), ("transaction_number",)),
    **dict.fromkeys(("CLP", "CLM"), ("transaction_number", "parent_number")),
    **dict.fromkeys(("SVC", "SV1", "SV2", "SV3", "SV5"), ("transaction_number", "claim_number", "line_number")),
    "LQ": ("transaction_number", "loop", "claim_number", "line_number"),
    "NM1": tuple(PLACES),
}


def places_of(segment: str) -> tuple[str, ...]:
    """The columns of `PLACES` that a segment's table has."""
    return _PLACES_OF.get(segment, _ALL_BUT_PARENT)


def table_name(segment: str) -> str:
    return f"raw.x12_{segment.lower()}"
