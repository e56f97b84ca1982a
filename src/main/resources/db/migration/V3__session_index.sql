-- The rows of all sessions as lists show them, written by the index projection and rebuilt by it from the journal.
-- Times are Unix milliseconds. The status is not stored: it follows from closed_at, expires_at and the time of the query.

create table session_index (
  environment_id text not null,
  -- Compared byte by byte, as cursors are.
  friendly_id text collate "C" not null,
  external_id text,
  type text not null,
  task_identifier text not null,
  trigger_config text not null,
  tags text[] not null,
  metadata text,
  current_run_id text not null,
  created_at bigint not null,
  updated_at bigint not null,
  expires_at bigint,
  closed_at bigint,
  closed_reason text,
  -- Sequence number of the newest event that is in the row.
  version bigint not null,
  primary key (environment_id, friendly_id)
);

-- The order of every list. Types and statuses are few, so filters on them are checked along this index.
create index session_index_created_idx on session_index (environment_id, created_at desc, friendly_id desc);
create index session_index_task_idx on session_index (environment_id, task_identifier, created_at desc, friendly_id desc);
create index session_index_external_idx on session_index (environment_id, external_id) where external_id is not null;
create index session_index_tags_idx on session_index using gin (tags);
