{{ config(materialized="view") }}
select payers.payer_class, count(*) as payer_count
from {{ ref("dim_payers") }} as payers
group by payers.payer_class
