with

amounts as (

    select * from {{ ref('int_mpfs_amounts') }}

),

release_dates as (

    select distinct
        schedule_id,
        effective_from
    from amounts

),

-- The contract names the year, so its first release also holds before it and its last one after it (a frozen year).
releases as (

    select
        schedule_id,
        effective_from as release_date,
        case
            when lag(effective_from) over (partition by schedule_id order by effective_from) is null
                then cast('1900-01-01' as date)
            else effective_from
        end as effective_from,
        lead(effective_from) over (partition by schedule_id order by effective_from) as next_release_date
    from release_dates

),

rates as (

    select
        amounts.schedule_id,
        amounts.locality,
        amounts.procedure_code,
        amounts.modifier,
        amounts.setting,
        amounts.status_code,
        amounts.pctc_indicator,
        amounts.global_days,
        amounts.multiple_procedure_indicator,
        amounts.bilateral_indicator,
        amounts.assistant_indicator,
        amounts.cosurgeon_indicator,
        amounts.team_indicator,
        amounts.endoscopic_base_code,
        amounts.imaging_family_indicator,
        cast(null as varchar) as apc,
        -- Imaging is paid at the outpatient amount where that is lower.
        cast(
            round(
                case
                    when amounts.opps_amount < amounts.full_amount then amounts.opps_amount else amounts.full_amount
                end,
                2
            ) as decimal(18, 2)
        ) as amount,
        cast(amounts.practice_expense_amount as decimal(18, 6)) as practice_expense_amount,
        amounts.preoperative_percent,
        amounts.intraoperative_percent,
        amounts.postoperative_percent,
        coalesce(amounts.opps_amount < amounts.full_amount, false) as is_opps_capped,
        amounts.is_na,
        releases.effective_from,
        coalesce({{ add_days('releases.next_release_date', -1) }}, cast('9999-12-31' as date)) as effective_to,
        amounts.file_number,
        amounts.line_number
    from amounts
    inner join releases
        on amounts.schedule_id = releases.schedule_id and amounts.effective_from = releases.release_date

)

select * from rates
