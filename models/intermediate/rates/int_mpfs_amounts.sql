with

relative_values as (

    select * from {{ ref('stg_reference__cms_pprrvu') }}

),

indices as (

    select * from {{ ref('stg_reference__cms_gpci') }}

),

localities as (

    select * from {{ ref('int_medicare_localities') }}

),

settings as (

    select 'facility' as setting
    union all
    select 'non_facility' as setting

),

-- Only these are priced by their relative values: B and P are bundled, C is the carrier's, the rest is not payable.
-- R codes without values are the carrier's too: no rate, not a rate of zero.
payable as (

    select * from relative_values
    where
        status_code in ('A', 'R', 'T')
        and work_rvu + non_facility_pe_rvu + facility_pe_rvu + malpractice_rvu > 0

),

-- Few enough digits that products stay exact in any engine: values have 2 decimals, indices 3, factors 4.
by_setting as (

    select
        payable.*,
        localities.locality,
        settings.setting,
        cast(payable.conversion_factor as decimal(10, 4)) as factor,
        cast(payable.work_rvu as decimal(10, 4)) * cast(indices.work_gpci as decimal(8, 4)) as work_value,
        cast(
            case settings.setting when 'facility' then payable.facility_pe_rvu else payable.non_facility_pe_rvu end
            as decimal(10, 4)
        ) * cast(indices.pe_gpci as decimal(8, 4)) as pe_value,
        cast(payable.malpractice_rvu as decimal(10, 4))
        * cast(indices.malpractice_gpci as decimal(8, 4)) as malpractice_value,
        cast(
            case settings.setting
                when 'facility' then payable.opps_facility_pe_rvu
                else payable.opps_non_facility_pe_rvu
            end as decimal(10, 4)
        ) * cast(indices.pe_gpci as decimal(8, 4)) as opps_pe_value,
        cast(payable.opps_malpractice_rvu as decimal(10, 4))
        * cast(indices.malpractice_gpci as decimal(8, 4)) as opps_malpractice_value,
        case settings.setting when 'facility' then payable.is_facility_na else payable.is_non_facility_na end as is_na
    from payable
    inner join localities on payable.schedule_id = localities.schedule_id
    inner join indices on payable.rate_year = indices.rate_year and localities.locality = indices.locality
    cross join settings

),

amounts as (

    select
        *,
        (work_value + pe_value + malpractice_value) * factor as full_amount,
        case
            when opps_pe_value > 0 then (work_value + opps_pe_value + opps_malpractice_value) * factor
        end as opps_amount,
        pe_value * factor as practice_expense_amount
    from by_setting

)

select * from amounts
