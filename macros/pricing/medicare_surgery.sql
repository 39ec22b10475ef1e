{#
    CMS indicators 1, 2 and 3: procedures of a session rank by amount, the first whole, each other at half (the sixth
    and later, which carriers price by report, too). Endoscopies of one base code (indicator 3) first become a family:
    the dearest whole, each other less the base code's amount, the base code itself nothing; the family ranks as one,
    and its rank's percent falls on each of its lines.
    One row a unit and line.
#}
{% macro pricing_medicare_surgery(medicare_lines) %}
with surgeries as (
    select * from {{ medicare_lines }}
    where indicator in ('1', '2', '3')
),

families as (
    select distinct
        unit_number,
        session,
        endoscopic_base_code
    from surgeries
    where indicator = '3' and endoscopic_base_code is not null
),

grouped as (
    select
        surgeries.*,
        families.endoscopic_base_code is not null as is_family_base,
        coalesce(surgeries.endoscopic_base_code, families.endoscopic_base_code) as family
    from surgeries
    left join families
        on
            surgeries.unit_number = families.unit_number
            and surgeries.session = families.session
            and surgeries.procedure_code = families.endoscopic_base_code
),

within_families as (
    select
        *,
        case
            when family is null then 'line ' || cast(line_number as varchar)
            else family
        end as procedure_group,
        row_number() over (
            partition by unit_number, session, family, is_family_base order by modified_amount desc, line_number
        ) as family_rank
    from grouped
),

adjusted as (
    select
        *,
        case
            when family is null then modified_amount
            when is_family_base then 0
            when family_rank = 1 then modified_amount
            else greatest(modified_amount - coalesce(endoscopic_base_amount, 0) * price_factor * units, 0)
        end as family_amount
    from within_families
),

group_amounts as (
    select
        unit_number,
        session,
        procedure_group,
        row_number() over (
            partition by unit_number, session order by sum(family_amount) desc, min(line_number)
        ) as procedure_rank
    from adjusted
    group by unit_number, session, procedure_group
),

final as (
    select
        adjusted.unit_number,
        adjusted.line_number,
        group_amounts.procedure_rank as multiple_procedure_rank,
        case when group_amounts.procedure_rank = 1 then 100 else 50 end as multiple_procedure_percent,
        case
            when group_amounts.procedure_rank > 1 then adjusted.family_amount * 0.5
            when adjusted.family_amount <> adjusted.modified_amount then adjusted.family_amount
        end as reduced_amount
    from adjusted
    inner join group_amounts
        on
            adjusted.unit_number = group_amounts.unit_number
            and adjusted.session = group_amounts.session
            and adjusted.procedure_group = group_amounts.procedure_group
)

select * from final
{% endmacro %}
