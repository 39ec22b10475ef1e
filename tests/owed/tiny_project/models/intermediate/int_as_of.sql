select
    cast('{{ var("as_of") or "2025-12-31" }}' as date) as as_of_date,
    cast('{{ var("run_date") }}' as date) as run_date
