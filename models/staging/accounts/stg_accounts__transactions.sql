{{ config(meta={'listed': 'claim_id'}) }}

with

source as (

    select * from {{ source('accounts', 'account_transactions') }}

),

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

-- Said twice, the row landed first stands; one that contradicts it is reported when it is landed.
in_force as (

    select
        *,
        row_number() over (
            partition by transaction_id
            order by file_number, line_number
        ) as occurrence
    from source
    where file_number in (select files_in_force.file_number from files_in_force)

),

first_stands as (

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
    from in_force
    where occurrence = 1

)

select * from first_stands
