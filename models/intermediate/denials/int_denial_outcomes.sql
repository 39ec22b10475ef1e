{{ config(
    materialized='incremental', meta={'scope': none, 'list': 'account', 'dated': 'appeal_deadline_date'}
) }}

-- What became of each denial. Only `past_deadline` counts days: one whose time to appeal was over in the last build, or
-- that has no such time, stays as it is until something is said of its claim.
with denied_lines as (
    select
        lines.*,
        -- Another payer's appeal window is in no contract of ours.
        case
            when lines.payer_role = 'primary_payer' then {{ add_days('lines.denial_date', 'contracts.appeal_days') }}
        end as appeal_deadline_date
    from {{ ref('int_denied_line_prices') }} as lines
    left outer join {{ ref('stg_reference__contracts') }} as contracts
        on lines.contract_id = contracts.contract_id
),

decisions as (
    select * from {{ ref('int_denial_decisions') }}
),

events as (
    select * from {{ ref('int_denial_events') }}
),

write_offs as (
    select * from {{ ref('int_denial_write_offs') }}
    where write_off_amount > 0
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

dated as (
    select
        denied_lines.*,
        decisions.decision,
        decisions.decision_date,
        coalesce(decisions.recovered_amount, 0) as recovered_amount,
        write_offs.write_off_date,
        events.appeal_filed_date,
        events.rebilled_date,
        events.appeal_overturned_date,
        -- The latest refusal, by remittance or by letter.
        -- A claim sent again and refused again was not decided: the new refusal has a row of its own.
        case
            when
                decisions.decision = 'upheld'
                and (events.appeal_filed_date is not null or events.rebilled_date is null)
                then greatest(decisions.decision_date, coalesce(events.appeal_upheld_date, decisions.decision_date))
            else events.appeal_upheld_date
        end as upheld_date,
        as_of.as_of_date
    from denied_lines
    cross join as_of
    left outer join decisions
        on
            denied_lines.claim_key = decisions.claim_key
            and denied_lines.payer_id = decisions.payer_id
            and denied_lines.line_number = decisions.line_number
            and denied_lines.denial_date = decisions.denial_date
    left outer join events
        on
            denied_lines.claim_key = events.claim_key
            and denied_lines.payer_id = events.payer_id
            and denied_lines.line_number = events.line_number
            and denied_lines.denial_date = events.denial_date
    left outer join write_offs
        on
            denied_lines.claim_key = write_offs.claim_key
            and denied_lines.payer_id = write_offs.payer_id
            and denied_lines.line_number = write_offs.line_number
            and denied_lines.denial_date = write_offs.denial_date
    where {{ is_made_anew('denied_lines.claim_key', 'denied_lines.appeal_deadline_date') }}
),

latest as (
    select
        *,
        greatest(
            coalesce(upheld_date, denial_date),
            coalesce(appeal_overturned_date, denial_date),
            coalesce(appeal_filed_date, denial_date),
            coalesce(rebilled_date, denial_date)
        ) as latest_step_date
    from dated
),

decided as (
    select
        *,
        case
            when decision in ('overturned', 'partially_overturned') then decision
            when write_off_date is not null then 'written_off'
            when latest_step_date = appeal_overturned_date then 'overturned'
            when latest_step_date = upheld_date then 'upheld'
            when latest_step_date = appeal_filed_date then 'appealed'
            when latest_step_date = rebilled_date then 'rebilled'
            when group_code = 'PR' then 'billed_to_patient'
            when appeal_deadline_date < as_of_date then 'past_deadline'
            else 'open'
        end as outcome
    from latest
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
        remark_codes,
        denial_category,
        is_initial,
        is_preventable,
        denied_amount,
        winnable_amount,
        recovered_amount,
        appeal_deadline_date,
        outcome,
        case outcome
            when 'overturned' then case decision when 'overturned' then decision_date else appeal_overturned_date end
            when 'partially_overturned' then decision_date
            when 'written_off' then write_off_date
            when 'upheld' then upheld_date
            when 'appealed' then appeal_filed_date
            when 'rebilled' then rebilled_date
            when 'billed_to_patient' then denial_date
            when 'past_deadline' then appeal_deadline_date
        end as outcome_date,
        outcome in ('overturned', 'partially_overturned') as is_overturned,
        outcome in ('overturned', 'partially_overturned', 'upheld', 'written_off') as is_decided,
        outcome in ('open', 'appealed', 'rebilled') as is_open
    from decided
)

select * from final
