-- Statements of our own dialect and of PostgreSQL where libpg-query has no shape written down, one a line.
-- Each must print to text that gives the same tree.

create stream s (a int, ts timestamptz)
create stream if not exists s (a int not null default 1, b text generated always as (upper(a)), ts timestamptz, watermark for ts as ts - interval '5 seconds')
create source s (ts timestamp, watermark for ts)
create stream s (a int, b as a + 1, c text as upper(d), constraint positive check (a > 0) on violation drop, check (a < 9) on violation quarantine)
create stream s (a int check (a > 0) on violation fail, primary key (a) not enforced) with (connector = 'kafka', topic = 't', 'properties.bootstrap' = 'x', retention = '7 days', idle_advance = on, n = 5, allowed = interval '1 day')
create stream s (a int) with (connector = 'kafka') format plain encode json
create stream s (a int) format upsert encode avro (schema.registry = 'http://x', message = 'm')
create table t (a int, ts timestamptz, primary key (a), watermark for ts as ts) append only on conflict overwrite with (x = 'y') format debezium encode json
create table t (a int) on conflict do nothing
create or replace materialized view v as select a from s emit changes
create materialized view v with (allowed_lateness = interval '10 minutes', retention = '1 day') as select a from s emit on window close
create materialized view v as select a from s emit final
create materialized view v as select a from s emit periodic interval '5 seconds'
create materialized view v as select a from s emit immediately with no data
create materialized view v as select a from s emit after window close
create materialized view v as select a from s emit on update
create view v as select a from s emit final limit 3
select window_start, count(*) from tumble(s, ts, interval '5 minutes') group by window_start
select * from tumble(public.s, ts, interval '1 hour', interval '5 minutes') as w
select * from tumble(s, s.ts, interval '1 day', time zone 'Europe/Berlin') w (a, b)
select * from tumble((select * from s where a > 1), ts, interval '1' minute) join t on true
select * from hop(s, ts, interval '1 minute', interval '5 minutes') h, cumulate(s, ts, interval '1 minute', interval '1 hour')
select * from hop(s, ts, interval '1 minute', interval '5 minutes', interval '10 seconds')
select * from session(s partition by k, ts, interval '10 minutes')
select * from session(s partition by (), ts, interval '10 minutes')
select * from session(s partition by k, lower(l), ts, interval '10 minutes')
select * from session(s partition by (k, l), ts, interval '10 minutes')
select * from session(s, ts, interval '10 minutes')
select * from table(tumble(table s, descriptor(ts), interval '1' minute))
select * from table(hop(data => table s, timecol => descriptor(ts), slide => interval '5' minute, size => interval '10' minute)) x
select * from tumble(table s, descriptor(ts), size => interval '10' minute, "offset" => interval '1' minute)
select * from session(table s partition by a, b, descriptor(ts), gap => interval '5' minute)
select * from session(table s, descriptor(ts), descriptor(k), interval '5' minute)
select tumble(a, b), hop(c), session from t
select * from hop(s, ts, interval '1' minutes, interval '2' hours) emit periodic interval '5' seconds
create stream s (ts timestamptz, watermark for ts as ts - interval '5' seconds)
select interval '5' minutes
select * from tumble(1, 2), hop(f(a), b)
select `a b`, `select` from `t`
select a, row_number() over (order by b) r from t qualify r = 1
select a from t x qualify not b order by 1
select * from qualify
explain select 1
explain (ast) select 1
explain (code, format json, costs off, analyze) select 1
explain analyze verbose select 1
explain verbose insert into t values (1)
explain (select 1)
explain ((select 1) union select 2)
explain create materialized view v as select 1
explain analyze execute p (1)
show streams
show sources
show tables
show views
show materialized views
show sinks
show indexes
show connections
show create stream s
show create materialized view s.v
show create table t
show tables from s
flush
checkpoint
refresh materialized view v
refresh materialized view concurrently v with data
comment on table t is 'x'
comment on column s.t.a is null
comment on materialized view v is 'it''s'
comment on constraint c on t is 'x'
comment on function f(int, text) is 'x'
prepare p as select 1
prepare p (int, text) as insert into t values ($1, $2)
discard all
discard plans
discard temporary
discard sequences
alter table t rename to u
alter table if exists s.t rename column a to b
alter table t rename a to b
alter view v rename to w
alter materialized view v rename to w
alter stream s rename to t
alter index i rename to j
drop stream if exists s cascade
drop source s
drop sink k
drop function if exists f(int), g
set transaction read only
set transaction isolation level read uncommitted, deferrable
set session characteristics as transaction isolation level serializable
