{#
    The days each per-diem amount covers: above `from_day`, up to and including `through_day`. A flat per diem is
    one open tier. One row a contract, term and tier.
#}
{% macro pricing_tiers(terms, term_tiers) %}
with terms as (
    select * from {{ terms }}
    where method = 'per_diem'
),

term_tiers as (
    select * from {{ term_tiers }}
),

tiered as (
    select
        terms.contract_id,
        terms.term_number,
        coalesce(
            lag(term_tiers.through_day) over (
                partition by terms.contract_id, terms.term_number order by term_tiers.tier_number
            ),
            0
        ) as from_day,
        term_tiers.through_day,
        term_tiers.amount
    from terms
    inner join term_tiers on terms.contract_id = term_tiers.contract_id and terms.term_id = term_tiers.term_id
),

flat as (
    select
        terms.contract_id,
        terms.term_number,
        0 as from_day,
        cast(null as integer) as through_day,
        terms.amount
    from terms
    left join tiered on terms.contract_id = tiered.contract_id and terms.term_number = tiered.term_number
    where tiered.contract_id is null
),

stacked as (
    select * from tiered
    union all
    select * from flat
),

final as (
    select
        contract_id,
        term_number,
        from_day,
        -- Days are units of X12, which never reach this: an open tier ends beyond them.
        coalesce(through_day, 999999999) as through_day,
        amount
    from stacked
)

select * from final
{% endmacro %}
