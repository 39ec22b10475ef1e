{{ config(materialized='ephemeral') }}

-- Fewer or more days on a per-diem line, or on the stay where the claim is one row. Part days are left as they are.
with differing_lines as (
    select * from {{ ref('int_differing_lines') }}
),

priced_lines as (
    select * from {{ ref('int_priced_lines') }}
    where method = 'per_diem'
),

per_diem_prices as (
    select * from {{ ref('int_per_diem_prices') }}
),

spans as (
    select
        claim_key,
        line_number,
        contract_id,
        line_term_id as term_id,
        expected_allowed_amount,
        allowed_amount,
        days_before,
        quantity as day_count
    from differing_lines
    where method = 'per_diem'
    union all
    select
        differing_lines.claim_key,
        differing_lines.line_number,
        differing_lines.contract_id,
        priced_lines.term_id,
        differing_lines.expected_allowed_amount,
        differing_lines.allowed_amount,
        0 as days_before,
        sum(priced_lines.quantity) as day_count
    from differing_lines
    inner join priced_lines
        on differing_lines.unit_id = priced_lines.unit_id
    where differing_lines.line_number = 0
    group by
        differing_lines.claim_key, differing_lines.line_number, differing_lines.contract_id, priced_lines.term_id,
        differing_lines.expected_allowed_amount, differing_lines.allowed_amount
),

-- The days before a line, and those that came with it, stand in the price; other days replace only the latter.
priced as (
    select
        spans.claim_key,
        spans.line_number,
        spans.day_count,
        changed.day_count - spans.days_before as changed_day_count,
        spans.expected_allowed_amount + changed.amount - agreed.amount as alternative_amount,
        spans.allowed_amount
    from spans
    inner join per_diem_prices as agreed
        on
            spans.contract_id = agreed.contract_id
            and spans.term_id = agreed.term_id
            and spans.days_before + spans.day_count = agreed.day_count
    inner join per_diem_prices as changed
        on
            spans.contract_id = changed.contract_id
            and spans.term_id = changed.term_id
            and spans.days_before < changed.day_count
            and spans.days_before + spans.day_count <> changed.day_count
),

final as (
    select
        claim_key,
        line_number,
        'per_diem_days' as root_cause,
        'the price of ' || cast(cast(changed_day_count as integer) as varchar) || ' instead of '
        || cast(cast(day_count as integer) as varchar) || ' days' as alternative,
        cast(alternative_amount as decimal(18, 2)) as alternative_amount
    from priced
    where alternative_amount = allowed_amount
)

select * from final
