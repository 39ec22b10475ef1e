with

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}
    where is_current

),

transactions as (

    select * from {{ ref('int_transactions') }}

),

-- A word from before the account was last settled speaks of an earlier credit.
identified as (

    select
        credit_accounts.claim_key,
        credit_accounts.credit_since_date,
        coalesce(min(transactions.posted_date), credit_accounts.credit_since_date) as identified_date
    from credit_accounts
    left join transactions
        on credit_accounts.claim_key = transactions.claim_key
            and transactions.transaction_type = 'credit_identified'
            and transactions.posted_date >= coalesce(credit_accounts.last_settled_date, cast('0001-01-01' as date))
    group by
        credit_accounts.claim_key,
        credit_accounts.credit_since_date

),

deadlines as (

    select
        *,
        {{ add_days('identified_date', site_setting('refund_clock_days')) }} as first_due_date,
        {{ add_days('identified_date', site_setting('refund_suspension_days')) }} as last_suspended_date
    from identified

),

-- Only an investigation begun inside the clock stops it.
investigation_started as (

    select
        deadlines.claim_key,
        greatest(min(transactions.posted_date), deadlines.identified_date) as started_date
    from deadlines
    inner join transactions
        on deadlines.claim_key = transactions.claim_key
            and transactions.transaction_type = 'credit_investigation_started'
            and transactions.posted_date <= deadlines.first_due_date
            and transactions.posted_date >= deadlines.credit_since_date
    group by
        deadlines.claim_key,
        deadlines.identified_date

),

investigation_ended as (

    select
        investigation_started.claim_key,
        min(transactions.posted_date) as ended_date
    from investigation_started
    inner join transactions
        on investigation_started.claim_key = transactions.claim_key
            and transactions.transaction_type = 'credit_investigation_ended'
            and transactions.posted_date >= investigation_started.started_date
    group by investigation_started.claim_key

),

resumed as (

    select
        deadlines.*,
        investigation_started.started_date as investigation_started_date,
        investigation_ended.ended_date as investigation_ended_date,
        case
            when investigation_started.claim_key is not null
                then least(
                        coalesce(investigation_ended.ended_date, deadlines.last_suspended_date),
                        deadlines.last_suspended_date
                    )
        end as resumed_date
    from deadlines
    left join investigation_started on deadlines.claim_key = investigation_started.claim_key
    left join investigation_ended on deadlines.claim_key = investigation_ended.claim_key

),

-- What was left of the clock when the investigation began runs on from its end.
final as (

    select
        claim_key,
        identified_date,
        investigation_started_date,
        investigation_ended_date,
        case
            when resumed_date is null then first_due_date
            else {{ add_days(
                'resumed_date', days_between('investigation_started_date', 'first_due_date')
            ) }}
        end as refund_due_date
    from resumed

)

select * from final
