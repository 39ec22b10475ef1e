{{ config(meta={'list': 'credit'}) }}

with

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}

),

adjudications as (

    select * from {{ ref('int_credit_adjudications') }}

),

provider_adjustments as (

    select * from {{ ref('int_provider_adjustments') }}

),

adjustment_codes as (

    select * from {{ ref('provider_adjustment_codes') }}

),

-- PLB03-2 holds the patient control number, the payer's, or both with a blank between.
taken_back as (

    select
        provider_adjustments.remittance_key,
        provider_adjustments.adjustment_number,
        provider_adjustments.payer_id,
        {{ reference_word('provider_adjustments.reference_id', 1) }} as first_reference,
        {{ reference_word('provider_adjustments.reference_id', 2) }} as second_reference,
        provider_adjustments.adjustment_amount,
        provider_adjustments.payment_date
    from provider_adjustments
    inner join adjustment_codes on provider_adjustments.adjustment_code = adjustment_codes.adjustment_code
    where
        adjustment_codes.adjustment_class in ('takeback', 'refund_ack')
        and not provider_adjustments.is_duplicate
        and provider_adjustments.reference_id is not null

),

by_reference as (

    select *, first_reference as claim_reference from taken_back
    union all
    select *, second_reference as claim_reference from taken_back
    where second_reference not in ('', first_reference)

),

-- What the payer itself reversed is posted: a control number is looked for if none of its answers was taken back, the
-- claim's own number if the payer took none back at all.
claim_references as (

    select
        adjudications.as_of_date,
        adjudications.claim_key,
        adjudications.payer_id,
        upper(credit_accounts.claim_id) as claim_reference
    from adjudications
    inner join credit_accounts
        on adjudications.claim_key = credit_accounts.claim_key
            and adjudications.as_of_date = credit_accounts.as_of_date
    group by
        adjudications.as_of_date,
        adjudications.claim_key,
        adjudications.payer_id,
        credit_accounts.claim_id
    having min(case when adjudications.is_standing then 1 else 0 end) = 1
    union
    select
        as_of_date,
        claim_key,
        payer_id,
        upper(payer_claim_control_number) as claim_reference
    from adjudications
    where payer_claim_control_number <> ''
    group by
        as_of_date,
        claim_key,
        payer_id,
        upper(payer_claim_control_number)
    having min(case when is_standing then 1 else 0 end) = 1

),

matched as (

    select distinct
        claim_references.as_of_date,
        claim_references.claim_key,
        claim_references.payer_id,
        by_reference.remittance_key,
        by_reference.adjustment_number,
        by_reference.adjustment_amount
    from claim_references
    inner join by_reference
        on claim_references.payer_id = by_reference.payer_id
            and claim_references.claim_reference = by_reference.claim_reference
            and claim_references.as_of_date >= coalesce(by_reference.payment_date, claim_references.as_of_date)

),

final as (

    select
        as_of_date,
        claim_key,
        payer_id,
        sum(adjustment_amount) as recouped_amount
    from matched
    group by
        as_of_date,
        claim_key,
        payer_id
    having sum(adjustment_amount) > 0

)

select * from final
