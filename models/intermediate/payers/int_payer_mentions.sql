{{ config(materialized='incremental', unique_key='file_number', meta={'scope': 'file'}) }}

-- Where a payer is named: the id, secondary id, company id and name that stand there, for matching with the aliases.
with

claim_payers as (

    select
        names.file_number,
        names.segment_number,
        names.id as payer_code,
        max(refs.value) as secondary_code,
        cast(null as varchar) as company_id,
        names.last_name as payer_name
    from {{ ref('stg_x12__names') }} as names
    left join {{ ref('stg_x12__references') }} as refs
        on
            names.file_number = refs.file_number
            and names.segment_number = refs.owner_number
            and refs.qualifier in ('2U', 'EI', 'FY', 'NF')
    where names.entity = 'PR' and names.loop in ('2010BB', '2330')
    group by names.file_number, names.segment_number, names.id, names.last_name

),

remittance_payers as (

    select
        parties.file_number,
        parties.segment_number,
        parties.id as payer_code,
        max(refs.value) as secondary_code,
        max(traces.originating_company_id) as company_id,
        parties.name as payer_name
    from {{ ref('stg_x12__parties') }} as parties
    left join {{ ref('stg_x12__references') }} as refs
        on
            parties.file_number = refs.file_number
            and parties.segment_number = refs.owner_number
            and refs.qualifier = '2U'
    left join {{ ref('stg_x12__traces') }} as traces
        on
            parties.file_number = traces.file_number
            and parties.transaction_number = traces.transaction_number
            and traces.loop = 'ST'
            and traces.trace_type = '1'
    where parties.entity = 'PR' and parties.loop = '1000A'
    group by parties.file_number, parties.segment_number, parties.id, parties.name

),

final as (

    select * from claim_payers
    union all
    select * from remittance_payers

)

select * from final
