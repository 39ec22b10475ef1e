with

mpfs_rates as (

    select
        *,
        cast(null as decimal(18, 6)) as base_units
    from {{ ref('int_mpfs_rates') }}

),

anesthesia_rates as (

    select
        schedule_id,
        locality,
        procedure_code,
        '' as modifier,
        '' as setting,
        'J' as status_code,
        cast(null as varchar) as pctc_indicator,
        cast(null as varchar) as global_days,
        cast(null as varchar) as multiple_procedure_indicator,
        cast(null as varchar) as bilateral_indicator,
        cast(null as varchar) as assistant_indicator,
        cast(null as varchar) as cosurgeon_indicator,
        cast(null as varchar) as team_indicator,
        cast(null as varchar) as endoscopic_base_code,
        cast(null as varchar) as imaging_family_indicator,
        cast(null as varchar) as apc,
        amount,
        cast(null as decimal(18, 6)) as practice_expense_amount,
        cast(null as decimal(18, 6)) as preoperative_percent,
        cast(null as decimal(18, 6)) as intraoperative_percent,
        cast(null as decimal(18, 6)) as postoperative_percent,
        false as is_opps_capped,
        false as is_na,
        effective_from,
        effective_to,
        file_number,
        line_number,
        base_units
    from {{ ref('int_anesthesia_rates') }}

),

opps_rates as (

    select
        schedule_id,
        locality,
        procedure_code,
        modifier,
        setting,
        status_code,
        cast(null as varchar) as pctc_indicator,
        cast(null as varchar) as global_days,
        cast(null as varchar) as multiple_procedure_indicator,
        cast(null as varchar) as bilateral_indicator,
        cast(null as varchar) as assistant_indicator,
        cast(null as varchar) as cosurgeon_indicator,
        cast(null as varchar) as team_indicator,
        cast(null as varchar) as endoscopic_base_code,
        cast(null as varchar) as imaging_family_indicator,
        apc,
        amount,
        cast(null as decimal(18, 6)) as practice_expense_amount,
        cast(null as decimal(18, 6)) as preoperative_percent,
        cast(null as decimal(18, 6)) as intraoperative_percent,
        cast(null as decimal(18, 6)) as postoperative_percent,
        false as is_opps_capped,
        false as is_na,
        effective_from,
        effective_to,
        file_number,
        line_number,
        cast(null as decimal(18, 6)) as base_units
    from {{ ref('int_opps_rates') }}

),

stacked as (

    select * from mpfs_rates
    union all
    select * from anesthesia_rates
    union all
    select * from opps_rates

)

select * from stacked
