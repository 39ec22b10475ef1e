{# The steps of a claim as a whole, as CTEs over `claims`, `priced_claims`, `contracts` and `terms`. #}
{% macro pricing_claim_steps() %}
contract_steps as (
    select
        priced_claims.unit_id,
        0 as line_number,
        1 as step_number,
        'contract' as rule,
        coalesce(priced_claims.contract_id, priced_claims.not_priced_reason) as clause,
        case when claims.forced_contract_id is not null then 'given' else coalesce(claims.payer_id, 'no payer') end
        || coalesce(', ' || claims.claim_type, '')
        || coalesce(', ' || coalesce(claims.product_group, claims.plan_name, claims.filing_code), '')
        || coalesce(', ' || contracts.date_basis || ' ' || cast(
            {{ pricing_basis_date('claims', 'contracts.date_basis') }} as varchar
        ), ', service_from ' || cast(claims.service_from_date as varchar), '') as inputs,
        cast(null as decimal(18, 6)) as amount_before,
        cast(null as decimal(18, 6)) as amount_after
    from priced_claims
    inner join claims on priced_claims.unit_id = claims.unit_id
    left join contracts on priced_claims.contract_id = contracts.contract_id
),

claim_term_steps as (
    select
        priced_claims.unit_id,
        0 as line_number,
        7 as step_number,
        'claim_term' as rule,
        priced_claims.claim_scoped_term_id || coalesce(', line ' || cast(terms.source_line as varchar), '') as clause,
        case priced_claims.claim_scoped_method
            when 'percent_of_charge'
                then {{ pricing_words('priced_claims.percent') }} || '% of charges '
                    || cast(priced_claims.charge_amount - priced_claims.carve_out_charge_amount as varchar)
            when 'drg_weight'
                then {{ pricing_words('priced_claims.rate_amount') }} || ' × weight '
                    || {{ pricing_words('priced_claims.quantity') }}
            when 'case_rate' then 'case rate ' || {{ pricing_words('priced_claims.rate_amount') }}
            when 'per_diem' then 'the days of its lines'
            else replace(priced_claims.claim_scoped_method, '_', ' ')
        end as inputs,
        cast(null as decimal(18, 6)) as amount_before,
        priced_claims.claim_term_amount as amount_after
    from priced_claims
    left join terms
        on
            priced_claims.contract_id = terms.contract_id
            and priced_claims.claim_scoped_term_id = terms.term_id
    where priced_claims.claim_scoped_term_id is not null
),

sum_steps as (
    select
        unit_id,
        0 as line_number,
        8 as step_number,
        'sum' as rule,
        case when claim_scoped_term_id is null then 'lines' else 'carve-outs and claim' end as clause,
        'carve-outs ' || cast(carve_out_amount as varchar) || ', the rest '
        || cast(uncapped_amount - carve_out_amount as varchar) as inputs,
        cast(null as decimal(18, 6)) as amount_before,
        uncapped_amount as amount_after
    from priced_claims
    where uncapped_amount is not null and (carve_out_amount <> 0 or is_claim_priced)
),

claim_cap_steps as (
    select
        unit_id,
        0 as line_number,
        9 as step_number,
        'lesser_of' as rule,
        'claim' as clause,
        'charges ' || cast(charge_amount as varchar) as inputs,
        uncapped_amount as amount_before,
        capped_amount as amount_after
    from priced_claims
    where is_capped
),

stop_loss_steps as (
    select
        priced_claims.unit_id,
        0 as line_number,
        10 as step_number,
        'stop_loss' as rule,
        priced_claims.stop_loss_kind || coalesce(', line ' || cast(contracts.stop_loss_source_line as varchar), '')
            as clause,
        {{ pricing_words('contracts.stop_loss_percent') }} || '% of charges '
        || cast(priced_claims.charge_amount - priced_claims.carve_out_charge_amount as varchar)
        || case when priced_claims.stop_loss_kind = 'second_dollar' then ' above ' else ', above the threshold ' end
        || cast(contracts.stop_loss_threshold as varchar) as inputs,
        priced_claims.capped_amount as amount_before,
        priced_claims.expected_allowed_amount as amount_after
    from priced_claims
    inner join contracts on priced_claims.contract_id = contracts.contract_id
    where priced_claims.stop_loss_kind is not null and priced_claims.expected_allowed_amount is not null
)
{% endmacro %}
