"""What a refresh must compute anew: every claim, or those alone that new files and contracts touch.

The lists stand in schema `changed` of the warehouse, one table a key (docs/layers.md), for the models to read: of the
claims that a bill, an answer or a contract was said of, and (`account_…`) of these and those that only an account
transaction was said of. They may name too many claims, never too few.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import duckdb

from loaders.accounts.tables import note_repeated
from owed import files, fingerprint
from owed.snapshots import Snapshot

# Past this share of all claims, computing all anew is no dearer.
MOST_CHANGED = 0.2
# Builds of changes leave what they append apart in the file. To put it together takes longer than to write it, so it is
# done once in so many builds.
BUILDS_TO_A_TIDYING = 10


def _in_force(*kinds: str) -> str:
    """Asks for the numbers of the files in force of these kinds."""
    return f"""
        select files.file_number from raw.files
        inner join raw.files_in_force on files.file_number = files_in_force.file_number
        where files.kind in ({", ".join(f"'{kind}'" for kind in kinds)})
    """


# The lists are read from these as the last build left them; the schema `changed` has tables of the same names.
_MISSING = """
    select count(*) from (
        values ('int_claims'), ('int_billed_claims'), ('int_remittance_claims'), ('int_transactions'),
            ('int_pricing_claims'), ('int_billing_tax_ids'), ('int_account_postings')
    ) as needed (name)
    where name not in (select table_name from information_schema.tables where table_schema = 'intermediate')
"""
_STATE = """
    create schema if not exists changed;
    create table if not exists changed.state (
        program varchar, as_of_date date, run_date date, is_pinned boolean, last_file_number integer,
        build varchar, is_complete boolean
    );
    alter table changed.state add column if not exists checksum ubigint;
    alter table changed.state add column if not exists changed_builds integer;
    create table if not exists changed.references_in_force (file_number integer);
    create table if not exists changed.transaction_files_in_force (file_number integer);
    create table if not exists changed.contracts_in_force (file_number integer, payer_id varchar);
"""
# Prices rest on these but no claim is known to depend on one of them alone; the other kinds have their own rules.
_REFERENCES = _in_force("payers", "fee_schedule", "weights", "cms_rates")
_REFERENCES_DIFFER = f"""
    select count(*) from (
        (({_REFERENCES}) except (from changed.references_in_force))
        union all
        ((from changed.references_in_force) except ({_REFERENCES}))
    )
"""
_CONTRACTS = "select file_number, payer_id from staging.stg_reference__contracts"
_HAS_CONTRACTS = "select count(*) from information_schema.tables where table_name = 'stg_reference__contracts'"

_NEW_FILES = """
    create or replace table changed.file_number as
    select file_number from raw.files
    where file_number > (select last_file_number from changed.state) and status in ('loaded', 'loaded_with_findings')
"""
_IS_NEW = "file_number in (select file_number from changed.file_number)"

# A payer that no list names is known by the code that goes with its name elsewhere (int_payer_mentions): a new file can
# bring that code.
_RENAMES_A_PAYER = f"""
    with mentions as (
        select file_number, segment_number, last_name as payer_name, id, ['2U', 'EI', 'FY', 'NF'] as qualifiers
        from staging.stg_x12__names where entity = 'PR' and loop in ('2010BB', '2330') and {_IS_NEW}
        union all
        select file_number, segment_number, name, id, ['2U']
        from staging.stg_x12__parties where entity = 'PR' and loop = '1000A' and {_IS_NEW}
    ),
    secondary_codes as (
        select mentions.file_number, mentions.segment_number, max(refs.value) as code
        from mentions
        inner join staging.stg_x12__references as refs
            on mentions.file_number = refs.file_number and mentions.segment_number = refs.owner_number
            and list_contains(mentions.qualifiers, refs.qualifier) and refs.{_IS_NEW}
        group by mentions.file_number, mentions.segment_number
    ),
    named as (
        select distinct upper(trim(mentions.payer_name)) as payer_name,
            upper(trim(coalesce(mentions.id, secondary_codes.code))) as payer_code
        from mentions
        left join secondary_codes
            on mentions.file_number = secondary_codes.file_number
            and mentions.segment_number = secondary_codes.segment_number
    )
    select count(*) from named
    inner join intermediate.int_payer_identities as identities
        on named.payer_name = identities.payer_name and identities.is_unlisted
        and identities.payer_code is null and identities.secondary_code is null
    where not exists (
        select 1 from intermediate.int_payer_identities as known
        where known.payer_name = named.payer_name
            and coalesce(known.payer_code, known.secondary_code, '') = coalesce(named.payer_code, '')
    )
