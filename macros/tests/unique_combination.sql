{#
    Generic test: no two rows share the given columns (nulls count as equal), so a description's grain holds; and those
    of them that are `required` are never null.
#}
{% test unique_combination(model, columns, required=[]) %}
select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1{% for column in required %} or {{ column }} is null{% endfor %}
{% endtest %}
