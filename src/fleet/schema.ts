/** Version of the tables below; a machine of another version refuses to use them. */
export const schemaVersion = 1;

/** Tables of the fleet; whatever is `bytea` is sealed (sealing.ts). */
export const schema = `
create schema if not exists provision_fleet;
create table if not exists provision_fleet.version (version int not null);
create table if not exists provision_fleet.runs (
  id text primary key,
  number bigserial,
  playbook text not null,
  who text not null,
  version text not null,
  checks boolean not null,
  key bytea not null,
  request bytea not null,
  files text[] not null,
  shards int not null,
  hosts int not null,
  started timestamptz not null default now(),
  stop text
);
create table if not exists provision_fleet.shards (
  run text not null references provision_fleet.runs on delete cascade,
  shard int not null,
  site text,
  hosts int not null,
  attempt int not null default 0,
  state text not null default 'waiting',
  worker text,
  play int not null default -1,
  since timestamptz not null default now(),
  checkpoint bytea,
  exit_code int,
  primary key (run, shard)
);
create table if not exists provision_fleet.meetings (
  run text not null references provision_fleet.runs on delete cascade,
  play int not null,
  shard int not null,
  brought bytea not null,
  primary key (run, play, shard)
);
create table if not exists provision_fleet.events (
  run text not null references provision_fleet.runs on delete cascade,
  shard int not null,
  attempt int not null,
  seq int not null,
  body bytea not null,
  primary key (run, shard, attempt, seq)
);
create table if not exists provision_fleet.files (
  id text primary key,
  body bytea not null
);
create table if not exists provision_fleet.workers (
  name text primary key,
  site text not null,
  version text not null,
  seen timestamptz not null default now()
);
`;
