{#
    Rule 1: of the contracts that take a claim's scope, the one in force on the basis date. Contracts of a payer may
    not overlap, so several can only take a claim that itself names more than one product: it is ambiguous, never
    guessed. `forced_contract_id` skips all of it (contract examples, counterfactuals). One row a unit.
#}
{% macro pricing_contract_choice(claims, contract_scopes) %}
with claims as (
    select
        *,
        {{ pricing_scope_key('claims') }} as scope_key
    from {{ claims }} as claims
),

contract_scopes as (
    select * from {{ contract_scopes }}
),

in_force as (
    select
        claims.unit_id,
        min(contract_scopes.contract_id) as contract_id,
        count(*) as contract_count
    from claims
    inner join contract_scopes on claims.scope_key = contract_scopes.scope_key
    where
        claims.forced_contract_id is null
        and {{ pricing_basis_date('claims', 'contract_scopes.date_basis') }}
        between contract_scopes.effective_from and contract_scopes.effective_to
    group by claims.unit_id
),

final as (
    select
        claims.unit_id,
        -- Lines are joined by number: text keys cost more than the arithmetic.
        row_number() over (order by claims.unit_id) as unit_number,
        coalesce(
            claims.forced_contract_id,
            case when in_force.contract_count = 1 then in_force.contract_id end
        ) as contract_id,
        case
            when claims.forced_contract_id is not null or in_force.contract_count = 1 then null
            when in_force.unit_id is not null then 'ambiguous_contract'
            else 'no_contract'
        end as not_priced_reason
    from claims
    left join in_force on claims.unit_id = in_force.unit_id
)

select * from final
{% endmacro %}


{# The date a contract goes by; a claim without an admission or discharge goes by its first or last service date. #}
{% macro pricing_basis_date(claim, date_basis) -%}
    case {{ date_basis }}
        when 'admission' then coalesce({{ claim }}.admission_date, {{ claim }}.service_from_date)
        when 'discharge'
            then coalesce({{ claim }}.discharge_date, {{ claim }}.service_to_date, {{ claim }}.service_from_date)
        else {{ claim }}.service_from_date
    end
{%- endmacro %}
