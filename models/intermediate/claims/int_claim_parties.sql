{{ config(meta={'scope': 'file'}) }}

-- Who stands over each claim: billing provider, destination payer, patient, coverage.
with

levels as (

    select * from {{ ref('int_claim_levels') }}

),

names as (

    select * from {{ ref('stg_x12__names') }}

),

providers as (

    select
        names.file_number,
        names.parent_number as billing_number,
        max(case when names.id_qualifier = 'XX' then names.id end) as billing_npi,
        max(case when names.id_qualifier in ('24', '34') then names.id end) as name_tax_id
    from names
    where names.loop = '2010AA'
    group by names.file_number, names.parent_number

),

tax_ids as (

    select
        names.file_number,
        names.parent_number as billing_number,
        max(refs.value) as tax_id
    from names
    inner join {{ ref('stg_x12__references') }} as refs
        on names.file_number = refs.file_number and names.segment_number = refs.owner_number
    where names.loop = '2010AA' and refs.qualifier in ('EI', 'SY', 'TJ')
    group by names.file_number, names.parent_number

),

coverage as (

    select
        file_number,
        owner_number as subscriber_number,
        max(payer_sequence) as payer_sequence,
        max(group_number) as product_group,
        max(plan_name) as plan_name,
        max(filing_code) as filing_code
    from {{ ref('stg_x12__subscribers') }}
    where loop = '2000B'
    group by file_number, owner_number

),

destinations as (

    select
        names.file_number,
        names.parent_number as subscriber_number,
        min(payers.payer_id) as payer_id
    from names
    inner join {{ ref('int_named_payers') }} as payers
        on names.file_number = payers.file_number and names.segment_number = payers.segment_number
    where names.loop = '2010BB'
    group by names.file_number, names.parent_number

),

people as (

    select
        names.file_number,
        names.parent_number as level_number,
        min(names.last_name) as last_name,
        min(names.first_name) as first_name,
        min(names.id) as member_id,
        min(demographics.birth_date) as birth_date,
        min(addresses.state_code) as state_code
    from names
    left join {{ ref('stg_x12__demographics') }} as demographics
        on names.file_number = demographics.file_number and names.segment_number = demographics.owner_number
    left join {{ ref('stg_x12__addresses') }} as addresses
        on names.file_number = addresses.file_number and names.segment_number = addresses.owner_number
    where names.loop in ('2010BA', '2010CA')
    group by names.file_number, names.parent_number

),

final as (

    select
        levels.file_number,
        levels.segment_number,
        providers.billing_npi,
        coalesce(tax_ids.tax_id, providers.name_tax_id) as billing_tax_id,
        coalesce(coverage.payer_sequence, 'P') as payer_sequence,
        coverage.product_group,
        coverage.plan_name,
        coverage.filing_code,
        coalesce(destinations.payer_id, 'UNKNOWN') as payer_id,
        case
            when people.last_name is not null or people.member_id is not null
                then
                    {{ stable_key([
                        'upper(people.last_name)',
                        'upper(people.first_name)',
                        'people.birth_date',
                        'case when people.birth_date is null then people.member_id end',
                    ]) }}
        end as patient_key,
        upper(people.last_name) as patient_last_name,
        upper(people.first_name) as patient_first_name,
        people.state_code as patient_state_code
    from levels
    left join providers
        on levels.file_number = providers.file_number and levels.billing_number = providers.billing_number
    left join tax_ids on levels.file_number = tax_ids.file_number and levels.billing_number = tax_ids.billing_number
    left join coverage
        on levels.file_number = coverage.file_number and levels.subscriber_number = coverage.subscriber_number
    left join destinations
        on levels.file_number = destinations.file_number and levels.subscriber_number = destinations.subscriber_number
    left join people
        on
            levels.file_number = people.file_number
            and coalesce(levels.patient_number, levels.subscriber_number) = people.level_number

)

select * from final
