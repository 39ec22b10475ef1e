{{ config(materialized='incremental') }}

-- What the payer's later adjudications say of a denied line: the latest that answers the line and was not taken back
-- decides. One without service lines answers every line through the claim as a whole.
with denied_lines as (
    select * from {{ ref('int_denied_lines') }}
),

adjudicated_lines as (
    select * from {{ ref('int_adjudicated_lines') }}
),

reversals as (
    select * from {{ ref('int_adjudication_reversals') }}
),

before as (
    select
        denied_lines.*,
        coalesce(adjudicated_lines.allowed_amount, 0) as allowed_before,
        coalesce(adjudicated_lines.payer_paid_amount, 0) as paid_before
    from denied_lines
    left outer join adjudicated_lines
        on
            denied_lines.adjudication_id = adjudicated_lines.adjudication_id
            and denied_lines.line_number = adjudicated_lines.line_number
),

later as (
    select
        before.claim_key,
        before.payer_id,
        before.line_number,
        before.denial_date,
        adjudicated_lines.adjudication_number,
        adjudicated_lines.remit_date,
        case when reversals.reversal_id is null then 1 else 0 end as is_standing,
        -- A claim paid as a whole can gain more than this line was refused.
        case
            when adjudicated_lines.line_number = before.line_number
                then adjudicated_lines.payer_paid_amount - before.paid_before
            else least(adjudicated_lines.payer_paid_amount - before.paid_before, before.denied_amount)
        end as gained_amount,
        case
            when not adjudicated_lines.allowed_amount > before.allowed_before then 'upheld'
            when adjudicated_lines.denied_amount > 0 then 'partially_overturned'
            else 'overturned'
        end as decision,
        -- What came after the line was refused again belongs to that refusal.
        adjudicated_lines.remit_date <= coalesce(before.next_denial_date, adjudicated_lines.remit_date) as is_own_round
    from before
    inner join adjudicated_lines
        on
            before.claim_key = adjudicated_lines.claim_key
            and before.payer_id = adjudicated_lines.payer_id
            and before.adjudication_number < adjudicated_lines.adjudication_number
    left outer join reversals
        on adjudicated_lines.adjudication_id = reversals.reversed_adjudication_id
    where
        before.line_number = adjudicated_lines.line_number
        or (adjudicated_lines.line_number = 0 and not adjudicated_lines.has_service_lines)
),

ranked as (
    select
        *,
        first_value(decision) over (
            partition by claim_key, payer_id, line_number, denial_date
            order by is_standing desc, adjudication_number desc
        ) as latest_decision,
        row_number() over (
            partition by claim_key, payer_id, line_number, denial_date, is_own_round
            order by is_standing desc, adjudication_number desc
        ) as round_rank
    from later
),

final as (
    select
        claim_key,
        payer_id,
        line_number,
        denial_date,
        latest_decision as decision,
        min(case when decision = latest_decision then remit_date end) as decision_date,
        max(case when is_own_round and round_rank = 1 and is_standing = 1 then greatest(gained_amount, 0) end)
            as recovered_amount
    from ranked
    group by claim_key, payer_id, line_number, denial_date, latest_decision
    having max(is_standing) = 1
)

select * from final
