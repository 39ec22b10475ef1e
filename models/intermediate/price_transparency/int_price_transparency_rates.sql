-- What each term that may price a probed charge pays for one unit, where it has a rate for it (rule 2: one without
-- falls to the next; a weight is only unknown while the group is). Schedule rows are chosen as rule 5 has it; figures
-- beyond the engine's bounds are mistakes.
with

probes as (

    select * from {{ ref('int_price_transparency_probes') }}

),

probe_terms as (

    select
        probe_terms.*,
        terms.method,
        terms.amount,
        terms.percent,
        terms.base_rate,
        terms.weight_set,
        terms.schedule_id,
        terms.locality
    from {{ ref('int_price_transparency_terms') }} as probe_terms
    inner join {{ ref('int_pricing_terms') }} as terms
        on probe_terms.contract_id = terms.contract_id and probe_terms.term_number = terms.term_number
    where
        terms.percent < {{ pricing_highest_percent() }}
        and coalesce(terms.amount, terms.base_rate, 0) < {{ pricing_highest_rate() }}

),

schedule_rates as (

    select * from {{ ref('int_pricing_schedule_rates') }}
    where amount < {{ pricing_highest_rate() }}

),

drg_weights as (

    select * from {{ ref('stg_reference__drg_weights') }}

),

named_rates as (

    select
        probe_terms.unit_id,
        probe_terms.term_number,
        schedule_rates.amount,
        schedule_rates.modifier,
        row_number() over (
            partition by probe_terms.unit_id, probe_terms.term_number
            order by
                case when schedule_rates.modifier = '' then 1 else 0 end,
                case when schedule_rates.setting = '' then 1 else 0 end
        ) as preference
    from probe_terms
    inner join probes on probe_terms.unit_id = probes.unit_id
    inner join schedule_rates
        on
            probe_terms.schedule_id = schedule_rates.schedule_id
            and probe_terms.locality = schedule_rates.locality
            and probes.procedure_code = schedule_rates.procedure_code
            and schedule_rates.modifier in ('', coalesce(probes.modifier, ''))
            and schedule_rates.setting in ('', probes.rate_setting)
            and probes.rate_date between schedule_rates.effective_from and schedule_rates.effective_to
            and probes.rate_date < schedule_rates.replaced_from

),

weights as (

    select
        probe_terms.unit_id,
        probe_terms.term_number,
        max(drg_weights.relative_weight) as relative_weight
    from probe_terms
    inner join probes on probe_terms.unit_id = probes.unit_id
    inner join drg_weights
        on
            probe_terms.weight_set = drg_weights.weight_set
            and probes.drg = drg_weights.drg
            and probes.rate_date between drg_weights.effective_from and drg_weights.effective_to
    group by probe_terms.unit_id, probe_terms.term_number

),

final as (

    select
        probe_terms.unit_id,
        probe_terms.contract_id,
        probe_terms.term_number,
        probe_terms.method,
        named_rates.modifier as rate_modifier,
        case
            when probe_terms.schedule_id is not null then named_rates.amount
            when probe_terms.method = 'drg_weight' then probe_terms.base_rate
            when probe_terms.method = 'not_payable' then 0
            when probe_terms.method in ('case_rate', 'per_unit') then probe_terms.amount
        end as rate_amount,
        case when probe_terms.method = 'drg_weight' then weights.relative_weight else 1 end as relative_weight,
        probe_terms.percent,
        probe_terms.priority,
        probe_terms.is_doubtful
    from probe_terms
    left join named_rates
        on
            probe_terms.unit_id = named_rates.unit_id
            and probe_terms.term_number = named_rates.term_number
            and named_rates.preference = 1
    left join weights on probe_terms.unit_id = weights.unit_id and probe_terms.term_number = weights.term_number
    where
        (probe_terms.schedule_id is null or named_rates.amount is not null)
        and (probe_terms.method <> 'drg_weight' or probe_terms.is_doubtful or weights.relative_weight is not null)

)

select * from final
