{#
    The claim's price (rules 8 and 10): carve-outs, and the claim-scoped price or the sum of the lines; capped by
    `lesser_of: claim`; then stop-loss, whose charges leave out carved-out ones and whose threshold must be exceeded.
    A claim with an unpriced line has no price of its own, unless a first-dollar stop-loss prices it by its charges.
    `claim_term_id` names what decided the price as a whole, where something did.
    One row a unit.
#}
{% macro pricing_priced_claims(claims, contract_choices, contracts, claim_amounts) %}
with claims as (
    select * from {{ claims }}
),

contract_choices as (
    select * from {{ contract_choices }}
),

contracts as (
    select * from {{ contracts }}
),

claim_amounts as (
    select * from {{ claim_amounts }}
),

totals as (
    select
        claims.unit_id,
        claims.claim_key,
        contract_choices.contract_id,
        contract_choices.not_priced_reason as contract_reason,
        claim_amounts.claim_term_id as term_id,
        claim_amounts.claim_term_method as method,
        claim_amounts.rate_amount,
        claim_amounts.quantity,
        claim_amounts.percent,
        claim_amounts.claim_term_amount,
        claim_amounts.charge_amount,
        claim_amounts.carve_out_charge_amount,
        claim_amounts.carve_out_amount,
        claim_amounts.charge_amount - claim_amounts.carve_out_charge_amount as stop_loss_charge_amount,
        contracts.lesser_of,
        case
            when claim_amounts.charge_amount - claim_amounts.carve_out_charge_amount > contracts.stop_loss_threshold
                then contracts.stop_loss_kind
        end as stop_loss_kind,
        contracts.stop_loss_threshold,
        contracts.stop_loss_percent,
        case
            when claim_amounts.claim_term_id is not null
                then claim_amounts.carve_out_amount + claim_amounts.claim_term_amount
            when claim_amounts.priced_line_count = claim_amounts.line_count
                then claim_amounts.carve_out_amount + claim_amounts.line_amount
        end as uncapped_amount
    from claims
    left join contract_choices on claims.unit_id = contract_choices.unit_id
    left join contracts on contract_choices.contract_id = contracts.contract_id
    left join claim_amounts on contract_choices.unit_number = claim_amounts.unit_number
),

capped as (
    select
        *,
        -- A first-dollar stop-loss replaces what the cap would have lowered.
        coalesce(
            lesser_of = 'claim' and uncapped_amount > charge_amount and coalesce(stop_loss_kind, '') <> 'first_dollar',
            false
        ) as is_capped,
        case
            when lesser_of = 'claim' and uncapped_amount > charge_amount then charge_amount else uncapped_amount
        end as capped_amount
    from totals
),

stopped as (
    select
        *,
        case stop_loss_kind
            when 'first_dollar'
                then carve_out_amount
                    + {{ pricing_cents(pricing_price('stop_loss_charge_amount', 'stop_loss_percent')) }}
            when 'second_dollar'
                then capped_amount
                    + {{ pricing_cents(pricing_price(
                        '(stop_loss_charge_amount - stop_loss_threshold)', 'stop_loss_percent'
                    )) }}
            else capped_amount
        end as total_amount
    from capped
),

final as (
    select
        unit_id,
        claim_key,
        contract_id,
        case
            when contract_reason is not null then contract_reason
            when total_amount is null then 'no_rate'
        end as not_priced_reason,
        case
            when total_amount is null then null
            when stop_loss_kind is not null then 'stop_loss'
            when is_capped then 'lesser_of'
            else term_id
        end as claim_term_id,
        term_id as claim_scoped_term_id,
        method as claim_scoped_method,
        stop_loss_kind,
        lesser_of,
        rate_amount,
        quantity,
        percent,
        charge_amount,
        carve_out_charge_amount,
        carve_out_amount,
        claim_term_amount,
        cast(uncapped_amount as decimal(18, 2)) as uncapped_amount,
        cast(capped_amount as decimal(18, 2)) as capped_amount,
        cast(total_amount as decimal(18, 2)) as expected_allowed_amount,
        is_capped,
        coalesce(
            total_amount is not null and (stop_loss_kind is not null or is_capped or term_id is not null), false
        ) as is_claim_priced
    from stopped
)

select * from final
{% endmacro %}
