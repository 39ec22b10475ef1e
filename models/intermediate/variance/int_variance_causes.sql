{{ config(
    unique_key='claim_key', meta={'scope': none, 'listed': 'claim_key', 'lists': 'cause', 'wider_than': 'claim'}
) }}

-- One cause a difference: evidence in the remittance before amounts, an exact amount before a ratio, and of several
-- exact ones the cause the payer shows most where it is the only one.
with differing_lines as (
    select * from {{ ref('int_differing_lines') }}
),

alternatives as (
    select * from {{ ref('int_variance_alternatives') }}
),

root_causes as (
    select * from {{ ref('root_causes') }}
),

suspect_terms as (
    select * from {{ ref('int_load_suspect_terms') }}
),

exact_causes as (
    select distinct
        payer_id,
        claim_key,
        line_number,
        root_cause
    from alternatives
    where is_exact
),

exact_counts as (
    select
        *,
        count(*) over (partition by claim_key, line_number) as cause_count
    from exact_causes
),

payer_habits as (
    select
        payer_id,
        root_cause,
        sum(case when cause_count = 1 then 1 else 0 end) as only_count,
        count(*) as exact_count
    from exact_counts
    group by payer_id, root_cause
),

-- The first of a line's alternatives in this order (a null comes last; what should be greatest is negated): to number
-- all of them would take several times as long.
chosen as (
    select
        alternatives.claim_key,
        alternatives.line_number,
        arg_min(
            struct_pack(
                root_cause := alternatives.root_cause,
                alternative := alternatives.alternative,
                alternative_amount := alternatives.alternative_amount,
                is_explained := alternatives.is_evidence or alternatives.is_exact
            ),
            row(
                case
                    when alternatives.is_evidence and alternatives.is_exact then 1
                    when alternatives.is_evidence then 2
                    when alternatives.is_exact then 3
                    else 4
                end,
                case when alternatives.is_exact then -coalesce(payer_habits.only_count, 0) end,
                case when alternatives.is_exact then -coalesce(payer_habits.exact_count, 0) end,
                alternatives.distance_amount,
                root_causes.precedence,
                alternatives.alternative
            )
        ) as first_choice
    from alternatives
    inner join root_causes
        on alternatives.root_cause = root_causes.root_cause
    left outer join payer_habits
        on
            alternatives.payer_id = payer_habits.payer_id
            and alternatives.root_cause = payer_habits.root_cause
    group by alternatives.claim_key, alternatives.line_number
),

judged as (
    select
        differing_lines.claim_key,
        differing_lines.line_number,
        chosen.first_choice.root_cause,
        chosen.first_choice.alternative,
        chosen.first_choice.alternative_amount,
        coalesce(chosen.first_choice.is_explained, false) as is_explained,
        suspect_terms.ratio,
        suspect_terms.ratio_count,
        suspect_terms.line_count,
        suspect_terms.term_id,
        coalesce({{ shows_ratio('differing_lines', 'suspect_terms.ratio') }}, false) as is_suspect
    from differing_lines
    left outer join chosen
        on
            differing_lines.claim_key = chosen.claim_key
            and differing_lines.line_number = chosen.line_number
    left outer join suspect_terms
        on
            differing_lines.contract_id = suspect_terms.contract_id
            and differing_lines.term_id = suspect_terms.term_id
),

final as (
    select
        claim_key,
        line_number,
        case
            when is_explained then root_cause
            when is_suspect then 'contract_load_suspect'
            else 'unexplained'
        end as root_cause,
        case
            when is_explained and alternative_amount is null then alternative || ', which the contract does not price'
            when is_explained then alternative || ': ' || {{ spelled_amount('alternative_amount') }}
            when is_suspect
                then cast(ratio_count as varchar) || ' of ' || cast(line_count as varchar) || ' lines of term '
                    || term_id || ' are allowed at ' || cast(ratio as varchar) || ' of our price'
            when alternative is null then 'no alternative to try'
            else 'nearest is ' || alternative || ': ' || {{ spelled_amount('alternative_amount') }}
        end as root_cause_detail,
        case when is_explained then alternative end as alternative
    from judged
)

select * from final
