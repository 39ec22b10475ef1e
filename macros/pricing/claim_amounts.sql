{#
    What a claim's lines add up to, carve-outs apart, and the price of the claim-scoped term that took it.
    One row a unit with a contract.
#}
{% macro pricing_claim_amounts(line_classes, line_amounts, claim_terms, terms) %}
with line_classes as (
    select * from {{ line_classes }}
),

line_amounts as (
    select * from {{ line_amounts }}
),

claim_terms as (
    select * from {{ claim_terms }}
),

terms as (
    select * from {{ terms }}
),

sums as (
    select
        line_classes.unit_number,
        count(*) as line_count,
        count(line_amounts.line_amount) as priced_line_count,
        cast(coalesce(sum(line_classes.charge_amount), 0) as decimal(18, 2)) as charge_amount,
        cast(coalesce(sum(case
            when line_amounts.stage_number = 1 then line_classes.charge_amount
        end), 0) as decimal(18, 2)) as carve_out_charge_amount,
        coalesce(sum(case when line_amounts.stage_number = 1 then line_amounts.line_amount end), 0)
            as carve_out_amount,
        coalesce(sum(case when line_amounts.stage_number > 2 then line_amounts.line_amount end), 0) as line_amount,
        coalesce(sum(case when line_amounts.stage_number = 2 then line_amounts.modified_amount end), 0)
            as claim_parts_amount
    from line_classes
    left join line_amounts
        on line_classes.unit_number = line_amounts.unit_number and line_classes.line_number = line_amounts.line_number
    group by line_classes.unit_number
),

claim_term_amounts as (
    select
        claim_terms.unit_number,
        terms.term_id,
        claim_terms.method,
        claim_terms.rate_amount,
        claim_terms.quantity,
        claim_terms.percent,
        case
            when claim_terms.method = 'percent_of_charge'
                then {{ pricing_cents('(sums.charge_amount - sums.carve_out_charge_amount) * claim_terms.price') }}
            when claim_terms.method = 'per_diem' then {{ pricing_cents('sums.claim_parts_amount') }}
            else {{ pricing_cents('claim_terms.price * claim_terms.quantity') }}
        end as claim_term_amount
    from claim_terms
    inner join sums on claim_terms.unit_number = sums.unit_number
    inner join terms
        on claim_terms.term_key = terms.term_key
),

final as (
    select
        sums.*,
        claim_term_amounts.term_id as claim_term_id,
        claim_term_amounts.method as claim_term_method,
        claim_term_amounts.rate_amount,
        claim_term_amounts.quantity,
        claim_term_amounts.percent,
        claim_term_amounts.claim_term_amount
    from sums
    left join claim_term_amounts on sums.unit_number = claim_term_amounts.unit_number
)

select * from final
{% endmacro %}