"""

_TRANSACTION_FILES = _in_force("account_transactions")
# Whether a file of account transactions left or came back since the last build: its records make way or stand again,
# and so do those they contradict.
_FILES_LEFT_OR_CAME_BACK = f"""
    with now as ({_TRANSACTION_FILES})
    select count(*) from changed.transaction_files_in_force as before
    full join now on before.file_number = now.file_number
    where now.file_number is null or (before.file_number is null and not now.{_IS_NEW})
"""
# Otherwise new are the records of new files, and those dated after the last as-of date.
_TRANSACTIONS_CAME = f"""
    create or replace temp table transactions_gone (claim_id varchar, posted_date date);
    create or replace temp table transactions_came as
    select claim_id from raw.account_transactions
    where {_IS_NEW} or posted_date > (select as_of_date from changed.state)
"""
_TRANSACTIONS_DIFFER = """
    create or replace temp table transactions_now as
    select transactions.transaction_id, files.file_id, transactions.line_number, transactions.claim_id
    from staging.stg_accounts__transactions as transactions
    left join staging.stg_landing__files as files on transactions.file_number = files.file_number
    where transactions.claim_id is not null;
    create or replace temp table transactions_gone as
    select claim_id, posted_date from intermediate.int_transactions as before
    where not exists (
        select 1 from transactions_now as now
        where now.transaction_id = before.transaction_id and now.file_id = before.file_id
            and now.line_number = before.source_line_number
    );
    create or replace temp table transactions_came as
    select claim_id from transactions_now as now
    where not exists (
        select 1 from intermediate.int_transactions as before
        where now.transaction_id = before.transaction_id and now.file_id = before.file_id
            and now.line_number = before.source_line_number
    )
"""
_MOVES_THE_WATERMARK_BACK = """
    select count(*) from transactions_gone where posted_date >= (select as_of_date from changed.state)
"""

# Control numbers that a bill, an answer or a contract newly says something of. A payment sent again makes the one
# before it a duplicate; a provider's tax id may be known from its bills alone; what was dated after the last as-of date
# may be known now. A contract prices all bills to its payer, and explains the differing lines of any payer.
_TOUCHED = f"""
    create or replace temp table touched as
    select claim_id from staging.stg_x12__claims where {_IS_NEW}
    union
    select claim_id from staging.stg_x12__remittance_claims where {_IS_NEW}
    union
    select claims.claim_id
    from intermediate.int_remittance_claims as claims
    inner join intermediate.int_remittances as remittances on claims.remittance_key = remittances.remittance_key
    where remittances.trace_number in (select trace_number from staging.stg_x12__traces where {_IS_NEW})
    union
    select claim_id from intermediate.int_claims
    where origin = 'remittance' and billing_npi in (select billing_npi from newly_told)
    union
    select claim_id from intermediate.int_billed_claims
    where submitted_date > (select as_of_date from changed.state)
    union
    select claims.claim_id
    from staging.stg_x12__remittance_claims as claims
    inner join intermediate.int_remittances as remittances
        on claims.file_number = remittances.file_number
        and claims.transaction_number = remittances.transaction_number
    where remittances.payment_date > (select as_of_date from changed.state)
    union
    select claim_id from intermediate.int_claims
    where upper(payer_id) in (select upper(payer_id) from payers)
        or claim_key in (
            select claim_key from intermediate.int_pricing_claims
            where upper(payer_id) in (select upper(payer_id) from payers)
        )
        or exists (select 1 from payers) and claim_key in (select claim_key from intermediate.int_differing_lines)
"""
# Providers whose tax id new bills may change: they name one where none was known, or an earlier one in order.
_TAX_IDS = f"""
    create or replace temp table newly_told as
    with names as (
        select * from staging.stg_x12__names where loop = '2010AA' and {_IS_NEW}
    ),
    tax_ids as (
        select file_number, parent_number, id as tax_id from names where id_qualifier in ('24', '34')
        union
        select names.file_number, names.parent_number, refs.value
        from names
        inner join staging.stg_x12__references as refs
            on names.file_number = refs.file_number and names.segment_number = refs.owner_number
        where refs.qualifier in ('EI', 'SY', 'TJ')
    )
    select names.id as billing_npi
    from names
    inner join tax_ids on names.file_number = tax_ids.file_number and names.parent_number = tax_ids.parent_number
    left join intermediate.int_billing_tax_ids as known on names.id = known.billing_npi
    where names.id_qualifier = 'XX' and (known.billing_tax_id is null or tax_ids.tax_id < known.billing_tax_id)
