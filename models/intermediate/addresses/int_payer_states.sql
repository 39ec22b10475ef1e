with

remittances as (

    select * from {{ ref('int_remittances') }}

),

parties as (

    select * from {{ ref('stg_x12__parties') }}

),

addresses as (

    select * from {{ ref('stg_x12__addresses') }}

),

-- The address the payer's newest remittance gives.
ranked as (

    select
        remittances.payer_id,
        addresses.state_code,
        row_number() over (
            partition by remittances.payer_id
            order by remittances.payment_date desc, remittances.remittance_key asc
        ) as choice
    from remittances
    inner join parties
        on remittances.file_number = parties.file_number
            and remittances.transaction_number = parties.transaction_number
            and parties.entity = 'PR'
    inner join addresses
        on parties.file_number = addresses.file_number
            and parties.segment_number = addresses.owner_number
            and addresses.loop = '1000A'
    where addresses.state_code is not null

),

final as (

    select
        payer_id,
        state_code
    from ranked
    where choice = 1

)

select * from final
