with reasons as (
    select * from {{ ref('adjustment_reasons') }}
),

adjustments as (
    select * from {{ ref('int_adjustments') }}
),

seen as (
    select
        reason_code,
        min(adjustment_class) as adjustment_class,
        min(denial_category) as denial_category,
        count(*) as adjustment_count
    from adjustments
    where reason_code is not null
    group by reason_code
),

final as (
    select
        coalesce(reasons.reason_code, seen.reason_code) as reason_code,
        coalesce(reasons.adjustment_class, seen.adjustment_class) as adjustment_class,
        coalesce(reasons.category, seen.denial_category) as category,
        reasons.upstream_stage,
        reasons.default_action,
        reasons.note as words,
        cast(coalesce(seen.adjustment_count, 0) as bigint) as adjustment_count,
        reasons.is_preventable,
        reasons.reason_code is not null as is_listed
    from reasons
    full outer join seen
        on reasons.reason_code = seen.reason_code
)

select * from final
