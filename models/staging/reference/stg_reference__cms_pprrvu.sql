with

source as (

    select * from {{ source('reference', 'cms_pprrvu') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

-- Said twice, the row landed first stands; one that contradicts it is reported when it is landed.
in_force as (

    select
        *,
        row_number() over (
            partition by schedule_id, effective_from, procedure_code, modifier
            order by file_number, line_number
        ) as occurrence
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

),

first_stands as (

    select
        schedule_id,
        rate_year,
        effective_from,
        procedure_code,
        modifier,
        status_code,
        work_rvu,
        non_facility_pe_rvu,
        facility_pe_rvu,
        malpractice_rvu,
        is_non_facility_na,
        is_facility_na,
        pctc_indicator,
        global_days,
        preoperative_percent,
        intraoperative_percent,
        postoperative_percent,
        multiple_procedure_indicator,
        bilateral_indicator,
        assistant_indicator,
        cosurgeon_indicator,
        team_indicator,
        endoscopic_base_code,
        conversion_factor,
        imaging_family_indicator,
        opps_non_facility_pe_rvu,
        opps_facility_pe_rvu,
        opps_malpractice_rvu,
        file_number,
        line_number
    from in_force
    where occurrence = 1

)

select * from first_stands
