-- What adds up over months: a metric's numerator, denominator and the cases it rests on.
with first_answers as (
    select * from {{ ref('int_scorecard_first_answers') }}
),

variances as (
    select * from {{ ref('fct_payment_variances') }}
    where variance_class <> 'not_priced' and coalesce(root_cause, '') <> 'contract_load_suspect'
),

all_denials as (
    select * from {{ ref('fct_denials') }}
),

denials as (
    select * from all_denials
    where outcome in ('overturned', 'partially_overturned', 'upheld', 'written_off')
),

final_denials as (
    select
        claim_key,
        sum(denied_amount) as denied_amount
    from all_denials
    where is_initial and outcome in ('written_off', 'upheld', 'past_deadline')
    group by claim_key
),

credits as (
    select * from {{ ref('fct_credit_balances') }}
    where owner_payer_id is not null
),

answered as (
    select
        first_answers.payer_id,
        {{ month_of('first_answers.remit_date') }} as period_month,
        count(*) as claim_count,
        sum(first_answers.charge_amount) as charge_amount,
        sum(first_answers.denied_amount) as denied_amount,
        sum(coalesce(final_denials.denied_amount, 0)) as final_denied_amount,
        sum(case when first_answers.is_denied then 1 else 0 end) as denied_count,
        count(final_denials.claim_key) as finally_denied_count,
        sum(case when first_answers.is_first_pass then 1 else 0 end) as first_pass_count
    from first_answers
    left outer join final_denials
        on first_answers.claim_key = final_denials.claim_key
    group by first_answers.payer_id, {{ month_of('first_answers.remit_date') }}
),

compared as (
    select
        payer_id,
        {{ month_of('remit_date') }} as period_month,
        count(*) as row_count,
        sum(allowed_amount) as allowed_amount,
        sum(expected_allowed_amount) as expected_amount,
        sum(recoverable_amount) as recoverable_amount,
        sum(case when variance_class <> 'denied' then expected_allowed_amount else 0 end) as judged_expected_amount,
        sum(case when variance_class <> 'denied' then 1 else 0 end) as judged_count,
        sum(case when variance_class = 'underpaid' then 1 else 0 end) as underpaid_count
    from variances
    group by payer_id, {{ month_of('remit_date') }}
),

decided as (
    select
        payer_id,
        {{ month_of('outcome_date') }} as period_month,
        count(*) as decided_count,
        sum(case when outcome in ('overturned', 'partially_overturned') then 1 else 0 end) as overturned_count
    from denials
    group by payer_id, {{ month_of('outcome_date') }}
),

caused as (
    select
        owner_payer_id as payer_id,
        {{ month_of('identified_date') }} as period_month,
        count(*) as credit_count,
        sum(credit_amount) as credit_amount
    from credits
    group by owner_payer_id, {{ month_of('identified_date') }}
),

stacked as (
    {% set measures = [
        ('answered', 'claims_answered', 'claim_count', 'null', 'claim_count'),
        ('answered', 'charges_answered', 'charge_amount', 'null', 'claim_count'),
        ('answered', 'initial_denial_rate', 'denied_count', 'claim_count', 'claim_count'),
        ('answered', 'initial_denial_rate_dollars', 'denied_amount', 'charge_amount', 'claim_count'),
        ('answered', 'final_denial_rate', 'finally_denied_count', 'claim_count', 'claim_count'),
        ('answered', 'final_denial_rate_dollars', 'final_denied_amount', 'charge_amount', 'claim_count'),
        ('answered', 'first_pass_rate', 'first_pass_count', 'claim_count', 'claim_count'),
        ('compared', 'allowed_amount', 'allowed_amount', 'null', 'row_count'),
        ('compared', 'contract_yield', 'allowed_amount', 'expected_amount', 'row_count'),
        ('compared', 'underpaid_share', 'underpaid_count', 'judged_count', 'judged_count'),
        ('compared', 'underpaid_dollar_share', 'recoverable_amount', 'judged_expected_amount', 'judged_count'),
        ('decided', 'denial_overturn_rate', 'overturned_count', 'decided_count', 'decided_count'),
        ('caused', 'credit_balances_caused', 'credit_amount', 'null', 'credit_count'),
    ] -%}
    {%- for relation, metric, numerator, denominator, sample in measures %}
        {{ 'union all' if not loop.first }}
        select
            payer_id,
            period_month,
            '{{ metric }}' as metric_id,
            cast({{ numerator }} as decimal(18, 2)) as numerator,
            cast({{ denominator }} as decimal(18, 2)) as denominator,
            cast({{ sample }} as bigint) as sample_count
        from {{ relation }}
    {%- endfor %}
)

select * from stacked
