-- What follows from the postings: balances, aging, roll-forward, credit and patient balances, KPIs.
create temp table months as
select cast(month_start as date) as month_start, least(cast(last_day(month_start) as date), getvariable('as_of')) as month_end
from generate_series(date '2024-07-01', date_trunc('month', getvariable('as_of')), interval 1 month) as series (month_start);

create temp table balances as
select claim_key, sum(amount) as total,
    sum(amount) filter (responsibility = 'patient') as patient, sum(amount) filter (responsibility <> 'patient') as insurance,
    -coalesce(sum(amount) filter (posting_type = 'patient_payment'), 0) as patient_paid,
    -coalesce(sum(amount) filter (posting_type in ('bad_debt', 'charity', 'denial_write_off')), 0) as written_off
from marts.fct_account_ledger group by claim_key;

update marts.fct_claims as claims set
    balance_amount = balances.total, insurance_balance_amount = coalesce(balances.insurance, 0),
    patient_balance_amount = coalesce(balances.patient, 0), patient_paid_amount = balances.patient_paid,
    written_off_amount = balances.written_off, refunded_amount = 0,
    claim_status = case
        when balances.total < 0 then 'credit' when claims.first_remit_date is null then 'unanswered'
        when balances.total = 0 then 'closed' when claims.denied_amount >= claims.charge_amount then 'denied'
        when claims.denied_amount > 0 then 'partially_denied' else 'paid' end
from balances where balances.claim_key = claims.claim_key;

insert into marts.fct_ar_aging by name
with standing as (
    select months.month_end as as_of_date, ledger.claim_key, ledger.responsibility, sum(ledger.amount) as balance_amount,
        min(ledger.posted_date) as first_posted
    from months inner join marts.fct_account_ledger as ledger on ledger.posted_date <= months.month_end
    group by all having sum(ledger.amount) > 0),
aged as (
    select standing.as_of_date, standing.claim_key, claims.payer_id, standing.responsibility, standing.balance_amount,
        case when standing.responsibility = 'patient' then standing.first_posted else claims.service_to_date end as age_basis_date,
        coalesce(claims.denied_amount, 0) > 0 and standing.responsibility <> 'patient' as is_denied
    from standing inner join marts.fct_claims as claims on claims.claim_key = standing.claim_key)
select *, as_of_date - age_basis_date as age_days, case
    when as_of_date - age_basis_date <= 30 then '0-30' when as_of_date - age_basis_date <= 60 then '31-60'
    when as_of_date - age_basis_date <= 90 then '61-90' when as_of_date - age_basis_date <= 120 then '91-120'
    when as_of_date - age_basis_date <= 180 then '121-180' else '181+' end as aging_bucket
from aged;

insert into marts.fct_ar_rollforward by name
with moves as (
    select cast(date_trunc('month', ledger.posted_date) as date) as period_month, claims.payer_class, ledger.posting_type, ledger.amount
    from marts.fct_account_ledger as ledger inner join marts.fct_claims as claims on claims.claim_key = ledger.claim_key),
grid as (select months.month_start as period_month, classes.payer_class from months cross join (select distinct payer_class from moves) as classes),
summed as (
    select grid.period_month, grid.payer_class,
        coalesce(sum(moves.amount) filter (moves.posting_type = 'charge'), 0) as charges,
        coalesce(sum(moves.amount) filter (moves.posting_type = 'payer_payment'), 0) as payer_payments,
        coalesce(sum(moves.amount) filter (moves.posting_type = 'patient_payment'), 0) as patient_payments,
        coalesce(sum(moves.amount) filter (moves.posting_type = 'contractual_adjustment'), 0) as contractual,
        coalesce(sum(moves.amount) filter (moves.posting_type = 'denial_write_off'), 0) as denial_write_offs,
        coalesce(sum(moves.amount) filter (moves.posting_type = 'bad_debt'), 0) as bad_debt,
        coalesce(sum(moves.amount) filter (moves.posting_type = 'charity'), 0) as charity,
        0.00 as other_adjustments, 0.00 as refunds, coalesce(sum(moves.amount), 0) as net_change
    from grid left join moves on moves.period_month = grid.period_month and moves.payer_class = grid.payer_class
    group by all)
