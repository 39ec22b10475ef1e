{#
    Medicare's outpatient packaging, in a first form, by status indicator (Addendum D1) within a claim: a comprehensive
    service (J1, the dearest) is paid for all but pass-through items (F, G, H, L, U); else Q1 is packaged beside S, T
    or V of its day, Q2 beside T, Q4 beside any of them; of T on a day the dearest whole, each other half. N costs
    nothing. Composites (Q3), conditional J2 and outliers are not applied. One row a unit and line.
#}
{% macro pricing_medicare_outpatient(line_classes, line_bases, classes, terms, outpatient_statuses) %}
with outpatient_lines as (
    select
        line_bases.unit_number,
        line_bases.line_number,
        line_classes.service_date,
        outpatient_statuses.status_indicator,
        line_bases.modified_amount
    from {{ line_bases }} as line_bases
    inner join {{ terms }} as terms on line_bases.term_key = terms.term_key and terms.is_packaged_as_outpatient
    inner join {{ classes }} as classes on line_bases.class_number = classes.class_number
    inner join {{ outpatient_statuses }} as outpatient_statuses
        on
            terms.schedule_id = outpatient_statuses.schedule_id
            and classes.procedure_code = outpatient_statuses.procedure_code
    inner join {{ line_classes }} as line_classes
        on line_bases.unit_number = line_classes.unit_number and line_bases.line_number = line_classes.line_number
    where line_bases.stage_number > 2 and line_bases.modified_amount < 1000000000
),

in_company as (
    select
        *,
        max(case when status_indicator = 'J1' then 1 else 0 end) over (partition by unit_number) as has_comprehensive,
        max(case when status_indicator = 'T' then 1 else 0 end) over (partition by unit_number, service_date)
            as has_procedure,
        max(case when status_indicator in ('S', 'T', 'V') then 1 else 0 end) over (
            partition by unit_number, service_date
        ) as has_service,
        row_number() over (
            partition by unit_number, status_indicator order by modified_amount desc, line_number
        ) as claim_rank,
        row_number() over (
            partition by unit_number, service_date, status_indicator order by modified_amount desc, line_number
        ) as day_rank
    from outpatient_lines
),

shares as (
    select
        *,
        case
            when has_comprehensive = 1 and status_indicator = 'J1' then case when claim_rank = 1 then 100 else 0 end
            when has_comprehensive = 1 and status_indicator not in ('F', 'G', 'H', 'L', 'U') then 0
            when status_indicator in ('Q1', 'Q4') and has_service = 1 then 0
            when status_indicator = 'Q2' and has_procedure = 1 then 0
            when status_indicator = 'T' and day_rank > 1 then 50
            else 100
        end as share_percent
    from in_company
),

final as (
    select
        unit_number,
        line_number,
        day_rank as multiple_procedure_rank,
        cast(share_percent as decimal(18, 6)) as multiple_procedure_percent,
        case when share_percent <> 100 then modified_amount * (share_percent * 0.01) end as reduced_amount
    from shares
)

select * from final
{% endmacro %}
