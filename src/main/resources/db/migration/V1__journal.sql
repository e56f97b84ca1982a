-- The tables of pekko-persistence-jdbc 1.1.1 (its current, non-legacy schema), under the names of its reference.conf.
-- Payloads are protobuf, small and read often: never compressed (storage EXTERNAL).

create table event_journal (
  ordering bigserial,
  persistence_id varchar(255) not null,
  sequence_number bigint not null,
  deleted boolean not null default false,
  writer varchar(255) not null,
  write_timestamp bigint,
  adapter_manifest varchar(255),
  event_ser_id integer not null,
  event_ser_manifest varchar(255) not null,
  event_payload bytea not null,
  meta_ser_id integer,
  meta_ser_manifest varchar(255),
  meta_payload bytea,
  -- Refuses a second writer of the same session.
  primary key (persistence_id, sequence_number)
);

alter table event_journal alter column event_payload set storage external;
alter table event_journal alter column meta_payload set storage external;

create unique index event_journal_ordering_idx on event_journal (ordering);

-- The key begins with event_id for the cascade of a deletion, and serves "tagged x, after offset n" as a range of it.
create table event_tag (
  event_id bigint,
  tag varchar(256),
  primary key (event_id, tag),
  constraint event_tag_event_fk foreign key (event_id) references event_journal (ordering) on delete cascade
);

create table snapshot (
  persistence_id varchar(255) not null,
  sequence_number bigint not null,
  created bigint not null,
  snapshot_ser_id integer not null,
  snapshot_ser_manifest varchar(255) not null,
  snapshot_payload bytea not null,
  meta_ser_id integer,
  meta_ser_manifest varchar(255),
  meta_payload bytea,
  primary key (persistence_id, sequence_number)
);

alter table snapshot alter column snapshot_payload set storage external;
alter table snapshot alter column meta_payload set storage external;
