{#
    Rules 3 and 5: the contract's ranked lines, by amount after modifiers within unit, rendering provider and service
    date, highest first, ties by line number; a line of several units takes one rank; the last percent repeats.
    Carve-outs are priced on their own and take no rank.
    `percents` has one row a key (a contract, or a counterfactual reduction) and rank. A counterfactual reduction of
    lines that the contract does not rank falls on surgery (10004 to 69990).
    One row a unit and ranked line.
#}
{% macro pricing_multiple_procedures(line_bases, percents) %}
with percents as (
    select * from {{ percents }}
),

last_ranks as (
    select
        multiple_procedure_key,
        max(rank_number) as last_rank
    from percents
    group by multiple_procedure_key
),

rankable as (
    select
        line_bases.unit_id,
        line_bases.line_number,
        line_bases.multiple_procedure_key,
        line_bases.modified_amount,
        last_ranks.last_rank,
        row_number() over (
            partition by line_bases.unit_id, line_bases.rendering_npi, line_bases.service_date
            order by line_bases.modified_amount desc, line_bases.line_number
        ) as procedure_rank
    from {{ line_bases }} as line_bases
    inner join last_ranks on line_bases.multiple_procedure_key = last_ranks.multiple_procedure_key
    where
        line_bases.stage_number > 2
        -- What no amount can be (and what no amount could be held with eight decimals more).
        and line_bases.modified_amount < 1000000000
        and (
            line_bases.is_ranked_by_contract
            or (
                line_bases.multiple_procedure_key <> line_bases.contract_id
                and length(line_bases.procedure_code) = 5
                and line_bases.procedure_code between '10004' and '69990'
            )
        )
),

final as (
    select
        rankable.unit_id,
        rankable.line_number,
        rankable.procedure_rank as multiple_procedure_rank,
        percents.percent as multiple_procedure_percent,
        -- At 100 there is nothing to multiply.
        case when percents.percent <> 100 then rankable.modified_amount * (percents.percent * 0.01) end as reduced_amount
    from rankable
    inner join percents
        on
            rankable.multiple_procedure_key = percents.multiple_procedure_key
            and least(rankable.procedure_rank, rankable.last_rank) = percents.rank_number
)

select * from final
{% endmacro %}
