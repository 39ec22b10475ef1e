-- One row a claim known from remittances alone: what the first adjudication that is no reversal says of it. Facility
-- and place come from CLP08, which holds a place of service for professional claims and a bill type for the others.
with

ranked as (

    select
        matches.claim_key,
        claims.*,
        row_number() over (
            partition by matches.claim_key
            order by
                case when claims.status_code in ('22', '25') then 1 else 0 end,
                case when claims.is_duplicate then 1 else 0 end,
                case when claims.status_code in ('2', '3', '20', '21') then 1 else 0 end,
                claims.remit_date,
                claims.file_id,
                claims.segment_number
        ) as preference
    from {{ ref('int_adjudication_claims') }} as matches
    inner join {{ ref('int_remittance_claims') }} as claims on matches.adjudication_id = claims.adjudication_id
    where matches.origin = 'remittance'

),

services as (

    select
        adjudication_id,
        max(case when procedure_qualifier = 'AD' then 1 else 0 end) as has_dental,
        max(case when revenue_code is not null then 1 else 0 end) as has_revenue
    from {{ ref('int_adjudication_services') }}
    group by adjudication_id

),

payee_tax_ids as (

    select
        file_number,
        owner_number,
        max(value) as tax_id
    from {{ ref('stg_x12__references') }}
    where loop = '1000B' and qualifier = 'TJ'
    group by file_number, owner_number

),

payees as (

    select
        remittances.remittance_key,
        max(case when parties.id_qualifier = 'XX' then parties.id end) as npi,
        max(coalesce(payee_tax_ids.tax_id, case when parties.id_qualifier = 'FI' then parties.id end)) as tax_id
    from {{ ref('int_remittances') }} as remittances
    inner join {{ ref('stg_x12__parties') }} as parties
        on
            remittances.file_number = parties.file_number
            and remittances.transaction_number = parties.transaction_number
            and parties.entity = 'PE'
    left join payee_tax_ids
        on parties.file_number = payee_tax_ids.file_number and parties.segment_number = payee_tax_ids.owner_number
    group by remittances.remittance_key

),

-- A payee that names no tax id bills under the one its own claims name.
own_tax_ids as (

    select * from {{ ref('int_billing_tax_ids') }}

),

final as (

    select
        ranked.claim_key,
        ranked.adjudication_id,
        ranked.claim_id,
        case
            when services.has_dental = 1 then 'dental'
            when services.has_revenue = 1 or ranked.drg is not null then 'institutional'
            -- A bill type's facility code (11 hospital, 13 outpatient) also reads as a place; a DRG or a revenue code
            -- tells them apart, and without either the claim is professional.
            else 'professional'
        end as claim_type,
        ranked.payer_id,
        payees.npi as billing_npi,
        coalesce(payees.tax_id, own_tax_ids.billing_tax_id) as billing_tax_id,
        case
            when ranked.patient_last_name is not null or ranked.member_id is not null
                then
                    {{ stable_key([
                        'ranked.patient_last_name', 'ranked.patient_first_name', 'null', 'ranked.member_id',
                    ]) }}
        end as patient_key,
        ranked.facility_code,
        ranked.frequency_code,
        ranked.drg,
        ranked.service_from_date,
        ranked.service_to_date,
        ranked.charge_amount
    from ranked
    left join services on ranked.adjudication_id = services.adjudication_id
    left join payees on ranked.remittance_key = payees.remittance_key
    left join own_tax_ids on payees.npi = own_tax_ids.billing_npi
    where ranked.preference = 1

)

select * from final
