{#
    Rules 3 and 5: the lines the contract ranks by its own percents, by amount after modifiers within unit, rendering provider and service
    date, highest first, ties by line number; a line of several units takes one rank; the last percent repeats.
    Carve-outs are priced on their own and take no rank.
    One row a unit and ranked line.
#}
{% macro pricing_contract_reductions(line_classes, line_bases, percents) %}
with line_classes as (
    select * from {{ line_classes }}
),

line_bases as (
    select * from {{ line_bases }}
    -- What no amount can be could not be held with eight decimals more either.
    where is_ranked and stage_number > 2 and modified_amount < 1000000000
),

percents as (
    select * from {{ percents }}
),

last_ranks as (
    select
        contract_id,
        max(rank_number) as last_rank
    from percents
    group by contract_id
),

ranked as (
    select
        line_bases.unit_number,
        line_bases.line_number,
        line_classes.contract_id,
        line_bases.modified_amount,
        row_number() over (
            partition by line_bases.unit_number, line_classes.rendering_npi, line_classes.service_date
            order by line_bases.modified_amount desc, line_bases.line_number
        ) as procedure_rank
    from line_bases
    inner join line_classes
        on line_bases.unit_number = line_classes.unit_number and line_bases.line_number = line_classes.line_number
),

final as (
    select
        ranked.unit_number,
        ranked.line_number,
        ranked.procedure_rank as multiple_procedure_rank,
        percents.percent as multiple_procedure_percent,
        -- At 100 there is nothing to multiply.
        case when percents.percent <> 100 then ranked.modified_amount * (percents.percent * 0.01) end as reduced_amount
    from ranked
    inner join last_ranks on ranked.contract_id = last_ranks.contract_id
    inner join percents
        on
            ranked.contract_id = percents.contract_id
            and least(ranked.procedure_rank, last_ranks.last_rank) = percents.rank_number
)

select * from final
{% endmacro %}
