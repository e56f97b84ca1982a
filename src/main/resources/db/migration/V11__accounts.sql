-- By which the rows of browser sessions and hand-offs are found that have ended; it holds no others.
create index event_journal_passing on event_journal (split_part(persistence_id, '|', 1), write_timestamp)
  where event_ser_id = 8450101 and event_ser_manifest in ('B', 'L', 'X', 'H', 'T', 'Z');
