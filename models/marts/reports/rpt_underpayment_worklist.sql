with variances as (
    select * from {{ ref('fct_payment_variances') }}
    where variance_class = 'underpaid'
),

projects as (
    select * from {{ ref('int_variance_projects') }}
),

root_causes as (
    select * from {{ ref('root_causes') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

dated as (
    select
        variances.*,
        projects.project_id,
        projects.code_family,
        root_causes.is_payer_error,
        {{ days_between('variances.remit_date', 'as_of.as_of_date') }} as age_days,
        {{ days_between('as_of.as_of_date', 'variances.appeal_deadline_date') }} as days_left
    from variances
    inner join projects
        on
            variances.claim_key = projects.claim_key
            and variances.line_number = projects.line_number
    inner join root_causes
        on variances.root_cause = root_causes.root_cause
    cross join as_of
),

final as (
    select
        claim_key,
        claim_id,
        line_number,
        payer_id,
        contract_id,
        term_id,
        procedure_code,
        paid_procedure_code,
        code_family,
        root_cause,
        root_cause_detail,
        project_id,
        expected_allowed_amount,
        allowed_amount,
        recoverable_amount,
        cast(age_days as integer) as age_days,
        cast(days_left as integer) as days_left,
        -- What a deadline has closed comes after what is open, and what is probably our own rate after both.
        cast(
            row_number() over (
                order by
                    case when is_payer_error then 0 else 1 end asc,
                    case when days_left < 0 then 1 else 0 end asc,
                    recoverable_amount desc,
                    appeal_deadline_date asc,
                    claim_key asc,
                    line_number asc
            ) as integer
        ) as priority_rank,
        is_payer_error,
        coalesce(days_left < 0, false) as is_past_deadline,
        service_date,
        remit_date,
        appeal_deadline_date
    from dated
)

select * from final