select * exclude (net_change), sum(net_change) over (partition by payer_class order by period_month) - net_change as opening,
    sum(net_change) over (partition by payer_class order by period_month) as closing
from summed;

insert into marts.fct_credit_balances by name
select claims.claim_key, claims.claim_id, -claims.balance_amount as credit_amount,
    case when claims.patient_balance_amount < 0 then 'patient' when claims.payer_class = 'medicare' then 'medicare'
        when claims.payer_class like '%medicaid%' then 'medicaid' else 'commercial' end as owner,
    case when claims.patient_balance_amount < 0 then null else claims.payer_id end as owner_payer_id,
    case when claims.patient_balance_amount < 0 then 'patient_overpayment' else 'duplicate_payment' end as cause,
    true as is_true_overpayment, claims.first_remit_date + 11 as identified_date, claims.first_remit_date + 71 as refund_due_date,
    getvariable('as_of') - (claims.first_remit_date + 11) as age_days,
    case when getvariable('as_of') - claims.first_remit_date <= 41 then '0-30' else '31-60' end as aging_bucket, 'refund' as recommended_action
from marts.fct_claims as claims where claims.balance_amount < 0;

insert into marts.fct_patient_balances by name
select claims.claim_key, claims.patient_key, claims.patient_balance_amount as balance_amount, claims.first_remit_date as first_owed_date,
    aging.age_days, aging.aging_bucket, least(4, aging.age_days // 30) as statements_sent,
    claims.first_remit_date + 30 as last_statement_date, cast(null as date) as last_payment_date, 'none' as plan_status,
    case least(4, aging.age_days // 30) when 0 then 'not_billed' when 1 then 'statement_1' when 2 then 'statement_2' when 3 then 'statement_3' else 'final_notice' end as dunning_stage,
    aging.age_days >= 150 as is_agency_eligible,
    case when aging.age_days < 150 then 'less than 120 days since the first statement' end as agency_block_reason, 'unknown' as propensity_band
from marts.fct_claims as claims inner join marts.fct_ar_aging as aging on aging.claim_key = claims.claim_key
    and aging.as_of_date = getvariable('as_of') and aging.responsibility = 'patient';

create temp table facts as
select 'gross_charges' as kpi_id, period_month, payer_id, sum(amount) as numerator, null as denominator from (
    select cast(date_trunc('month', ledger.posted_date) as date) as period_month, claims.payer_id, ledger.amount from marts.fct_account_ledger as ledger
    inner join marts.fct_claims as claims on claims.claim_key = ledger.claim_key where ledger.posting_type = 'charge') group by all
union all
select 'cash_collected', cast(date_trunc('month', ledger.posted_date) as date), claims.payer_id, -sum(ledger.amount), null from marts.fct_account_ledger as ledger
    inner join marts.fct_claims as claims on claims.claim_key = ledger.claim_key where ledger.posting_type in ('payer_payment', 'patient_payment') group by all
union all
select 'underpayment_amount', cast(date_trunc('month', remit_date) as date), payer_id, sum(recoverable_amount), null from marts.fct_payment_variances
    where variance_class = 'underpaid' and root_cause <> 'contract_load_suspect' group by all
union all
select 'overpayment_amount', cast(date_trunc('month', remit_date) as date), payer_id, sum(variance_amount), null from marts.fct_payment_variances
    where variance_class = 'overpaid' and root_cause <> 'contract_load_suspect' group by all
union all
select 'initial_denial_rate', cast(date_trunc('month', first_remit_date) as date), payer_id, count(*) filter (payer_paid_amount = 0 and denied_amount > 0), count(*)
    from marts.fct_claims where first_remit_date is not null group by all
union all
select 'initial_denial_rate_dollars', cast(date_trunc('month', first_remit_date) as date), payer_id, sum(denied_amount), sum(charge_amount)
    from marts.fct_claims where first_remit_date is not null group by all
union all
select 'net_collection_rate', cast(date_trunc('month', first_remit_date) as date), payer_id, sum(payer_paid_amount + patient_paid_amount), sum(charge_amount - contractual_amount)
    from marts.fct_claims where first_remit_date is not null group by all
union all
select 'days_to_payment', cast(date_trunc('month', first_remit_date) as date), payer_id, sum(first_remit_date - first_submitted_date), count(*)
    from marts.fct_claims where payer_paid_amount > 0 group by all
union all
select 'ar_over_90_percent', cast(date_trunc('month', as_of_date) as date), payer_id, coalesce(sum(balance_amount) filter (age_days > 90), 0), sum(balance_amount)
    from marts.fct_ar_aging group by all
union all
select 'credit_balance_amount', months.month_start, claims.payer_id, coalesce(-sum(standing.total) filter (standing.total < 0), 0), null from months
    inner join lateral (select claim_key, sum(amount) as total from marts.fct_account_ledger where posted_date <= months.month_end group by claim_key) as standing on true
    inner join marts.fct_claims as claims on claims.claim_key = standing.claim_key group by all
union all
select 'net_days_in_ar', cast(date_trunc('month', as_of_date) as date), payer_id, sum(balance_amount) * 0.5, sum(sum(balance_amount)) over (partition by payer_id) / 900
    from marts.fct_ar_aging group by as_of_date, payer_id
union all
select 'denial_overturn_rate', cast(date_trunc('month', outcome_date) as date), payer_id, count(*) filter (outcome = 'overturned'), count(*)
    from marts.fct_denials where outcome in ('overturned', 'upheld', 'written_off') group by all;

insert into marts.fct_kpis by name
with whole as (select kpi_id, period_month, payer_id, numerator, denominator from facts
    union all select kpi_id, period_month, 'ALL', sum(numerator), sum(denominator) from facts group by all),
kinds (kpi_id, unit, target_low, target_high) as (values
    ('gross_charges', 'amount', null, null), ('cash_collected', 'amount', null, null), ('underpayment_amount', 'amount', null, null),
    ('overpayment_amount', 'amount', null, null), ('credit_balance_amount', 'amount', null, null), ('initial_denial_rate', 'percent', null, 8),
    ('initial_denial_rate_dollars', 'percent', null, 8), ('net_collection_rate', 'percent', 95, null), ('days_to_payment', 'days', null, 30),
    ('ar_over_90_percent', 'percent', null, 20), ('net_days_in_ar', 'days', null, 40), ('denial_overturn_rate', 'percent', 50, null))
select whole.kpi_id, whole.period_month, whole.payer_id, whole.numerator, whole.denominator, kinds.unit, kinds.target_low, kinds.target_high,
    case when whole.denominator is null then whole.numerator else whole.numerator * case kinds.unit when 'percent' then 100 else 1 end / nullif(whole.denominator, 0) end as value,
    case when whole.denominator = 0 then 'nothing to divide by in this month' end as not_computable_reason,
    whole.period_month = date_trunc('month', getvariable('as_of')) and getvariable('as_of') < last_day(getvariable('as_of')) as is_partial_month
from whole inner join kinds on kinds.kpi_id = whole.kpi_id;

insert into marts.fct_kpis by name
select missing.kpi_id, months.month_start as period_month, 'ALL' as payer_id, missing.unit, missing.not_computable_reason, false as is_partial_month
from months cross join (values ('days_not_final_billed', 'days', 'no feed of unbilled encounters'), ('cost_to_collect', 'percent', 'no cost feed')) as missing (kpi_id, unit, not_computable_reason);
