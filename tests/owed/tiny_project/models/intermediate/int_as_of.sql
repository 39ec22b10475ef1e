select
    cast('{{ env_var("OWED_AS_OF") or "2025-12-31" }}' as date) as as_of_date,
    cast('{{ env_var("OWED_RUN_DATE") }}' as date) as run_date
