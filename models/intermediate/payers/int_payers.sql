-- Listed payers, and those seen in a file without being listed.
with

listed as (

    select
        payer_id,
        payer_name,
        payer_class,
        false as is_unlisted
    from {{ ref('stg_reference__payers') }}

),

unlisted as (

    select
        payer_id,
        coalesce(min(payer_name), payer_id) as payer_name,
        'other' as payer_class,
        true as is_unlisted
    from {{ ref('int_payer_identities') }}
    where is_unlisted and payer_id not in (select listed.payer_id from listed)
    group by payer_id

),

-- A claim or remittance that names no payer at all.
unnamed as (

    select
        'UNKNOWN' as payer_id,
        'Payer not named' as payer_name,
        'other' as payer_class,
        true as is_unlisted
    where
        'UNKNOWN' not in (select listed.payer_id from listed)
        and 'UNKNOWN' not in (select unlisted.payer_id from unlisted)

),

final as (

    select * from listed
    union all
    select * from unlisted
    union all
    select * from unnamed

)

select * from final
