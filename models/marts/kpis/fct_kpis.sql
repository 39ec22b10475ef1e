with

definitions as (

    select * from {{ ref('kpi_definitions') }}

),

windows as (

    select * from {{ ref('int_kpi_windows') }}

),

feeds as (

    select * from {{ ref('int_kpi_feeds') }}

),

months as (

    select distinct
        payer_id,
        period_month,
        is_partial_month
    from windows

),

-- A payer without an amount of a kind has had none of it: zero, as long as the feed is there.
components as (

    select
        definitions.*,
        months.payer_id,
        months.period_month,
        months.is_partial_month,
        case when definitions.numerator_measure is not null then coalesce(numerators.amount, 0) end
            as numerator_amount,
        case
            when definitions.denominator_measure is null then null
            when definitions.method = 'days'
                then cast(coalesce(denominators.amount, 0) as decimal(18, 6)) / nullif(denominators.day_count, 0)
            when definitions.method = 'percent_of_month'
                then cast(coalesce(denominators.amount, 0) as decimal(18, 6)) / nullif(denominators.month_count, 0)
            else coalesce(denominators.amount, 0)
        end as denominator_amount,
        coalesce(feeds.is_available, false) as has_feed
    from definitions
    cross join months
    left join windows as numerators
        on definitions.numerator_measure = numerators.measure
            and definitions.numerator_months = numerators.window_months
            and months.payer_id = numerators.payer_id
            and months.period_month = numerators.period_month
    left join windows as denominators
        on definitions.denominator_measure = denominators.measure
            and definitions.denominator_months = denominators.window_months
            and months.payer_id = denominators.payer_id
            and months.period_month = denominators.period_month
    left join feeds on definitions.required_feed = feeds.feed

),

reasoned as (

    select
        *,
        case
            when not has_feed then missing_feed_reason
            when method <> 'amount' and coalesce(denominator_amount, 0) = 0 then 'nothing in: ' || denominator_words
            when method <> 'amount' and denominator_amount < 0 then 'below zero: ' || denominator_words
        end as not_computable_reason
    from components

),

final as (

    select
        kpi_id,
        period_month,
        payer_id,
        unit,
        not_computable_reason,
        cast(round(case
            when not_computable_reason is not null then null
            when method = 'amount' then numerator_amount
            when method in ('percent', 'percent_of_month') then 100 * numerator_amount / denominator_amount
            else numerator_amount / denominator_amount
        end, 6) as decimal(18, 6)) as value,
        cast(case when has_feed then numerator_amount end as decimal(18, 2)) as numerator,
        cast(case when has_feed then denominator_amount end as decimal(18, 6)) as denominator,
        cast(target_low as decimal(18, 6)) as target_low,
        cast(target_high as decimal(18, 6)) as target_high,
        is_partial_month
    from reasoned

)

select * from final
