with

history as (

    select * from {{ ref('fct_credit_history') }}

),

month_ends as (

    select
        period_month,
        as_of_date,
        is_partial_month,
        lag(as_of_date) over (order by as_of_date) as previous_date
    from {{ ref('int_month_ends') }}

),

closings as (

    select
        month_ends.period_month,
        history.owner,
        history.cause,
        1 as accounts,
        history.credit_amount as closing_amount,
        0 as opening_amount,
        case when previous.claim_key is null then history.credit_amount else 0 end as new_amount,
        0 as settled_amount
    from history
    inner join month_ends on history.as_of_date = month_ends.as_of_date
    left join history as previous
        on history.claim_key = previous.claim_key
            and month_ends.previous_date = previous.as_of_date

),

openings as (

    select
        month_ends.period_month,
        history.owner,
        history.cause,
        0 as accounts,
        0 as closing_amount,
        history.credit_amount as opening_amount,
        0 as new_amount,
        case when next_end.claim_key is null then history.credit_amount else 0 end as settled_amount
    from history
    inner join month_ends on history.as_of_date = month_ends.previous_date
    left join history as next_end
        on history.claim_key = next_end.claim_key
            and month_ends.as_of_date = next_end.as_of_date

),

unioned as (

    select * from closings
    union all
    select * from openings

),

causes as (

    select
        period_month,
        owner,
        cause,
        sum(accounts) as accounts,
        sum(opening_amount) as opening_amount,
        sum(new_amount) as new_amount,
        sum(settled_amount) as settled_amount,
        sum(closing_amount) as closing_amount
    from unioned
    group by
        period_month,
        owner,
        cause

),

shares as (

    select
        *,
        100 * closing_amount / nullif(sum(closing_amount) over (partition by period_month), 0) as share_percent,
        100 * opening_amount / nullif(sum(opening_amount) over (partition by period_month), 0) as opening_share_percent
    from causes

),

final as (

    select
        shares.period_month,
        shares.owner,
        shares.cause,
        cast(shares.accounts as integer) as accounts,
        cast(shares.opening_amount as decimal(18, 2)) as opening_amount,
        cast(shares.new_amount as decimal(18, 2)) as new_amount,
        cast(-shares.settled_amount as decimal(18, 2)) as settled_amount,
        cast(
            shares.closing_amount - shares.opening_amount - shares.new_amount + shares.settled_amount as decimal(18, 2)
        ) as changed_amount,
        cast(shares.closing_amount as decimal(18, 2)) as closing_amount,
        cast(round(shares.share_percent, 2) as decimal(18, 2)) as share_percent,
        cast(round(shares.share_percent - shares.opening_share_percent, 2) as decimal(18, 2)) as share_change,
        month_ends.is_partial_month
    from shares
    inner join month_ends on shares.period_month = month_ends.period_month

)

select * from final
