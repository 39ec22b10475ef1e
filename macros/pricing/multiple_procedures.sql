{#
    Every line that takes a rank among the procedures of a day: by the contract's percents, or by CMS's rules.
    `reduced_amount` is null where the rank takes nothing off. One row a unit and ranked line.
#}
{% macro pricing_multiple_procedures(contract_reductions, medicare_surgery, medicare_services, medicare_outpatient) %}
with final as (
    select
        unit_number,
        line_number,
        multiple_procedure_rank,
        multiple_procedure_percent,
        cast(reduced_amount as decimal(38, 28)) as reduced_amount,
        false as is_by_medicare
    from {{ contract_reductions }}
    {%- for relation in [medicare_surgery, medicare_services, medicare_outpatient] %}
    union all
    select
        unit_number,
        line_number,
        multiple_procedure_rank,
        multiple_procedure_percent,
        cast(reduced_amount as decimal(38, 28)) as reduced_amount,
        true as is_by_medicare
    from {{ relation }}
    {%- endfor %}
)

select * from final
{% endmacro %}
