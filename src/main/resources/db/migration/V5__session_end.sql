-- The end of a session that has come, and whether the end moves: then expires_at may lag behind by some seconds, and only
-- expired_at tells that it has come.

alter table session_index add column expired_at bigint;
alter table session_index add column sliding boolean not null default false;
