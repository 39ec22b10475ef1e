with

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}

),

causes as (

    select * from {{ ref('int_credit_causes') }}

),

clocks as (

    select * from {{ ref('int_credit_clocks') }}

),

payer_classes as (

    select * from {{ ref('payer_classes') }}

),

payers as (

    select * from {{ ref('int_payers') }}

),

buckets as (

    select * from {{ ref('aging_buckets') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

owned as (

    select
        credit_accounts.*,
        causes.cause,
        causes.evidence_amount,
        causes.is_true_overpayment,
        causes.recommended_action,
        case
            when causes.payer_id is not null then causes.payer_id
            when causes.cause = 'patient_overpayment' then null
            when causes.cause = 'paid_above_contract' then credit_accounts.payer_id
            when credit_accounts.credit_responsibility = 'primary_payer' then credit_accounts.payer_id
            when credit_accounts.credit_responsibility = 'secondary_payer' then credit_accounts.secondary_payer_id
        end as owner_payer_id
    from credit_accounts
    inner join causes on credit_accounts.claim_key = causes.claim_key

),

final as (

    select
        owned.claim_key,
        owned.claim_id,
        case
            when owned.owner_payer_id is null then 'patient'
            else coalesce(payer_classes.credit_owner, 'commercial')
        end as owner,
        owned.owner_payer_id,
        owned.cause,
        owned.recommended_action,
        owned.credit_responsibility,
        buckets.aging_bucket,
        cast({{ days_between('clocks.identified_date', 'as_of.as_of_date') }} as integer) as age_days,
        cast(owned.credit_amount as decimal(18, 2)) as credit_amount,
        cast(owned.evidence_amount as decimal(18, 2)) as evidence_amount,
        owned.is_true_overpayment,
        owned.credit_since_date,
        clocks.identified_date,
        clocks.investigation_started_date,
        clocks.investigation_ended_date,
        clocks.refund_due_date
    from owned
    cross join as_of
    inner join clocks on owned.claim_key = clocks.claim_key
    left join payers on owned.owner_payer_id = payers.payer_id
    left join payer_classes on payers.payer_class = payer_classes.payer_class
    left join buckets
        on {{ days_between('clocks.identified_date', 'as_of.as_of_date') }} between buckets.from_day and buckets.to_day

)

select * from final
