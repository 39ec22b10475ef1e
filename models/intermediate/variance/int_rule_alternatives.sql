{{ config(materialized='ephemeral') }}

-- What the payer's figure would be had it left out, added or doubled a rule whose amounts the price already holds.
with differing_lines as (
    select * from {{ ref('int_differing_lines') }}
),

priced_claims as (
    select * from {{ ref('int_priced_claims') }}
),

contracts as (
    select * from {{ ref('stg_reference__contracts') }}
),

rows_with_claims as (
    select
        differing_lines.claim_key,
        differing_lines.line_number,
        differing_lines.charge_amount,
        differing_lines.expected_allowed_amount,
        differing_lines.patient_responsibility_amount,
        differing_lines.lesser_of as line_lesser_of,
        differing_lines.line_amount,
        differing_lines.rounded_amount,
        differing_lines.is_capped_by_contract,
        priced_claims.claim_term_id,
        priced_claims.claim_term_amount,
        priced_claims.carve_out_amount,
        priced_claims.uncapped_amount,
        priced_claims.capped_amount,
        case
            when contracts.sequestration_percent > 0 then contracts.sequestration_percent
            else {{ variance_setting('sequestration_percent', 'decimal(18, 6)') }}
        end as sequestration_percent,
        coalesce(contracts.sequestration_percent, 0) > 0 as is_sequestration_agreed
    from differing_lines
    inner join priced_claims
        on differing_lines.unit_id = priced_claims.unit_id
    inner join contracts
        on differing_lines.contract_id = contracts.contract_id
),

charge_cap as (
    select
        claim_key,
        line_number,
        'lesser_of' as root_cause,
        'the charge, which the contract does not cap at' as alternative,
        charge_amount as alternative_amount
    from rows_with_claims
    where charge_amount < expected_allowed_amount and not is_capped_by_contract
),

no_charge_cap as (
    select
        claim_key,
        line_number,
        'lesser_of' as root_cause,
        'the price without the contract''s cap at the charge' as alternative,
        case line_number when 0 then uncapped_amount else rounded_amount end as alternative_amount
    from rows_with_claims
    where
        (line_number = 0 and claim_term_id = 'lesser_of')
        or (line_number > 0 and line_lesser_of = 'line' and line_amount < rounded_amount)
),

no_stop_loss as (
    select
        claim_key,
        line_number,
        'stop_loss_missed' as root_cause,
        'the price without stop-loss' as alternative,
        capped_amount as alternative_amount
    from rows_with_claims
    where line_number = 0 and claim_term_id = 'stop_loss'
),

no_carve_out as (
    select
        claim_key,
        line_number,
        'carve_out_unpaid' as root_cause,
        'the claim-scoped price alone, without the carve-outs' as alternative,
        claim_term_amount as alternative_amount
    from rows_with_claims
    where line_number = 0 and claim_term_amount is not null and carve_out_amount > 0
),

-- A reduction that was reported (reason 253) is part of what was allowed; only one hidden in the allowed amount shows.
-- Taken twice, the agreed percent counts double. Payers round the reduction, or what it leaves.
reductions as (
    select
        rows_with_claims.*,
        times.factor,
        times.factor * rows_with_claims.sequestration_percent * 0.01 as reduction,
        rows_with_claims.expected_allowed_amount - rows_with_claims.patient_responsibility_amount as payer_share_amount
    from rows_with_claims
    inner join (select 1 as factor union all select 2 as factor) as times
        on times.factor = 1 or rows_with_claims.is_sequestration_agreed
),

sequestered as (
    select
        reductions.claim_key,
        reductions.line_number,
        'sequestration' as root_cause,
        case
            when reductions.factor = 2 then 'expected less the agreed sequestration taken twice'
            when reductions.is_sequestration_agreed then 'expected less the agreed sequestration once more'
            else 'expected less sequestration, which is not agreed'
        end as alternative,
        case roundings.is_cut_rounded
            when 1
                then reductions.expected_allowed_amount
                    - cast(round(reductions.payer_share_amount * reductions.reduction, 2) as decimal(18, 2))
            else reductions.patient_responsibility_amount
                + cast(round(reductions.payer_share_amount * (1 - reductions.reduction), 2) as decimal(18, 2))
        end as alternative_amount
    from reductions
    cross join (select 1 as is_cut_rounded union all select 0 as is_cut_rounded) as roundings
),

final as (
    select * from charge_cap
    union all
    select * from no_charge_cap
    union all
    select * from no_stop_loss
    union all
    select * from no_carve_out
    union all
    select * from sequestered
)

select * from final
