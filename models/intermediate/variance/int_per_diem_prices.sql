-- What each number of days costs under a per-diem term, from one to twice the longest stay priced by it.
with tiers as (
    select * from {{ ref('int_pricing_tiers') }}
),

terms as (
    select * from {{ ref('int_pricing_terms') }}
),

differing_lines as (
    select * from {{ ref('int_differing_lines') }}
),

priced_lines as (
    select * from {{ ref('int_priced_lines') }}
    where method = 'per_diem'
),

digits as (
    {%- for digit in range(10) %}
        {{ 'union all' if not loop.first }}
        select {{ digit }} as digit
    {%- endfor %}
),

stays as (
    select
        priced_lines.unit_id,
        priced_lines.contract_id,
        priced_lines.term_id,
        sum(priced_lines.quantity) as day_count
    from priced_lines
    where priced_lines.unit_id in (select differing_lines.unit_id from differing_lines)
    group by priced_lines.unit_id, priced_lines.contract_id, priced_lines.term_id
),

longest_stays as (
    select
        contract_id,
        term_id,
        max(day_count) as day_count
    from stays
    group by contract_id, term_id
),

day_counts as (
    select
        longest_stays.contract_id,
        longest_stays.term_id,
        hundreds.digit * 100 + tens.digit * 10 + ones.digit as day_count
    from longest_stays
    cross join digits as hundreds
    cross join digits as tens
    cross join digits as ones
    where hundreds.digit * 100 + tens.digit * 10 + ones.digit <= 2 * longest_stays.day_count + 1
),

final as (
    select
        day_counts.contract_id,
        day_counts.term_id,
        day_counts.day_count,
        cast(
            coalesce(
                sum(tiers.amount * (least(day_counts.day_count, tiers.through_day) - tiers.from_day)), 0
            ) as decimal(18, 2)
        ) as amount
    from day_counts
    inner join terms
        on
            day_counts.contract_id = terms.contract_id
            and day_counts.term_id = terms.term_id
    left outer join tiers
        on
            terms.contract_id = tiers.contract_id
            and terms.term_number = tiers.term_number
            and day_counts.day_count > tiers.from_day
    group by day_counts.contract_id, day_counts.term_id, day_counts.day_count
)

select * from final
