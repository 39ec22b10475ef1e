select causes.root_cause
from {{ ref('int_variance_causes') }} as causes
left join {{ ref('root_causes') }} as known on causes.root_cause = known.root_cause
where known.root_cause is null
