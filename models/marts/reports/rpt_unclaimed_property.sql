with

unclaimed_property as (

    select * from {{ ref('int_unclaimed_property') }}

),

credit_balances as (

    select * from {{ ref('fct_credit_balances') }}

),

claims as (

    select * from {{ ref('fct_claims') }}

),

payers as (

    select * from {{ ref('dim_payers') }}

),

as_of as (

    select as_of_date from {{ ref('int_as_of') }}

),

dated as (

    select
        unclaimed_property.*,
        as_of.as_of_date,
        {{ add_days(
            'unclaimed_property.unclaimed_property_date', '-1 * ' ~ site_setting('unclaimed_property_notice_days')
        ) }} as notice_due_date
    from unclaimed_property
    cross join as_of

),

final as (

    select
        dated.claim_key,
        credit_balances.claim_id,
        claims.patient_key,
        credit_balances.owner,
        credit_balances.owner_payer_id,
        payers.payer_name as owner_payer_name,
        credit_balances.cause,
        dated.property_type,
        dated.state_code,
        dated.rule_state_code,
        case
            when dated.is_exempt then 'exempt'
            when dated.unclaimed_property_date <= dated.as_of_date then 'dormant'
            when dated.notice_due_date <= dated.as_of_date then 'notice_due'
            else 'running'
        end as dormancy_status,
        dated.report_due,
        dated.rule_source,
        dated.dormancy_years,
        cast({{ days_between('dated.as_of_date', 'dated.unclaimed_property_date') }} as integer) as days_left,
        credit_balances.credit_amount,
        credit_balances.is_true_overpayment,
        dated.must_verify,
        credit_balances.credit_since_date,
        dated.dormant_since_date,
        dated.notice_due_date,
        dated.unclaimed_property_date
    from dated
    inner join credit_balances on dated.claim_key = credit_balances.claim_key
    inner join claims on dated.claim_key = claims.claim_key
    left join payers on credit_balances.owner_payer_id = payers.payer_id

)

select * from final
