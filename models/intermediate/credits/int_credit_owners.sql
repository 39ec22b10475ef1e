{{ config(materialized='incremental', meta={'list': 'credit', 'dated': 'as_of_date'}) }}

with

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}

),

causes as (

    select * from {{ ref('int_credit_causes') }}

),

payer_classes as (

    select * from {{ ref('payer_classes') }}

),

payers as (

    select * from {{ ref('int_payers') }}

),

-- The payer that overpaid; of a credit that is none, the party on whose balance it stands (rule 15).
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
    inner join causes
        on credit_accounts.claim_key = causes.claim_key
            and credit_accounts.as_of_date = causes.as_of_date

),

final as (

    select
        owned.*,
        case
            when owned.owner_payer_id is null then 'patient'
            else coalesce(payer_classes.credit_owner, 'commercial')
        end as owner
    from owned
    left join payers on owned.owner_payer_id = payers.payer_id
    left join payer_classes on payers.payer_class = payer_classes.payer_class

)

select * from final
