{{ config(materialized='incremental', unique_key='file_number', meta={'scope': 'file'}) }}

-- The payer each naming segment (837 NM1*PR, 835 N1*PR) stands for.
select
    mentions.file_number,
    mentions.segment_number,
    identities.payer_id
from {{ ref('int_payer_mentions') }} as mentions
inner join {{ ref('int_payer_identities') }} as identities
    on
        coalesce(upper(trim(mentions.payer_code)), '') = coalesce(identities.payer_code, '')
        and coalesce(upper(trim(mentions.secondary_code)), '') = coalesce(identities.secondary_code, '')
        and coalesce(upper(trim(mentions.company_id)), '') = coalesce(identities.company_id, '')
        and coalesce(upper(trim(mentions.payer_name)), '') = coalesce(identities.payer_name, '')
