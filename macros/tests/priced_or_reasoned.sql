{# Generic test: an expected amount or a reason why there is none, never both and never neither. #}
{% test priced_or_reasoned(model, unless='false') %}
select *
from {{ model }}
where
    not coalesce({{ unless }}, false)
    and (expected_allowed_amount is null) = (not_priced_reason is null)
{% endtest %}
