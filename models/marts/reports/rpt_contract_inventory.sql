with contracts as (
    select * from {{ ref('dim_contracts') }}
),

-- `volumes` needs a year of it, `filing_denials` few claims (`not materialized`).
variances as not materialized (
    select * from {{ ref('fct_payment_variances') }}
),

denials as (
    select * from {{ ref('fct_denials') }}
),

multiples as (
    select * from {{ ref('int_medicare_multiples') }}
),

exposure as (
    select * from {{ ref('int_filing_exposure') }}
),

as_of as (
    select
        as_of_date,
        cast({{ dbt.dateadd('month', -12, 'as_of_date') }} as date) as year_ago_date
    from {{ ref('int_as_of') }}
),

volumes as (
    select
        variances.contract_id,
        count(distinct variances.claim_key) as claim_count,
        count(*) as line_count,
        sum(variances.charge_amount) as charge_amount,
        sum(variances.expected_allowed_amount) as expected_allowed_amount,
        sum(variances.allowed_amount) as allowed_amount,
        sum(variances.payer_paid_amount) as payer_paid_amount,
        sum(
            case when variances.root_cause <> 'contract_load_suspect' then variances.recoverable_amount else 0 end
        ) as recoverable_amount,
        sum(case when variances.root_cause = 'contract_load_suspect' then 1 else 0 end) as suspect_line_count
    from variances
    cross join as_of
    where variances.remit_date > as_of.year_ago_date and variances.contract_id is not null
    group by variances.contract_id
),

filing_denials as (
    select
        variances.contract_id,
        sum(denials.denied_amount) as denied_amount
    from denials
    inner join variances
        on
            denials.claim_key = variances.claim_key
            and denials.line_number = variances.line_number
    cross join as_of
    where denials.denial_category = 'timely_filing' and denials.denial_date > as_of.year_ago_date
    group by variances.contract_id
),

final as (
    select
        contracts.contract_id,
        contracts.payer_id,
        contracts.contract_name,
        contracts.products,
        contracts.claim_types,
        cast(coalesce(volumes.claim_count, 0) as bigint) as claim_count,
        cast(coalesce(volumes.line_count, 0) as bigint) as line_count,
        cast(coalesce(volumes.charge_amount, 0) as decimal(18, 2)) as charge_amount,
        cast(volumes.expected_allowed_amount as decimal(18, 2)) as expected_allowed_amount,
        cast(coalesce(volumes.allowed_amount, 0) as decimal(18, 2)) as allowed_amount,
        cast(coalesce(volumes.payer_paid_amount, 0) as decimal(18, 2)) as payer_paid_amount,
        cast(coalesce(volumes.recoverable_amount, 0) as decimal(18, 2)) as recoverable_amount,
        cast(coalesce(volumes.suspect_line_count, 0) as bigint) as suspect_line_count,
        cast(100.0 * multiples.allowed_amount / nullif(multiples.medicare_amount, 0) as decimal(18, 6))
            as percent_of_medicare,
        cast(coalesce(multiples.line_count, 0) as bigint) as medicare_line_count,
        contracts.timely_filing_days,
        contracts.appeal_days,
        contracts.prompt_pay_days,
        cast(coalesce(exposure.near_count, 0) as bigint) as filing_limit_near_count,
        cast(coalesce(exposure.near_amount, 0) as decimal(18, 2)) as filing_limit_near_amount,
        cast(coalesce(exposure.past_count, 0) as bigint) as filing_limit_past_count,
        cast(coalesce(exposure.past_amount, 0) as decimal(18, 2)) as filing_limit_past_amount,
        cast(coalesce(filing_denials.denied_amount, 0) as decimal(18, 2)) as timely_filing_denied_amount,
        cast({{ days_between('as_of.as_of_date', 'contracts.effective_to') }} as integer) as days_to_end,
        contracts.is_in_force,
        contracts.effective_from,
        contracts.effective_to,
        {{ add_days('contracts.effective_to', '1') }} as renewal_date,
        {{ add_days('contracts.effective_to', '-' ~ variance_setting('renewal_notice_days')) }} as notice_date
    from contracts
    cross join as_of
    left outer join volumes
        on contracts.contract_id = volumes.contract_id
    left outer join multiples
        on contracts.contract_id = multiples.contract_id
    left outer join exposure
        on contracts.contract_id = exposure.contract_id
    left outer join filing_denials
        on contracts.contract_id = filing_denials.contract_id
)

select * from final
