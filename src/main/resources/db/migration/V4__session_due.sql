-- When a session that sleeps has to be woken, because something falls due that was decided before: a deadline, a warning, an expiry.
-- Written by the index projection, never later than the first thing due; whoever is woken too early says when it is due really.

create table session_due (
  environment_id text not null,
  friendly_id text collate "C" not null,
  -- Which worker looks after it.
  slice smallint not null,
  -- Unix milliseconds.
  due_at bigint not null,
  -- Counts changes, so that a worker does not undo one that came while it was waking the session.
  version bigint not null,
  primary key (environment_id, friendly_id)
);

create index session_due_at_idx on session_due (slice, due_at);
