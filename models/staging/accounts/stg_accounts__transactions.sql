{{ config(meta={'listed': 'claim_id'}) }}

with

source as (

    select
        transaction_id,
        claim_id,
        transaction_type,
        payer_id,
        note,
        amount,
        posted_date,
        file_number,
        line_number
    from {{ source('accounts', 'account_transactions') }}

),

-- Ids that more than one file has.
repeated as (

    select transaction_id from {{ source('accounts', 'repeated_transactions') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

in_force as (

    select * from source
    where file_number in (select files_in_force.file_number from files_in_force)

),

-- Said twice, the row landed first stands; one that contradicts it is reported when it is landed.
said_again as (

    select
        *,
        row_number() over (
            partition by transaction_id
            order by file_number, line_number
        ) as occurrence
    from in_force
    where transaction_id in (select repeated.transaction_id from repeated)

),

final as (

    select * from in_force
    where transaction_id not in (select repeated.transaction_id from repeated)
    union all
    select * exclude (occurrence) from said_again
    where occurrence = 1

)

select * from final
