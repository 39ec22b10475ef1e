{{ config(meta={'scope': none}) }}

with claim_lines as (
    select * from {{ ref('int_claim_lines') }}
),

adjudication_lines as (
    select * from {{ ref('int_adjudication_lines') }}
),

families as (
    select * from {{ ref('procedure_families') }}
),

-- Each table's codes once, before they are put in capitals.
codes as (
    select distinct procedure_code from claim_lines
    union all
    select distinct procedure_code from adjudication_lines
    union all
    select distinct original_procedure_code from adjudication_lines
),

seen as (
    select distinct upper(procedure_code) as procedure_code from codes
),

-- A code of five figures never lies in a range that ends in a letter, though text order would put it there.
ranked as (
    select
        seen.procedure_code,
        families.code_set,
        families.code_family,
        families.words,
        row_number() over (
            partition by seen.procedure_code
            order by case when families.low_code = '0001A' then 1 else 0 end asc, families.low_code asc
        ) as family_rank
    from seen
    left outer join families
        on
            length(seen.procedure_code) = 5
            and seen.procedure_code between families.low_code and families.high_code
            and (families.low_code <> '0001A' or right(seen.procedure_code, 1) between 'A' and 'Z')
    where seen.procedure_code is not null and seen.procedure_code <> ''
),

final as (
    select
        procedure_code,
        coalesce(code_set, 'other') as code_set,
        coalesce(code_family, 'other') as code_family,
        coalesce(words, 'Codes of no family listed') as family_words
    from ranked
    where family_rank = 1
)

select * from final
