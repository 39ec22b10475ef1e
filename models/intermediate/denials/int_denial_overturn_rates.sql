{{ config(meta={'scope': none}) }}

-- Few decided denials prove little: a category's rate is drawn towards the rate of all, a payer's towards its
-- category's, each by the weight of `overturn_rate_prior_rows` decided denials.
with outcomes as (
    select * from {{ ref('int_denial_outcomes') }}
),

settings as (
    select cast(setting_value as decimal(18, 6)) as prior_rows
    from {{ ref('variance_settings') }}
    where setting_name = 'overturn_rate_prior_rows'
),

counted as (
    select
        payer_id,
        denial_category,
        sum(case when is_decided then 1 else 0 end) as decided_count,
        sum(case when is_overturned then 1 else 0 end) as overturned_count
    from outcomes
    group by payer_id, denial_category
),

totalled as (
    select
        *,
        sum(decided_count) over (partition by denial_category) as category_decided_count,
        sum(overturned_count) over (partition by denial_category) as category_overturned_count,
        sum(decided_count) over () as all_decided_count,
        sum(overturned_count) over () as all_overturned_count
    from counted
),

category_rates as (
    select
        totalled.*,
        settings.prior_rows,
        (
            totalled.category_overturned_count
            + settings.prior_rows * totalled.all_overturned_count / nullif(totalled.all_decided_count, 0)
        ) / (totalled.category_decided_count + settings.prior_rows) as category_rate
    from totalled
    cross join settings
),

final as (
    select
        payer_id,
        denial_category,
        cast(decided_count as integer) as decided_count,
        cast(overturned_count as integer) as overturned_count,
        cast(category_decided_count as integer) as category_decided_count,
        cast(category_rate as decimal(18, 6)) as category_overturn_rate,
        -- Null where nothing was ever decided: unknown, not zero.
        cast((overturned_count + prior_rows * category_rate) / (decided_count + prior_rows) as decimal(18, 6))
            as overturn_rate
    from category_rates
)

select * from final
