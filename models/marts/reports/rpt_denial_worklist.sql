with denials as (
    select * from {{ ref('fct_denials') }}
    where outcome in ('open', 'appealed', 'rebilled')
),

reasons as (
    select * from {{ ref('adjustment_reasons') }}
),

urgency as (
    select * from {{ ref('deadline_urgency') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

dated as (
    select
        denials.*,
        reasons.default_action,
        reasons.note as reason_words,
        {{ days_between('denials.denial_date', 'as_of.as_of_date') }} as age_days,
        {{ days_between('as_of.as_of_date', 'denials.appeal_deadline_date') }} as days_left
    from denials
    cross join as_of
    left outer join reasons
        on denials.reason_code = reasons.reason_code
),

scored as (
    select
        dated.*,
        coalesce(urgency.urgency, 1) as urgency,
        -- Without any decided denial there is no rate: the open amount ranks, and the score is unknown.
        dated.expected_recovery_amount * coalesce(urgency.urgency, 1)
        - {{ variance_setting('cost_to_work_a_denial', 'decimal(18, 2)') }} as worklist_score
    from dated
    left outer join urgency
        on dated.days_left between urgency.days_left_from and urgency.days_left_to
),

final as (
    select
        claim_key,
        claim_id,
        line_number,
        payer_id,
        denial_date,
        group_code,
        reason_code,
        reason_words,
        remark_codes,
        denial_category,
        default_action,
        outcome,
        denied_amount,
        open_amount,
        overturn_rate,
        expected_recovery_amount,
        urgency,
        cast(worklist_score as decimal(18, 2)) as worklist_score,
        cast(age_days as integer) as age_days,
        cast(days_left as integer) as days_left,
        cast(
            row_number() over (
                order by
                    case when worklist_score is null then 1 else 0 end asc,
                    worklist_score desc,
                    open_amount desc,
                    claim_key asc,
                    line_number asc,
                    denial_date asc
            ) as integer
        ) as priority_rank,
        is_initial,
        is_preventable,
        outcome_date,
        appeal_deadline_date
    from scored
)

select * from final
