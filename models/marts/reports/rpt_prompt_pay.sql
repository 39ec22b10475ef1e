{{ config(materialized='incremental', meta={'list': 'claim', 'dated': 'stopped_date'}) }}

-- A clock that has not stopped runs to the as-of date.
with clocks as (
    select
        clocks.claim_key,
        clocks.claim_id,
        clocks.payer_id,
        clocks.payer_class,
        clocks.submission_id,
        clocks.payment_status,
        clocks.payer_paid_amount,
        clocks.received_date,
        coalesce(clocks.stopped_date, as_of.as_of_date) as stopped_date,
        {{ days_between('clocks.received_date', 'coalesce(clocks.stopped_date, as_of.as_of_date)') }} as days_taken
    from {{ ref('int_prompt_pay_clocks') }} as clocks
    cross join {{ ref('int_as_of') }} as as_of
    where {{ is_made_anew('clocks.claim_key', 'coalesce(clocks.stopped_date, as_of.as_of_date)') }}
),

priced_claims as (
    select * from {{ ref('int_priced_claims') }}
),

contracts as (
    select * from {{ ref('stg_reference__contracts') }}
),

rules as (
    select * from {{ ref('prompt_pay_rules') }}
),

ruled as (
    select
        clocks.*,
        contracts.contract_id,
        case
            when contracts.prompt_pay_days is not null then 'contract'
            when rules.jurisdiction is not null then rules.jurisdiction
        end as rule_source,
        coalesce(
            contracts.prompt_pay_days,
            -- Five working days to the calendar week.
            case rules.day_type
                when 'working' then cast(floor(rules.clean_days_electronic * 1.4) as integer)
                else rules.clean_days_electronic
            end
        ) as days_allowed,
        case
            when contracts.prompt_pay_days is not null then contracts.annual_interest_percent
            else rules.annual_interest_percent
        end as annual_interest_percent
    from clocks
    left outer join priced_claims
        on clocks.submission_id = priced_claims.unit_id
    left outer join contracts
        on priced_claims.contract_id = contracts.contract_id
    left outer join rules
        on
            rules.jurisdiction = case clocks.payer_class
                when 'medicare' then 'MEDICARE'
                else {{ variance_setting('prompt_pay_jurisdiction', 'varchar') }}
            end
),

late as (
    select
        *,
        case when days_allowed is not null then greatest(days_taken - days_allowed, 0) end
            as days_late
    from ruled
),

estimated as (
    select
        *,
        cast(payer_paid_amount * annual_interest_percent * days_late as decimal(18, 4))
        * cast('0.0000273972602740' as decimal(18, 16)) as interest_amount
    from late
),

final as (
    select
        claim_key,
        claim_id,
        payer_id,
        contract_id,
        payment_status,
        rule_source,
        cast(days_taken as integer) as days_taken,
        cast(days_allowed as integer) as days_allowed,
        cast(days_late as integer) as days_late,
        payer_paid_amount,
        annual_interest_percent,
        -- Simple interest, amount x percent x days late / 36500: an estimate that needs legal review.
        case
            when days_late = 0 then 0
            when payment_status = 'paid' then cast(round(interest_amount, 2) as decimal(18, 2))
        end as estimated_interest_amount,
        case
            when days_allowed is null then 'no rule: the contract is silent and no jurisdiction is set'
            when days_late > 0 and payment_status = 'refused' then 'answered late and refused: nothing paid yet'
            when days_late > 0 and payment_status = 'waiting' then 'not answered: the amount owed is not known yet'
            when days_late > 0 and annual_interest_percent is null then 'the rule names no rate'
        end as interest_unknown_reason,
        -- Null where no rule says.
        days_late > 0 as is_violation,
        received_date,
        stopped_date
    from estimated
)

select * from final
