{#
  Pairs each reversal with the latest earlier adjudication that agrees in `keys` and no later reversal has taken:
  brackets that open and close. `relation` holds adjudication_id, is_reversal, the keys and `order_column`.
#}
{% macro match_reversals(relation, keys, order_column) %}
    select
        paired.reversal_id,
        paired.reversed_adjudication_id
    from (
        select
            reversals.adjudication_id as reversal_id,
            originals.adjudication_id as reversed_adjudication_id,
            row_number() over (
                partition by reversals.adjudication_id
                order by originals.{{ order_column }} desc
            ) as choice
        from (
            {{ _depth_of_reversals(relation, keys, order_column) }}
        ) as reversals
        inner join (
            {{ _depth_of_reversals(relation, keys, order_column) }}
        ) as originals
            on reversals.is_reversal
            and not originals.is_reversal
            and originals.{{ order_column }} < reversals.{{ order_column }}
            and originals.depth = reversals.depth + 1
            {%- for key in keys %}
            and originals.{{ key }} = reversals.{{ key }}
            {%- endfor %}
    ) as paired
    where paired.choice = 1
{% endmacro %}

{# How many adjudications stand unreversed after each row. #}
{% macro _depth_of_reversals(relation, keys, order_column) %}
            select
                *,
                sum(case when is_reversal then -1 else 1 end) over (
                    partition by {{ keys | join(', ') }}
                    order by {{ order_column }}
                    rows between unbounded preceding and current row
                ) as depth
            from {{ relation }}
{% endmacro %}
