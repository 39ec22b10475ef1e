with

owners as (

    select * from {{ ref('int_credit_owners') }}
    where is_current

),

patient_states as (

    select * from {{ ref('int_patient_states') }}

),

payer_states as (

    select * from {{ ref('int_payer_states') }}

),

transactions as (

    select * from {{ ref('int_transactions') }}

),

posted as (

    select * from {{ ref('int_posted_adjudications') }}

),

rules as (

    select * from {{ ref('unclaimed_property_rules') }}

),

-- Medicare, Medicaid and other public payers are repaid under their own rules, never through a state.
private_owners as (

    select
        owners.*,
        case when owners.owner = 'patient' then 'patient_credit' else 'payer_credit' end as property_type,
        upper(coalesce(
            case when owners.owner = 'patient' then patient_states.state_code else payer_states.state_code end,
            {{ site_setting('unclaimed_property_state', 'varchar') }}
        )) as state_code
    from owners
    left join patient_states on owners.claim_key = patient_states.claim_key
    left join payer_states on owners.owner_payer_id = payer_states.payer_id
    where owners.owner in ('patient', 'commercial')

),

-- What the owner did, not what we sent, shows that it knows of the account.
signs_of_life as (

    select
        private_owners.claim_key,
        max(transactions.posted_date) as last_contact_date
    from private_owners
    inner join transactions
        on private_owners.claim_key = transactions.claim_key
            and private_owners.owner = 'patient'
            and transactions.transaction_type in (
                'patient_payment', 'payment_plan_started', 'dispute_opened', 'fap_application_opened'
            )
    group by private_owners.claim_key
    union all
    select
        private_owners.claim_key,
        max(posted.posted_date) as last_contact_date
    from private_owners
    inner join posted
        on private_owners.claim_key = posted.claim_key
            and private_owners.owner_payer_id = posted.payer_id
    group by private_owners.claim_key

),

-- The row of the state goes before that of any, the row of the property before that of any.
ruled as (

    select
        private_owners.*,
        greatest(private_owners.credit_since_date, coalesce(
            signs_of_life.last_contact_date, private_owners.credit_since_date
        )) as dormant_since_date,
        rules.state_code as rule_state_code,
        rules.dormancy_years,
        rules.is_exempt,
        rules.report_due,
        rules.source as rule_source,
        rules.must_verify,
        row_number() over (
            partition by private_owners.claim_key
            order by
                case when rules.state_code = '*' then 1 else 0 end,
                case when rules.property_type = '*' then 1 else 0 end
        ) as choice
    from private_owners
    left join signs_of_life on private_owners.claim_key = signs_of_life.claim_key
    inner join rules
        on rules.state_code in ('*', private_owners.state_code)
            and rules.property_type in ('*', private_owners.property_type)

),

final as (

    select
        claim_key,
        state_code,
        property_type,
        rule_state_code,
        rule_source,
        report_due,
        dormancy_years,
        is_exempt,
        must_verify,
        dormant_since_date,
        case
            when not is_exempt
                then cast({{ dbt.dateadd('year', 'dormancy_years', 'dormant_since_date') }} as date)
        end as unclaimed_property_date
    from ruled
    where choice = 1

)

select * from final
