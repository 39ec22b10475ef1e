with

claims as (

    select * from {{ ref('int_claims') }}

),

submissions as (

    select * from {{ ref('int_submissions') }}

),

files as (

    select * from {{ ref('stg_landing__files') }}

),

levels as (

    select * from {{ ref('int_claim_levels') }}

),

names as (

    select * from {{ ref('stg_x12__names') }}

),

addresses as (

    select * from {{ ref('stg_x12__addresses') }}

),

people as (

    select
        names.file_number,
        names.parent_number as level_number,
        min(addresses.state_code) as state_code
    from names
    inner join addresses
        on names.file_number = addresses.file_number
            and names.segment_number = addresses.owner_number
    where
        names.loop in ('2010BA', '2010CA')
        and addresses.state_code is not null
    group by
        names.file_number,
        names.parent_number

),

final as (

    select
        claims.claim_key,
        min(people.state_code) as state_code
    from claims
    inner join submissions on claims.current_submission_id = submissions.submission_id
    inner join files on submissions.file_id = files.file_id
    inner join levels
        on files.file_number = levels.file_number
            and submissions.segment_number = levels.segment_number
    inner join people
        on levels.file_number = people.file_number
            and coalesce(levels.patient_number, levels.subscriber_number) = people.level_number
    group by claims.claim_key

)

select * from final
