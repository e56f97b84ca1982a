-- By which the doctor finds all organizations and events of webchats; it holds no other rows.
create index event_journal_webchats on event_journal (persistence_id) where event_ser_id = 8450111;
