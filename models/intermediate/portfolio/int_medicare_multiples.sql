-- What each contract allowed of its professional lines, against Medicare's rate for the same code, setting and units.
-- Medicare's rate: the schedule of the service's year where it is loaded, else the latest; the first locality loaded.
with variances as (
    select * from {{ ref('int_variances') }}
    where line_number > 0 and allowed_amount > 0 and variance_class <> 'denied' and contract_id is not null
),

pricing_lines as (
    select * from {{ ref('int_pricing_lines') }}
),

pricing_claims as (
    select * from {{ ref('int_pricing_claims') }}
    where claim_type = 'professional'
),

medicare_rates as (
    select * from {{ ref('int_medicare_rates') }}
    where coalesce(modifier, '') = '' and schedule_id like 'mpfs-%' and amount > 0
),

candidates as (
    select
        variances.claim_key,
        variances.line_number,
        variances.contract_id,
        variances.allowed_amount,
        variances.remit_date,
        cast(round(medicare_rates.amount * pricing_lines.units, 2) as decimal(18, 2)) as medicare_amount,
        row_number() over (
            partition by variances.claim_key, variances.line_number
            order by
                case
                    when
                        medicare_rates.schedule_id
                        = 'mpfs-' || cast(extract(year from variances.service_date) as varchar)
                        then 0
                    else 1
                end asc,
                medicare_rates.schedule_id desc,
                medicare_rates.locality asc,
                medicare_rates.setting desc
        ) as rate_rank
    from variances
    inner join pricing_claims
        on variances.unit_id = pricing_claims.unit_id
    inner join pricing_lines
        on
            variances.unit_id = pricing_lines.unit_id
            and variances.line_number = pricing_lines.line_number
    inner join medicare_rates
        on
            pricing_lines.procedure_code = medicare_rates.procedure_code
            and variances.service_date between medicare_rates.effective_from and medicare_rates.effective_to
            and medicare_rates.setting in (
                '',
                case
                    when coalesce(pricing_lines.place_of_service, pricing_claims.place_of_service)
                        in {{ pricing_facility_places() }} then 'facility'
                    else 'non_facility'
                end
            )
    where pricing_lines.modifier_1 is null
),

final as (
    select
        contract_id,
        count(*) as line_count,
        sum(allowed_amount) as allowed_amount,
        sum(medicare_amount) as medicare_amount
    from candidates
    where rate_rank = 1
    group by contract_id
)

select * from final
