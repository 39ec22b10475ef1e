with

contracts as (

    select * from {{ ref('stg_reference__contracts') }}

),

terms as (

    select * from {{ ref('stg_reference__contract_terms') }}

),

named as (

    select
        schedule_id,
        coalesce(locality, '') as locality
    from terms
    where method = 'percent_of_medicare'
    union
    select
        default_schedule_id as schedule_id,
        coalesce(default_locality, '') as locality
    from contracts
    where default_method = 'percent_of_medicare'

)

select * from named
