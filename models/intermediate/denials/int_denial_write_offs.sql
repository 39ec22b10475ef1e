{{ config(materialized='incremental', meta={'scope': 'account'}) }}

-- Write-offs know the claim, not the line. One of just a line's denied amount is that line's (of several such lines the
-- first is written off first); any other is of every line of the claim refused up to then and not refused again since.
with denied_lines as (
    select * from {{ ref('int_denied_lines') }}
),

transactions as (
    select * from {{ ref('int_transactions') }}
    where transaction_type = 'denial_write_off' and claim_key is not null
),

numbered as (
    select
        *,
        row_number() over (
            partition by claim_key, payer_id, amount order by posted_date, transaction_id, source_line_number
        ) as occurrence
    from transactions
),

candidates as (
    select
        denied_lines.claim_key,
        denied_lines.payer_id,
        denied_lines.line_number,
        denied_lines.denial_date,
        denied_lines.denied_amount,
        numbered.transaction_id,
        numbered.occurrence,
        numbered.posted_date,
        numbered.amount,
        denied_lines.denied_amount = abs(numbered.amount) as is_exact
    from denied_lines
    inner join numbered
        on
            denied_lines.claim_key = numbered.claim_key
            and denied_lines.denial_date <= numbered.posted_date
            and (denied_lines.next_denial_date is null or numbered.posted_date < denied_lines.next_denial_date)
            -- A write-off that names no payer is of the primary payer's denial.
            and (
                denied_lines.payer_id = numbered.payer_id
                or (numbered.payer_id is null and denied_lines.payer_role = 'primary_payer')
            )
),

weighed as (
    select
        *,
        sum(denied_amount) over (partition by transaction_id, occurrence, posted_date, amount) as claim_denied_amount,
        sum(case when is_exact then 1 else 0 end) over (partition by transaction_id, occurrence, posted_date, amount)
            as exact_count,
        row_number() over (
            partition by transaction_id, occurrence, posted_date, amount, is_exact order by line_number
        ) as exact_rank
    from candidates
),

final as (
    select
        claim_key,
        payer_id,
        line_number,
        denial_date,
        max(case when amount > 0 then posted_date end) as write_off_date,
        cast(sum(amount) as decimal(18, 2)) as write_off_amount
    from weighed
    where
        exact_count = 0
        or abs(amount) >= claim_denied_amount
        or (is_exact and exact_rank = least(occurrence, exact_count))
    group by claim_key, payer_id, line_number, denial_date
)

select * from final
