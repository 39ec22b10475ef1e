{{ config(meta={'scope': none}) }}

select
    billing_npi,
    min(billing_tax_id) as billing_tax_id
from {{ ref('int_billed_claims') }}
where billing_npi is not null and billing_tax_id is not null
group by billing_npi
