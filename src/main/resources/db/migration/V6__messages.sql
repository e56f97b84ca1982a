-- The messages of a session in the order of their time, without what lies between them: tags of the form m:<session>:<milliseconds>.
create index event_tag_message_idx on event_tag ((tag collate "C") desc, event_id desc) where tag >= 'm:' and tag < 'm;';
