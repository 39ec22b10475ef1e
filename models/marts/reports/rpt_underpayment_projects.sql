with variances as (
    select * from {{ ref('fct_payment_variances') }}
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

members as (
    select
        projects.project_id,
        projects.payer_id,
        projects.root_cause,
        projects.code_family,
        variances.claim_id,
        variances.claim_key,
        variances.contract_id,
        variances.remit_date,
        variances.appeal_deadline_date,
        variances.expected_allowed_amount,
        variances.recoverable_amount,
        as_of.as_of_date,
        sum(variances.recoverable_amount) over (partition by projects.project_id, projects.claim_key) as claim_amount
    from projects
    inner join variances
        on
            projects.claim_key = variances.claim_key
            and projects.line_number = variances.line_number
    cross join as_of
),

ranked as (
    select
        *,
        dense_rank() over (partition by project_id order by claim_amount desc, claim_id asc, claim_key asc) as size_rank
    from members
),

totals as (
    select
        project_id,
        payer_id,
        root_cause,
        code_family,
        min(contract_id) as first_contract_id,
        max(case when size_rank = 1 then claim_id end) as example_claim_1,
        max(case when size_rank = 2 then claim_id end) as example_claim_2,
        max(case when size_rank = 3 then claim_id end) as example_claim_3,
        count(distinct claim_key) as claim_count,
        count(*) as line_count,
        sum(expected_allowed_amount) as expected_allowed_amount,
        sum(recoverable_amount) as recoverable_amount,
        sum(case when appeal_deadline_date < as_of_date then recoverable_amount else 0 end) as past_deadline_amount,
        min(remit_date) as first_remit_date,
        max(remit_date) as last_remit_date,
        min(case when appeal_deadline_date >= as_of_date then appeal_deadline_date end) as next_deadline_date,
        max({{ days_between('remit_date', 'as_of_date') }}) as age_days
    from ranked
    group by project_id, payer_id, root_cause, code_family
),

final as (
    select
        totals.project_id,
        totals.payer_id,
        totals.root_cause,
        totals.code_family,
        root_causes.words as root_cause_words,
        totals.first_contract_id,
        totals.example_claim_1,
        totals.example_claim_2,
        totals.example_claim_3,
        cast(totals.claim_count as bigint) as claim_count,
        cast(totals.line_count as bigint) as line_count,
        cast(totals.expected_allowed_amount as decimal(18, 2)) as expected_allowed_amount,
        cast(totals.recoverable_amount as decimal(18, 2)) as recoverable_amount,
        cast(totals.past_deadline_amount as decimal(18, 2)) as past_deadline_amount,
        cast(totals.age_days as integer) as age_days,
        cast(
            rank() over (
                order by
                    case when root_causes.is_payer_error then 0 else 1 end asc,
                    (totals.recoverable_amount - totals.past_deadline_amount) * (totals.age_days + 1) desc,
                    totals.recoverable_amount * (totals.age_days + 1) desc,
                    totals.project_id asc
            ) as integer
        ) as priority_rank,
        root_causes.is_payer_error,
        totals.first_remit_date,
        totals.last_remit_date,
        totals.next_deadline_date
    from totals
    inner join root_causes
        on totals.root_cause = root_causes.root_cause
)

select * from final
