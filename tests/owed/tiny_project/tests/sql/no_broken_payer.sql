select payers.payer_id from {{ ref("dim_payers") }} as payers where payers.payer_name = 'Broken'
