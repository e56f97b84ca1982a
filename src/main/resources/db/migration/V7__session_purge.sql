-- Purged sessions of which rows are still to be removed from the journal. Written by the index projection in the transaction in
-- which it removes the session's own rows, so that nothing is removed that it has not passed; a row here goes with the last of
-- the session's. It holds nothing but who was purged and when to look again.

create table session_purge (
  environment_id text not null,
  friendly_id text collate "C" not null,
  -- Sequence number of the event that purged it: all before it goes.
  version bigint not null,
  -- Unix milliseconds.
  due_at bigint not null,
  primary key (environment_id, friendly_id)
);

create index session_purge_due_idx on session_purge (due_at);
