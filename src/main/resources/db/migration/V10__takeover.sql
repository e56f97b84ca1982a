-- The nodes of the cluster again, each start of one (an incarnation) in a row of its own. A node that starts joins those that
-- are there and never forms a second cluster beside them; what a node that others have given up still tries to write is refused.

drop table cluster_member;

create table cluster_member (
  -- Made by the node at its start.
  incarnation uuid primary key,
  -- host:port by which other nodes reach it.
  address text not null,
  -- By which Pekko tells the starts of a node apart.
  uid bigint not null,
  -- The last sign of life.
  seen_at timestamptz not null,
  -- Since when it is a member of the cluster.
  joined_at timestamptz,
  -- Since when others may take over its sessions. It may not write any more.
  removed_at timestamptz
);

create index cluster_member_address on cluster_member (address, uid);

-- To be called on each new connection of a node, before anything is written there.
create function parley_admit(node uuid) returns void language plpgsql as $$
begin
  if exists (select 1 from cluster_member where incarnation = node and removed_at is not null) then
    raise exception 'this node has been removed from the cluster' using errcode = '28000';
  end if;
end $$;