"""
_CHANGED_PAYERS = f"""
    create or replace temp table payers as
    select payer_id from ({_CONTRACTS}) as now
    where file_number not in (select file_number from changed.contracts_in_force)
    union
    select payer_id from changed.contracts_in_force
    where file_number not in (select file_number from ({_CONTRACTS}) as now)
"""
_POSTED_ON = """
    create or replace temp table posted_on as
    select claim_id from changed.claim_id
    union
    select claim_id from transactions_gone
    union
    select claim_id from transactions_came
"""
# A correction may carry another control number and name the payer's (REF*F8): such claims change together.
_LINKS = f"""
    create or replace temp table links as
    with bills as (
        select claim_id, payer_claim_control_number from intermediate.int_billed_claims
        where payer_claim_control_number is not null
        union
        select claims.claim_id, refs.value
        from staging.stg_x12__references as refs
        inner join staging.stg_x12__claims as claims
            on refs.file_number = claims.file_number and refs.claim_number = claims.segment_number
        where refs.loop = '2300' and refs.qualifier = 'F8' and refs.{_IS_NEW} and claims.{_IS_NEW}
    ),
    -- Few bills name one: the answers they name are picked before they meet.
    answers as (
        select claim_id, payer_claim_control_number from staging.stg_x12__remittance_claims
        where payer_claim_control_number in (select payer_claim_control_number from bills)
    ),
    one_way as (
        select bills.claim_id, answers.claim_id as linked_id
        from bills
        inner join answers on bills.payer_claim_control_number = answers.payer_claim_control_number
        where bills.claim_id <> answers.claim_id
    )
    select claim_id, linked_id from one_way
    union
    select linked_id, claim_id from one_way
"""
# Whose these accounts were and on which days something was posted to them: read here, before the build replaces it.
_AS_THEY_STOOD = """
    create or replace table changed.account_patient_key as
    select distinct patient_key from intermediate.int_claims
    where claim_key in (select claim_key from changed.account_claim_key);
    create or replace table changed.account_posted_date as
    select distinct posted_date from intermediate.int_account_postings
    where claim_key in (select claim_key from changed.account_claim_key)
"""
_IS_CHANGED = "claim_id in (select claim_id from changed.claim_id)"
_RECORDS = f"""
    create or replace table changed.record as
    select file_number, segment_number as record_number from staging.stg_x12__claims where {_IS_CHANGED}
    union all
    select file_number, segment_number from staging.stg_x12__remittance_claims where {_IS_CHANGED}
"""


def _lists(prefix: str, said_of: str) -> str:
    """Lists, in tables of the prefix, the claims whose control numbers the table `said_of` names, and their parts."""
    listed = f"claim_id in (select claim_id from changed.{prefix}claim_id)"
    return f"""
        create or replace table changed.{prefix}claim_id as
        with recursive reached as (
            select claim_id from {said_of} where claim_id is not null
            union
            select links.linked_id from reached
            inner join links on reached.claim_id = links.claim_id
        )
        select claim_id from reached;
        create or replace table changed.{prefix}submission_id as
        select submission_id from intermediate.int_submissions where {listed};
        create or replace table changed.{prefix}adjudication_id as
        select adjudication_id from intermediate.int_remittance_claims where {listed};
        create or replace table changed.{prefix}claim_key as
        select claim_key from intermediate.int_submissions where {listed}
        union
        select claim_key from intermediate.int_claims where {listed}
        union
        select claim_key from intermediate.int_adjudications where {listed};
        create or replace table changed.{prefix}unit_id as
        select unit_id from intermediate.int_pricing_claims
        where claim_key is null or claim_key in (select claim_key from changed.{prefix}claim_key);
    """


@dataclass(frozen=True)
class Scope:
    """`reason` is None if only claims changed since the snapshot `build` are computed anew: so many control numbers.

    `checksum` is that of the snapshot's file when it was written; None if it is not known. `tidies`: it is the turn to
    put together what the builds of changes appended to the warehouse. `keeps_contracts`: no contract came, went or
    changed, and no rate.
    """

    reason: str | None
    claims: int = 0
    build: str | None = None
    checksum: int | None = None
    tidies: bool = False
    keeps_contracts: bool = False

    @property
    def is_all(self) -> bool:
        return self.reason is not None


def begin(warehouse: duckdb.DuckDBPyConnection, as_of: date | None, run_date: date, full: bool) -> Scope:
    """Decides what is computed anew, writes the lists, and marks the models unfinished until `finish`.

    A checkpoint must follow: only then is the room of what was dropped free.
    """
    warehouse.execute(_STATE)
    scope = Scope("asked for") if full else _scope(warehouse, as_of, run_date)
    builds = 0 if scope.is_all else _count(warehouse, "select coalesce(changed_builds, 0) + 1 from changed.state")
    warehouse.execute("update changed.state set is_complete = false, changed_builds = ?", [builds])
    if scope.is_all:
        # What is made again makes room first, or the file would hold both and keep that size.
        warehouse.execute("drop schema if exists marts cascade; drop schema if exists intermediate cascade")
        # Another version may have landed what stands in two files without noting it.
        note_repeated(warehouse)
    return replace(scope, tidies=builds > 0 and builds % BUILDS_TO_A_TIDYING == 0)


def is_whole(warehouse: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> bool:
    """Whether the last build's snapshot is still as it was written. Of any other nothing is known: True."""
    warehouse.execute(_STATE)
    found = warehouse.execute("select checksum from changed.state where build = ?", [snapshot.build]).fetchone()
    return found is None or found[0] is None or found[0] == files.checksum(snapshot.path)


