{{ config(meta={'listed': 'claim_id'}) }}

with

files_in_force as (

    select file_number from {{ source('reference', 'files_in_force') }}

),

-- Ids that more than one file has.
repeated as (

    select transaction_id from {{ source('accounts', 'repeated_transactions') }}

),

-- Of the rows that say one of them (few: apart, so that all others are read once), the one landed first stands; one
-- that contradicts it is reported when it is landed.
said_again as (

    select
        file_number,
        line_number,
        row_number() over (
            partition by transaction_id
            order by file_number, line_number
        ) as occurrence
    from {{ source('accounts', 'account_transactions') }}
    where
        transaction_id in (select repeated.transaction_id from repeated)
        and file_number in (select files_in_force.file_number from files_in_force)

),

superseded as (

    select
        file_number,
        line_number
    from said_again
    where occurrence > 1

),

final as (

    select
        transactions.transaction_id,
        transactions.claim_id,
        transactions.transaction_type,
        transactions.payer_id,
        transactions.note,
        transactions.amount,
        transactions.posted_date,
        transactions.file_number,
        transactions.line_number
    from {{ source('accounts', 'account_transactions') }} as transactions
    left join superseded
        on transactions.file_number = superseded.file_number
            and transactions.line_number = superseded.line_number
    where
        superseded.file_number is null
        and transactions.file_number in (select files_in_force.file_number from files_in_force)

)

select * from final
