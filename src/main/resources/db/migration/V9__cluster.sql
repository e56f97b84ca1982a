-- The nodes of the cluster, each with the time of its last sign of life, so that a node that starts joins those that are there
-- and never forms a second cluster beside them. A node that leaves removes its row; one that was killed leaves it behind.

create table cluster_member (
  -- host:port by which other nodes reach it.
  address text primary key,
  seen_at timestamptz not null
);
