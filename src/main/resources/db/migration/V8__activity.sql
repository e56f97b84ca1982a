-- What an event of records has brought to which stream, beside the event: who counts reads this and no records. Protobuf, see
-- journal.proto. Null for other events, and for those of before it existed.
alter table event_journal add column summary bytea;

-- What lists can be filtered by besides.
alter table session_index add column agent_id text;
alter table session_index add column user_id text;
-- In lower case, for full text.
alter table session_index add column search_ids text not null default '';
alter table session_index add column search_tags text not null default '';
-- The scalars of metadata: path, U+001F, value.
alter table session_index add column facets text[] not null default '{}';
create index session_index_facets_idx on session_index using gin (facets);
-- By default so few of their values are known that a rare one is taken for a common one, and the whole table read for it.
alter table session_index alter column tags set statistics 1000;
alter table session_index alter column facets set statistics 1000;

-- Rows are written again from the journal, with the new columns.
update session_index set version = 0;
delete from pekko_projection_offset_store where projection_name = 'session-index';

-- What happened to a session within a minute; written by the activity projection when no ClickHouse is configured.
create table session_activity (
  environment_id text not null,
  friendly_id text collate "C" not null,
  -- Unix milliseconds of its beginning.
  minute bigint not null,
  created bigint not null,
  expired bigint not null,
  closed bigint not null,
  messages bigint not null,
  records_in bigint not null,
  bytes_in bigint not null,
  records_out bigint not null,
  bytes_out bigint not null,
  primary key (environment_id, minute, friendly_id)
);

create index session_activity_session_idx on session_activity (friendly_id);
-- What is older than the retention is removed by its time.
create index session_activity_minute_idx on session_activity using brin (minute);

-- How long agents took for their turns.
create table session_turn (
  environment_id text not null,
  friendly_id text collate "C" not null,
  -- Sequence number of the event that ended it.
  version bigint not null,
  -- Unix milliseconds.
  ended_at bigint not null,
  took_ms bigint not null,
  primary key (environment_id, friendly_id, version)
);

create index session_turn_ended_idx on session_turn (environment_id, ended_at);
create index session_turn_old_idx on session_turn using brin (ended_at);

-- Up to which number of the journal each slice has been added to these sums. Pekko's own offset is overwritten by whoever comes
-- last; this one moves on only from where it was, so nothing is added twice.
create table session_activity_position (
  slice text primary key,
  position bigint not null
);

-- Events that a projection could not apply, however often it tried. They are passed by and wait for somebody to look at them.
create table projection_parked (
  projection text not null,
  ordering bigint not null,
  persistence_id text not null,
  sequence_number bigint not null,
  reason text not null,
  -- Unix milliseconds.
  parked_at bigint not null,
  primary key (projection, ordering)
);

-- The newest events of a lifecycle tag, for lists that show what the index does not have yet.
create index event_tag_lifecycle_idx on event_tag (tag, event_id) where tag like 'lifecycle-%';
