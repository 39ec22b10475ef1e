{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

-- Which answer a reversal takes back. The payer's control number says it, of an answer of the days before or else of
-- the same day; where there is none, the amount does; last the order: paid and taken back on one day, or in part.
{%- set passes = [
    ('by_control_number', ['payer_claim_control_number', 'paid_amount'], 'reversal_first_number'),
    ('by_control_number_of_the_day', ['payer_claim_control_number', 'paid_amount'], 'event_number'),
    ('by_amount', ['paid_amount'], 'reversal_first_number'),
    ('by_order', [], 'event_number'),
] %}

with

posted as (

    select * from {{ ref('int_posted_adjudications') }}

),

claims_with_reversals as (

    select distinct
        claim_key,
        payer_id
    from posted
    where is_reversal

),

-- Payers put a correction before or after the reversal of the same day: the reversal means an earlier day's.
candidates as (

    select
        posted.adjudication_id,
        posted.claim_key,
        posted.payer_id,
        nullif(posted.payer_claim_control_number, '') as payer_claim_control_number,
        abs(posted.payer_paid_amount) as paid_amount,
        posted.is_reversal,
        posted.posted_date,
        posted.event_number,
        row_number() over (
            partition by posted.claim_key, posted.payer_id
            order by
                posted.posted_date,
                case when posted.is_reversal then 0 else 1 end,
                posted.event_number
        ) as reversal_first_number
    from posted
    inner join claims_with_reversals
        on posted.claim_key = claims_with_reversals.claim_key
            and posted.payer_id = claims_with_reversals.payer_id

),

{% set left_over = namespace(name='candidates') %}
{% for name, keys, order_column in passes %}

    {{ name }} as (

        {{ match_reversals(left_over.name, ['claim_key', 'payer_id'] + keys, order_column) }}

    ),

    left_{{ name }} as (

        select * from {{ left_over.name }}
        where
            adjudication_id not in (select {{ name }}.reversal_id from {{ name }})
            and adjudication_id not in (select {{ name }}.reversed_adjudication_id from {{ name }})

    ),

    {% set left_over.name = 'left_' ~ name %}
{% endfor %}

matches as (

    {% for name, _, _ in passes %}
        {{ 'union all' if not loop.first }}
        select * from {{ name }}
    {% endfor %}

),

final as (

    select
        matches.reversal_id,
        matches.reversed_adjudication_id,
        candidates.claim_key,
        candidates.payer_id,
        candidates.posted_date as reversed_date,
        candidates.event_number as reversed_at
    from matches
    inner join candidates on matches.reversal_id = candidates.adjudication_id

)

select * from final
