-- Asked of everything, every time: a row that a refresh of changes doubled or forgot would change the count.
with published as (
    select
        count(*) as row_count,
        sum(allowed_amount) as allowed_amount,
        sum(variance_amount) as variance_amount
    from {{ ref('fct_payment_variances') }}
),

compared as (
    select
        count(*) as row_count,
        sum(allowed_amount) as allowed_amount,
        sum(variance_amount) as variance_amount
    from {{ ref('int_variances') }}
)

select
    published.*,
    compared.row_count as compared_count
from published
cross join compared
where
    published.row_count <> compared.row_count
    or coalesce(published.allowed_amount, 0) <> coalesce(compared.allowed_amount, 0)
    or coalesce(published.variance_amount, 0) <> coalesce(compared.variance_amount, 0)
