-- The terms that may price a probed charge by its codes. What a file does not say (a gross charge, a procedure's
-- revenue code, the group or diagnosis of a stay) may or may not satisfy a term that asks for it: the term is doubtful.
{%- set keys = [
    ('procedure', 'procedure_code'), ('revenue_code', 'revenue_code'), ('place_of_service', 'place_of_service'),
    ('bill_type', 'bill_type'), ('drg', 'drg'), ('modifier', 'modifier')
] %}
with

probes as (

    select * from {{ ref('int_price_transparency_probes') }}

),

term_matches as (

    select * from {{ ref('int_pricing_term_matches') }}

),

terms as (

    select * from {{ ref('int_pricing_terms') }}
    where stage_number > 0

),

coded as (

    {% for match_key, column in keys %}
        {{ 'union all' if not loop.first }}
        select
            unit_id,
            contract_id,
            '{{ match_key }}' as match_key,
            {{ column }} as match_value
        from probes
        where {{ column }} is not null
    {% endfor %}

),

-- Each distinct value is held against a contract once, however many charges bear it.
values_in_use as (

    select distinct
        contract_id,
        match_key,
        match_value
    from coded

),

satisfied as (

    select distinct
        values_in_use.contract_id,
        values_in_use.match_key,
        values_in_use.match_value,
        term_matches.term_number
    from values_in_use
    inner join term_matches
        on
            values_in_use.contract_id = term_matches.contract_id
            and values_in_use.match_key = term_matches.match_key
            and (term_matches.is_prefix or length(values_in_use.match_value) = length(term_matches.low_value))
            and left(values_in_use.match_value, length(term_matches.low_value))
            between term_matches.low_value and term_matches.high_value

),

key_counts as (

    select
        coded.unit_id,
        satisfied.term_number,
        count(*) as key_count
    from coded
    inner join satisfied
        on
            coded.contract_id = satisfied.contract_id
            and coded.match_key = satisfied.match_key
            and coded.match_value = satisfied.match_value
    group by coded.unit_id, satisfied.term_number

),

asked as (

    select distinct
        contract_id,
        term_number,
        match_key
    from term_matches
    where match_key in ('revenue_code', 'drg', 'diagnosis')

),

unknown_counts as (

    select
        probes.unit_id,
        asked.term_number,
        count(*) as unknown_count
    from probes
    inner join asked on probes.contract_id = asked.contract_id
    where
        asked.match_key = 'diagnosis'
        or (asked.match_key = 'revenue_code' and probes.revenue_code is null and probes.drg is null)
        or (asked.match_key = 'drg' and probes.drg is null and probes.setting = 'inpatient')
    group by probes.unit_id, asked.term_number

),

final as (

    select
        probes.unit_id,
        terms.contract_id,
        terms.term_number,
        terms.priority,
        coalesce(unknown_counts.unknown_count, 0) > 0
        or (coalesce(terms.minimum_charge, terms.maximum_charge) is not null and probes.gross_charge_amount is null)
        or (terms.method = 'drg_weight' and probes.drg is null and probes.setting = 'inpatient') as is_doubtful
    from probes
    inner join terms on probes.contract_id = terms.contract_id
    left join key_counts on probes.unit_id = key_counts.unit_id and terms.term_number = key_counts.term_number
    left join unknown_counts
        on probes.unit_id = unknown_counts.unit_id and terms.term_number = unknown_counts.term_number
    where
        terms.key_count = coalesce(key_counts.key_count, 0) + coalesce(unknown_counts.unknown_count, 0)
        and coalesce(probes.gross_charge_amount >= terms.minimum_charge, true)
        and coalesce(probes.gross_charge_amount <= terms.maximum_charge, true)
        and coalesce(terms.minimum_units, 1) <= 1

)

select * from final
