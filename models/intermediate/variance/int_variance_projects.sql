{{ config(meta={'scope': none}) }}

-- One recoverable issue: the same payer, cause and code family, as long as no gap between remittance dates is wider
-- than the window.
with variances as (
    select * from {{ ref('fct_payment_variances') }}
    where variance_class = 'underpaid'
),

procedures as (
    select * from {{ ref('int_procedures') }}
),

grouped as (
    select
        variances.claim_key,
        variances.line_number,
        variances.payer_id,
        variances.root_cause,
        case
            when variances.line_number = 0 then 'whole_claim'
            when variances.procedure_code is null then 'revenue_code'
            else coalesce(procedures.code_family, 'other')
        end as code_family,
        variances.remit_date
    from variances
    left outer join procedures
        on upper(variances.procedure_code) = procedures.procedure_code
),

gaps as (
    select
        *,
        lag(remit_date) over (
            partition by payer_id, root_cause, code_family order by remit_date, claim_key, line_number
        ) as previous_date
    from grouped
),

numbered as (
    select
        *,
        sum(
            case
                when previous_date is null then 1
                when
                    {{ days_between('previous_date', 'remit_date') }} > {{ variance_setting('project_window_days') }}
                    then 1
                else 0
            end
        ) over (
            partition by payer_id, root_cause, code_family order by remit_date, claim_key, line_number
            rows between unbounded preceding and current row
        ) as window_number
    from gaps
),

final as (
    select
        claim_key,
        line_number,
        payer_id,
        root_cause,
        code_family,
        coalesce(payer_id, 'UNKNOWN') || ':' || root_cause || ':' || code_family || ':' || coalesce(
            cast(min(remit_date) over (partition by payer_id, root_cause, code_family, window_number) as varchar),
            'undated'
        ) as project_id
    from numbered
)

select * from final