def note_rewritten(warehouse: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
    """Notes that a snapshot's file was written anew with the same content."""
    warehouse.execute(_STATE)
    checksum = files.checksum(snapshot.path)
    warehouse.execute("update changed.state set checksum = ? where build = ?", [checksum, snapshot.build])


def finish(warehouse: duckdb.DuckDBPyConnection, as_of: date | None, run_date: date, snapshot: Snapshot) -> None:
    """Notes what the models were built from and published as. Without it the next refresh computes all anew."""
    warehouse.execute("begin")
    builds = _count(warehouse, "select coalesce(max(changed_builds), 0) from changed.state")
    warehouse.execute("delete from changed.state")
    warehouse.execute(
        "insert into changed.state select ?, (select as_of_date from intermediate.int_as_of), ?, ?, "
        "(select coalesce(max(file_number), 0) from raw.files where status in ('loaded', 'loaded_with_findings')), "
        "?, true, ?, ?",
        [fingerprint.program(), run_date, as_of is not None, snapshot.build, files.checksum(snapshot.path), builds],
    )
    warehouse.execute(f"create or replace table changed.references_in_force as {_REFERENCES}")
    warehouse.execute(f"create or replace table changed.transaction_files_in_force as {_TRANSACTION_FILES}")
    if _count(warehouse, _HAS_CONTRACTS):
        warehouse.execute(f"create or replace table changed.contracts_in_force as {_CONTRACTS}")
    warehouse.execute("commit")


def _scope(warehouse: duckdb.DuckDBPyConnection, as_of: date | None, run_date: date) -> Scope:
    state = warehouse.execute(
        "select program, as_of_date, run_date, is_pinned, build, checksum, is_complete from changed.state"
    ).fetchone()
    if state is None:
        return Scope("there is no build yet")
    program, built_as_of, built_on, is_pinned, build, checksum, is_complete = state
    if not is_complete:
        return Scope("the last build did not end well")
    if program != fingerprint.program():
        return Scope("the program changed")
    if _count(warehouse, _MISSING):
        return Scope("models are missing")
    if run_date < built_on or (is_pinned if as_of is None else as_of < built_as_of):
        return Scope("an earlier day is asked for")
    if _count(warehouse, _REFERENCES_DIFFER):
        return Scope("payers or rates changed")
    warehouse.execute(_NEW_FILES)
    if _count(warehouse, _RENAMES_A_PAYER):
        return Scope("a payer is known by another code now")
    warehouse.execute(_TRANSACTIONS_DIFFER if _count(warehouse, _FILES_LEFT_OR_CAME_BACK) else _TRANSACTIONS_CAME)
    if as_of is None and _count(warehouse, _MOVES_THE_WATERMARK_BACK):
        return Scope("the newest transactions are gone")
    for statement in (
        *(_LINKS, _CHANGED_PAYERS, _TAX_IDS, _TOUCHED, _lists("", "touched"), _RECORDS),
        *(_POSTED_ON, _lists("account_", "posted_on"), _AS_THEY_STOOD),
    ):
        warehouse.execute(statement)
    claims = _count(warehouse, "select count(*) from changed.account_claim_id")
    if claims > MOST_CHANGED * _count(warehouse, "select count(*) from intermediate.int_claims"):
        return Scope("most claims changed", claims)
    keeps_contracts = not _count(warehouse, "select count(*) from payers")
    return Scope(None, claims, build, checksum, keeps_contracts=keeps_contracts)


def _count(warehouse: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(warehouse.execute(query).fetchall()[0][0])
