with

source as (

    select * from {{ source('landing', 'files') }}

),

-- One content may lie in the inbox under several names: its rows belong to the name that was loaded.
renamed as (

    select
        file_number,
        file_id,
        file_name,
        kind,
        status,
        refusal_reason,
        loaded_at
    from source
    where status in ('loaded', 'loaded_with_findings')

)

select * from renamed
