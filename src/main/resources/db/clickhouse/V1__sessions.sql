-- The tables of sessions in ClickHouse, 25.8 or newer. Statements end with a line that is a semicolon.

-- Every version of every session's row; FINAL shows the newest. Rows lie as lists want them: newest first within a tenant.
create table if not exists sessions_v1 (
  environment_id LowCardinality(String),
  session_id String,
  created_at DateTime64(3, 'UTC'),
  -- Rises from the newest to the oldest, since FINAL reads in the order of the key alone.
  created_rank Int64 materialized -toUnixTimestamp64Milli(created_at),
  updated_at DateTime64(3, 'UTC'),
  closed_at Nullable(DateTime64(3, 'UTC')),
  closed_reason Nullable(String),
  -- The end, as Unix milliseconds: clients may name one that no DateTime64 can hold.
  expires_ms Nullable(Int64),
  expires_at Nullable(DateTime64(3, 'UTC'))
    alias fromUnixTimestamp64Milli(least(greatest(expires_ms, 0), 10413791999999), 'UTC'),
  -- The end that has come.
  expired_ms Nullable(Int64),
  -- Whether activity moves the end; only expired_ms tells then that it has come.
  sliding Bool,
  external_id Nullable(String),
  type LowCardinality(String),
  task_identifier String,
  agent_id Nullable(String),
  user_id Nullable(String),
  current_run_id String,
  trigger_config String codec(ZSTD(1)),
  tags Array(String),
  -- A JSON object, as it was written.
  metadata Nullable(String) codec(ZSTD(1)),
  -- The scalars of metadata: path, U+001F, value.
  facets Array(String),
  -- The ids and tags in lower case, one on a line, for full text.
  search_text String,
  -- What .in and .out ever had.
  records_in UInt64,
  bytes_in UInt64,
  records_out UInt64,
  bytes_out UInt64,
  -- Sequence number of the newest event of the session that is in the row.
  _version UInt64,
  _is_deleted UInt8 default 0,
  index type_idx type type set(64) granularity 1,
  index external_id_idx external_id type bloom_filter(0.0005) granularity 1,
  index session_id_idx session_id type bloom_filter(0.0005) granularity 1,
  index task_idx task_identifier type bloom_filter(0.01) granularity 1,
  index tags_idx tags type bloom_filter(0.0005) granularity 1,
  index facets_idx facets type bloom_filter(0.0005) granularity 1,
  index closed_idx closed_at type minmax granularity 1,
  index expired_idx expired_ms type minmax granularity 1,
  index search_idx search_text type ngrambf_v1(5, 32768, 2, 0) granularity 1
) engine = ReplacingMergeTree(_version, _is_deleted)
partition by toYYYYMM(created_at)
order by (environment_id, created_rank, session_id)
settings index_granularity = 1024
;

-- What happened: a row for each event of a session's life, and for what each commit has appended to each stream.
create table if not exists session_events_v1 (
  environment_id LowCardinality(String),
  session_id String,
  -- Sequence number of the event, and which part of it this is.
  version UInt64,
  part UInt16,
  at DateTime64(3, 'UTC'),
  kind LowCardinality(String),
  -- Of records: the stream. Empty for the reserved pair and for events of other kinds.
  channel String,
  direction LowCardinality(String),
  -- Records; or waitpoints, callbacks; 1 for others.
  count UInt64,
  messages UInt64,
  bytes UInt64,
  -- How a turn or a waitpoint has ended.
  outcome LowCardinality(String),
  took_ms Nullable(UInt64),
  index session_id_idx session_id type bloom_filter(0.01) granularity 1
) engine = ReplacingMergeTree
partition by toYYYYMM(at)
order by (environment_id, at, session_id, version, part)
;
