{#
    The days of each per-diem line tier by tier, in words: `2 × 2000, 1 × 1800`.
    One row a unit and line priced by a per diem.
#}
{% macro pricing_tier_words(priced_lines, terms, tiers) %}
    select
        priced_lines.unit_id,
        priced_lines.line_number,
        {{ dbt.listagg(
            measure=pricing_words(
                'least(priced_lines.days_before + priced_lines.quantity, tiers.through_day)'
                ~ ' - greatest(priced_lines.days_before, tiers.from_day)'
            ) ~ " || ' × ' || " ~ pricing_words('tiers.amount'),
            delimiter_text="', '",
            order_by_clause='order by tiers.from_day'
        ) }} as tier_words
    from {{ priced_lines }} as priced_lines
    inner join {{ terms }} as terms
        on priced_lines.contract_id = terms.contract_id and priced_lines.term_id = terms.term_id
    inner join {{ tiers }} as tiers
        on
            terms.contract_id = tiers.contract_id
            and terms.term_number = tiers.term_number
            and priced_lines.days_before + priced_lines.quantity > tiers.from_day
            and priced_lines.days_before < tiers.through_day
    where priced_lines.method = 'per_diem'
    group by
        priced_lines.unit_id,
        priced_lines.line_number
{% endmacro %}
