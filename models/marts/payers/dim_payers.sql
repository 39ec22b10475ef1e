with

payers as (

    select * from {{ ref('int_payers') }}

),

payer_classes as (

    select * from {{ ref('payer_classes') }}

),

final as (

    select
        payers.payer_id,
        payers.payer_name,
        payers.payer_class,
        coalesce(payer_classes.credit_owner, 'commercial') as credit_owner,
        coalesce(payer_classes.is_medicare, false) as is_medicare,
        payers.is_unlisted
    from payers
    left join payer_classes on payers.payer_class = payer_classes.payer_class

)

select * from final
