-- Uploaded files (across.md section 9). A row is there before the first byte and goes after the last, so whatever an upload that
-- broke off, a kill or a purge leaves behind is found by its row. Times are those of the database.

create table stored_file (
  id uuid primary key,
  environment_id text not null,
  -- What it belongs to: a session, in the generation it was uploaded to, or an organization.
  friendly_id text collate "C",
  generation bigint,
  organization_id text,
  name text not null,
  -- Where its bytes are: database (stored_piece) or directory.
  place text not null,
  begun_at timestamptz not null default clock_timestamp(),
  -- Known when the last byte has come.
  mime_type text,
  size bigint,
  stored_at timestamptz,
  -- Its bytes and this row are to go.
  removed_at timestamptz,
  check ((friendly_id is null) <> (organization_id is null)),
  check ((friendly_id is null) = (generation is null))
);

create index stored_file_session on stored_file (environment_id, friendly_id) where friendly_id is not null;
create index stored_file_coming on stored_file (begun_at) where stored_at is null;
create index stored_file_removed on stored_file (removed_at) where removed_at is not null;

create table stored_piece (
  file_id uuid not null references stored_file on delete cascade,
  number integer not null,
  bytes bytea not null,
  primary key (file_id, number)
);

-- Pictures and documents are compressed already.
alter table stored_piece alter column bytes set storage external;
