-- Each comparable charge as the line it would be billed as, once a code, setting and contract. Left out: charges by
-- drug unit, for a claim counts other units, and charges for several modifiers together.
with

charges as (

    select * from {{ ref('int_price_transparency_charges') }}
    where
        coalesce(file_amount, file_percent) is not null
        and drug_unit is null
        and coalesce(length(modifiers), 2) = 2

),

codes as (

    select
        *,
        case
            when code_type in ('CPT', 'HCPCS', 'CDT') then 1
            when code_type like '%DRG' then 2
            when code_type = 'RC' then 3
        end as code_rank
    from {{ ref('stg_price_transparency__codes') }}
    where code_type in ('CPT', 'HCPCS', 'CDT', 'RC') or code_type like '%DRG'

),

-- A procedure is priced by its code, a stay by its group; the revenue code beside it says where it is billed.
item_codes as (

    select
        *,
        min(code_rank) over (partition by file_number, line_number) as item_rank,
        min(case when code_type = 'RC' then code end) over (partition by file_number, line_number) as revenue_code
    from codes

),

contracts as (

    select * from {{ ref('int_price_transparency_contracts') }}

),

settings as (

    select
        'inpatient' as setting,
        '111' as bill_type,
        '21' as place_of_service
    union all
    select
        'outpatient' as setting,
        '131' as bill_type,
        '22' as place_of_service

),

as_of as (

    select as_of_date from {{ ref('int_as_of') }}

),

joined as (

    select
        charges.*,
        contracts.contract_id,
        contracts.claim_type,
        item_codes.code_number,
        item_codes.code_type,
        item_codes.code,
        settings.setting as probed_setting,
        case when item_codes.code_rank = 1 then item_codes.code end as procedure_code,
        case when item_codes.code_rank = 2 then item_codes.code end as drg,
        item_codes.revenue_code,
        case when contracts.claim_type = 'institutional' then settings.bill_type end as bill_type,
        case when contracts.claim_type <> 'institutional' then settings.place_of_service end as place_of_service,
        as_of.as_of_date
    from charges
    inner join contracts
        on charges.file_number = contracts.file_number
            and charges.payer_name = contracts.payer_name
            and coalesce(charges.plan_name, '') = coalesce(contracts.plan_name, '')
            and coalesce(charges.billing_class, '') = coalesce(contracts.billing_class, '')
    inner join item_codes
        on charges.file_number = item_codes.file_number
            and charges.line_number = item_codes.line_number
            and item_codes.code_rank = item_codes.item_rank
    inner join settings on coalesce(charges.setting, 'both') in ('both', settings.setting)
    cross join as_of

),

final as (

    select
        {{ stable_key([
            'file_number', 'line_number', 'charge_number', 'code_number', 'probed_setting', 'contract_id',
        ]) }} as unit_id,
        contract_id,
        file_number,
        line_number,
        charge_number,
        code_type,
        code,
        claim_type,
        probed_setting as setting,
        procedure_code,
        modifiers as modifier,
        revenue_code,
        place_of_service,
        bill_type,
        drg,
        -- Rule 4: a hospital's professional services take the facility rate, its own services the other.
        case when claim_type = 'institutional' then 'non_facility' else 'facility' end as rate_setting,
        gross_charge_amount,
        coalesce(first_day, 1) as first_day,
        as_of_date as rate_date
    from joined

)

select * from final
