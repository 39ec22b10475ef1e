-- AMT*B6 and AMT*AU go before what paid amount and adjustments add up to; where they differ, one of them is wrong.
select * from {{ ref('int_misstated_amounts') }}
