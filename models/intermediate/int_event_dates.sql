{{ config(materialized='view') }}

-- The dates on which something was posted or sent: what the watermark is read from.
select submitted_date as event_date
from {{ ref('int_billed_claims') }}
union all
select payment_date
from {{ ref('int_remittances') }}
union all
select posted_date
from {{ ref('stg_accounts__transactions') }}
