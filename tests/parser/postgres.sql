-- Statements of PostgreSQL 15, one a line. Each must give PostgreSQL's tree, and print to text that gives it again.

-- constants
select 1, 1.5, 1., .5, 1e10, 1E-3, 12345678901234567890, 2147483647, 2147483648, -2147483648, - 5, -1.5e3, - - 1, + 1, +(-1)
select 'x', 'it''s', '', E'a\nb\t\\ \x41\101\u0041\U00000041', U&'d\0061t\+000061', U&'d!0061' uescape '!', $$a'b$$, $tag$ $$ $tag$, b'0101', x'1F', N'abc'
select true, false, null, $1, $23
select date '2020-01-01', timestamp '2020-01-01 00:00', timestamp(3) with time zone 'now', time without time zone '12:00', time(2) with time zone 'x'
select interval '1', interval '1' day, interval '1' year to month, interval '1' second(3), interval '1' day to second(2), interval(3) '1', interval '2' hour to minute, interval '2' minute to second
select int '1', integer '2', smallint '3', bigint '4', real '5', float '6', float(3) '7', float(30) '7', double precision '8', numeric '9', numeric(4,2) '9', decimal(3) '1', dec '1', boolean 't'
select bit '1', bit(3) '101', bit varying '1', bit varying(4) '1', char 'x', char(3) 'x', character varying 'y', character varying(2) 'y', varchar 'z', varchar(3) 'z', national character 'n', nchar(2) 'n', nchar varying 'n'
select json '{}', pg_catalog.date 'now', mytype 'x', my.type 'x', mytype(1,2) 'x', "MyType" 'x'

-- names
select a, a.b, a.b.c, "A", "a""b", A.B, t.*, s.t.*, é, "select", Straße from t
select a as select, b "Quoted", c alias, d as "with space", e yearly, f value, g name from t
select abs, avg, between, bigint, bit, char, coalesce, date, double, extract, int, interval, values, row, time, timestamp, position, substring, trim, xmlelement, setof, none from t
select action, at, day, first, key, name, operator, over, partition, range, rows, type, value, within, filter, zone from t
select left(a, 1), right(a, 2), "left"(a), overlaps(a, b), pg_catalog.coalesce(a), ilike(a, b), binary(a), authorization(1)
select a.select, a.from, a.union.where from a

-- operators and their precedence
select a + b * c - d / e % f ^ g, a ^ b ^ c, -a ^ b, - a + b, -(a), (-a)::int, -a::int, -1::int, (- 1)::int, + a
select a || b || c, a -> 'x' ->> 'y', a @> b, a <@ b, a && b, @ a, @ -a, |/ a, ||/ a + 1, !! a, ~ a & b | c # d << 2 >> 3
select a = b, a <> b, a != b, a < b, a > b, a <= b, a >= b, a = b and c = d, (a < b) = (c < d), a + 1 < b * 2
select a=-1, a>=-1, a@-b, a*-b, a- -b, a--comment
select a operator(pg_catalog.+) b, a operator(+) b * c, operator(-) a, operator(pg_catalog.-) 1, a operator(my.@@) any (b)
select not a, not not a, not a = b, not a and b or c, a or b and c, (a or b) and c, (a and b) and c, a and (b and c), a or (b or c) or d
select a is null, a is not null, a isnull, a notnull, a is true, a is not true, a is false, a is not false, a is unknown, a is not unknown, a = b is null, not a is null, a is null is null, a is null = b
select a is distinct from b, a is not distinct from b, a is distinct from b + c, a is distinct from b = c, a is normalized, a is not nfc normalized, a is nfkd normalized, (a is distinct from b) is null
select a between 1 and 2, a not between 1 and 2, a between symmetric b and c, a not between asymmetric b and c, a between b + 1 and c + 2, a between 1 and 2 and c, a between (b and c) and d, a between b < c and d, a between -1 and -2, a between b is distinct from c and d
select a in (1), a in (1, 2, 3), a not in (1, 2), a in (select 1), a not in (select 1), a in ((select 1)), a in ((select 1), 2), a in (((select 1)) union select 2), a in (values (1), (2)), (a, b) in ((1, 2), (3, 4)), (a, b) in (select 1, 2), a in (b) in (c)
select a like b, a not like b, a ilike b, a not ilike b, a similar to b, a not similar to b, a like b escape 'c', a not ilike b || c escape 'c' || 'd', a similar to b escape null, a like b and c, not a like b
select a = any (b), a = some (b), a <> all (b), a < any (select 1), a like any (array['x']), a not like all (b), a ilike any (b), a not ilike any (b), a + b = any (c), a = any ((select b)), a = any ((select b)::int[]), a = any ('{1}'::int[]) = b
select a::int, a::int::text, a::varchar(10)[], a::int[][], a::int array, a::int array[3], a::int[3], cast(a as int), cast(a + b as numeric(10, 2)), a + b::int, (a + b)::int, a.b::int, a::pg_catalog.int4, a::"char", a::my.type(3), a::interval day to hour, a::interval(2), a::interval second(2), a::timestamp(3), a::timestamptz, a::time with time zone, a::char, a::char(5), a::bit, a::bit(5), a::bit varying, a::float(10), a::double precision, a::dec(5), a::date, a::setof int
select a collate "C", a || b collate "de_DE", (a || b) collate x.y, a collate "C" < b collate "D", a at time zone 'utc', a at time zone b at time zone c, a at time zone 'x'::text, a + b at time zone c, -a at time zone c, a at time zone c collate "C", a::timestamp at time zone 'x'
select a[1], a[1][2], a[1:2], a[:2], a[1:], a[:], a.b[1].c, (a).b, (a.b).c, (a).*, (a).b.c, (a[1]).b, a[b + 1], a[b:c + 1], $1[1], $1.a, ($1).b, (array[1, 2])[1], (f(x)).y, (f(x))[1], (select a)[1], ((select a)).b, (a)[1], (a::t).b, (row(1, 2)).f1
select a @@ b and c, a <-> b < c, a ~ 'x' or b !~* 'y', a ~~ b, a !~~ b, a -b, a->-1, a<-1, a *-1, a%-1, a ? b, a ?| b, a #>> '{x}'

-- calls
select f(), f(a), f(a, b), s.f(a), f(*), count(*), count(distinct a), count(all a), f(variadic a), f(a, variadic b), f(x => 1), f(a, x => 1, y := 2), f(a order by b), f(distinct a order by a desc nulls last, b using >), s.f(*)
select count(*) filter (where a > 1), f(a) within group (order by b), percentile_disc(array[0.5]) within group (order by b desc) filter (where c), sum(a) over (), sum(a) over w, sum(a) over (w), sum(a) filter (where b) over (partition by c, d order by e desc, f nulls first)
select f() over (rows unbounded preceding), f() over (range between unbounded preceding and unbounded following), f() over (rows between 1 preceding and 2 following), f() over (groups between current row and unbounded following exclude current row), f() over (order by a range between interval '1 day' preceding and current row exclude ties), f() over (rows between a + 1 following and b following exclude group), f() over (w rows current row exclude no others), f() over (range 5 preceding)
select coalesce(a), coalesce(a, b, 1), nullif(a, b), greatest(a, b), least(a), extract(year from a), extract(epoch from a - b), extract('hour' from a), extract("minute" from a), extract(second from interval '1' day), position(a in b), position('x' in a || b), position((a and b) in c)
select substring(a from 1), substring(a from 1 for 2), substring(a for 2), substring(a for 2 from 1), substring(a, 1), substring(a, 1, 2), substring(a similar b escape 'c'), substring(), overlay(a placing b from 1), overlay(a placing b from 1 for 2), overlay(a, b, 1), trim(a), trim(both from a), trim(leading 'x' from a), trim(trailing from a), trim('x' from a), trim(a, b), trim(both 'x' from a, b), trim(from a)
select normalize(a), normalize(a, nfkc), collation for (a), treat(a as int), grouping(a, b), current_date, current_time, current_time(2), current_timestamp, current_timestamp(3), localtime, localtime(1), localtimestamp, localtimestamp(0), current_user, current_role, session_user, user, current_catalog, current_schema, current_schema(), "current_user"
select (a, b) overlaps (c, d), row(a, b) overlaps row(c, d), (a, b) overlaps (c, d) and e
select case when a then b end, case a when 1 then 2 when 3 then 4 else 5 end, case when a then case when b then c end else d end, case a = b when true then 1 end + 2
select array[1, 2], array[]::int[], array[[1, 2], [3, 4]], array[array[1], array[2]], array(select 1), array[a + 1, (select 2)], array[(1, 2)], row(), row(1), row(1, 2), (1, 2), (a, (b, c)), row((1, 2), row(3))
select exists (select 1), not exists (select), (select 1), (select 1) + (select 2), ((select 1)), (((select 1)) + 1), ((select 1) union (select 2)), ((values (1))), (table t), (with x as (select 1) select * from x), ((select 1) limit 1)

-- select lists and clauses
select
select from t
select *
select *, a, t.*, count(*) from t
select all a from t
select distinct a, b from t
select distinct on (a, b + 1) a, c from t order by a
select a from t where b group by c having d order by e limit 1 offset 2
select a from t order by a asc, b desc, c nulls first, d asc nulls last, e using <, f using operator(pg_catalog.>) nulls first
select a from t limit all
select a from t limit null offset 1 + 2
select a from t offset 3 limit 4
select a from t offset 3 rows fetch first row only
select a from t offset 3 row fetch next 5 rows only
select a from t order by b fetch first (1 + 2) rows with ties
select a from t fetch first -1 rows only
select a from t fetch first $1 rows only
select a from t for update
select a from t for no key update of t nowait
select a from t for share skip locked for key share of a, b
select a from t limit 1 for update
select a from t for update limit 1
select a from t for read only
select count(*) from t group by ()
select a from t group by a, b, (c), (d, e), (f, (g, h)), 1
select a from t group by rollup (a, b), cube (a, (b, c)), grouping sets (a, (b), (c, d), (), rollup (e), cube (f), grouping sets (g))
select a from t group by distinct a, b
select a from t group by all a, b
select a from t having count(*) > 1
select sum(a) over w from t window w as (partition by b), x as (w order by c), y as ()
select a from t where (b)
select "a" from "T" where "a b" = 1
select a, from_ from t;
select 1;

-- from
select * from a, b, c
select * from a x, b as y, c as z (p, q), s.t, db.s.t, only a, only (b), a *, a * as x
select * from a join b on c join d on e
select * from a join b join c on d on e
select * from a join b join c join d on 1 = 1 on 2 = 2 on 3 = 3
select * from a left join b on c right outer join d on e full join f using (g, h) inner join i using (j) as k
select * from a natural join b natural left join c natural full outer join d
select * from a cross join b cross join c join d on true
select * from a cross join b left join c on d, e
select * from (a join b on c) join (d cross join e) on f
select * from (a join b on c) as j
select * from (a join b on c) as j (x, y)
select * from ((a join b on c))
select * from ((a join b on c) join d on e)
select * from ((select 1) x join b on c)
select * from ((select 1) union select 2) x
select * from ((select 1)) x
select * from (((select 1)) union (select 2) order by 1) x
select * from (select 1) x, (values (1, 2)) y (a, b), (table t) z, lateral (select 2) w
select * from (select 1)
select * from a left join lateral (select a.x) b on true
select * from f(), f(1) x, f(1) as x (a, b), f(1) with ordinality, f(1) with ordinality as x (a, n), s.f(a, b), lateral f(a.b)
select * from f() as (a int, b text collate "C"), f() as x (a int, b numeric(3)), f() x (a int[])
select * from rows from (f(), g(1)), rows from (f() as (a int), g()) with ordinality as x (b, c), lateral rows from (f(a)) y
select * from current_date, current_timestamp(3) x, cast(1 as int) y, coalesce(1, 2) z, current_user, current_schema
select * from unnest(array[1], array[2]) as u (a, b), generate_series(1, 10) g, left('x', 1) l, json_each('{}') as j (k, v)
select * from a join lateral f(a.x) on true, b
select * from "Order" o, "select", public."Mixed" m
select * from values, range x, rows, name n, type t
select emit from emit emit
select a emit, b from emit
select * from a emit join b on a.x = b.y

-- set operations
select 1 union select 2
select 1 union all select 2 union select 3
select 1 union select 2 intersect select 3
select 1 intersect select 2 union select 3 except all select 4
(select 1 union select 2) intersect select 3
select 1 union (select 2 union select 3)
select 1 union (select 2 order by 1 limit 1)
(select 1 order by 1) union (select 2 limit 1) order by 1 limit 5
(select 1)
((select 1))
((select 1) order by 1)
(select 1 limit 5) order by 1
(select 1 order by 1) limit 2 offset 3
(select 1 for update) limit 2
((select 1 offset 2 limit 3)) order by 4
(with a as (select 1) select * from a) order by 1
select 1 union distinct select 2
select 1 except distinct select 2
values (1), (2)
values (1, 'a', default), (2, null, 3 + 4) order by 1 limit 1
values (1) union values (2)
table t
table only t
table s.t order by 1
select 1 union table t
(table t) union (values (1))

-- with
with a as (select 1) select * from a
with recursive a (x, y) as (select 1, 2 union all select x + 1, y from a where x < 10) select * from a
with a as materialized (select 1), b as not materialized (select 2) select * from a, b
with a as (with b as (select 1) select * from b) select * from a
with a as (values (1)), b as (table a) (select * from b) union select 2
with a as (select 1) values (1)
with recursive t as (select 1) insert into x select * from t
select * from (with a as (select 1) select * from a) x
select (with a as (select 1) select * from a)

-- data changes
insert into t values (1, 2)
insert into t (a, b) values (1, default), (2, 3)
insert into s.t as x (a) select 1 returning *
insert into t default values
insert into t (a, b) overriding system value values (1, 2)
insert into t overriding user value select 1
insert into t (select 1)
insert into t ((select 1))
insert into t (a) (select 1 union select 2)
insert into t (a) with x as (select 1) select * from x
insert into t table u
insert into t values (1) on conflict do nothing
insert into t values (1) on conflict (a, b) do nothing returning a, b as c
insert into t values (1) on conflict (a) where b > 1 do update set c = excluded.c, (d, e) = (1, 2), (f) = row(3) where t.c > 1
insert into t values (1) on conflict (lower(a), (b + 1)) do update set c = default
insert into t values (1) on conflict (a collate "C") do nothing
insert into t values (1) on conflict on constraint c do update set a = 1 returning a + 1, *
insert into t ("a", "B") values ($1, $2) returning "a"
update t set a = 1
update t x set a = 1, b = default where c
update only t as x set (a, b) = (1, 2), c = (select 3)
update t set (a, b) = (select 1, 2) from u, v join w on x where y returning *
update t set (a) = row(1)
update t * set a = a + 1
with x as (select 1) update t set a = x.a from x
delete from t
delete from only t as x using u, v where t.a = u.a returning x.*
delete from t where a in (select b from c)
with x as (select 1) delete from t using x
truncate t
truncate table a, b.c cascade
truncate only a restart identity restrict

-- definitions
create table t ()
create table t (a int, b text)
create table if not exists s.t (a int not null, b text null, c numeric(10, 2) default 1.5, d timestamptz default now(), e int[] default '{}'::int[])
create temp table t (a int primary key, b int unique, c int check (c > 0))
create temporary table t (a int default -1 not null, b text collate "C" default 'x' || 'y')
create local temporary table t (a int)
create unlogged table t (a int)
create table t (a int, b int, primary key (a, b), unique (b), check (a > b), constraint c check (a < 5), constraint d primary key (a), constraint e unique (a, b), foreign key (a) references u (x) on delete cascade on update set null)
create table t (a int references u, b int references s.u (x) match full on delete restrict deferrable initially deferred)
create table t (a int generated always as (b * 2) stored, b int generated always as identity, c int generated by default as identity (start with 5))
create table t (a serial, b "MyType", c pg_catalog.int4, d double precision, e character varying (20), f timestamp (3) without time zone, g interval day to second, h varchar[], i bit varying (5))
create table t (a int) with (fillfactor = 70, autovacuum_enabled = false)
create table t (a int) on commit preserve rows
create table t (a int) tablespace x
create table t (a int constraint nn not null constraint ck check (a > 1) constraint uq unique)
create table t as select 1
create table if not exists t (a, b) as select 1, 2 with no data
create temp table t as values (1) with data
create table t as table u
create view v as select 1
create or replace view s.v (a, b) as select 1, 2
create temp view v as values (1)
create view v with (security_barrier) as select 1
create materialized view v as select 1
create materialized view if not exists s.v (a) as select 1 with no data
create materialized view v with (fillfactor = 50) as select a, count(*) from t group by a with data
create schema s
create schema if not exists s
create schema authorization joe
create index on t (a)
create index i on t (a)
create unique index concurrently if not exists i on s.t using btree (a desc nulls last, lower(b) text_pattern_ops, (a + b) asc, c collate "C") include (d, e) where f > 1
create index i on only t using gin (a jsonb_path_ops)
create index i on t (a) with (fillfactor = 70) tablespace x where b is not null
drop table t
drop table if exists a, s.b cascade
drop view v restrict
drop materialized view if exists v
drop index concurrently i
drop schema s cascade
drop sequence q
drop type x

-- session
begin
begin work
begin transaction isolation level serializable, read only, deferrable
begin isolation level repeatable read read write not deferrable
start transaction
start transaction isolation level read committed
commit
commit work
commit and chain
commit and no chain
end
end transaction
rollback
rollback transaction and chain
abort
savepoint a
release a
release savepoint a
rollback to a
rollback work to savepoint a
set a = 1
set a to 'x'
set a.b = on
set session a = default
set local a to 'x', y, 1.5, -2
set search_path = a, "B", 'c'
set time zone 'utc'
set time zone local
set time zone default
set time zone -5
set time zone interval '-08:00' hour to minute
set schema 'x'
set names 'utf8'
set names
set role 'x'
set session authorization 'x'
set session authorization default
set client_encoding to utf8
set datestyle = iso, mdy
set standard_conforming_strings = on
set x to true
reset a
reset a.b
reset all
reset time zone
show a
show a.b
show all
show time zone
show transaction isolation level
show session authorization
declare c cursor for select 1
declare c binary insensitive no scroll cursor with hold for select 1
declare c scroll cursor without hold for values (1)
fetch c
fetch from c
fetch next from c
fetch prior in c
fetch first from c
fetch last from c
fetch absolute 5 from c
fetch relative -2 from c
fetch 10 from c
fetch -3 c
fetch all c
fetch forward c
fetch forward 5 in c
fetch forward all from c
fetch backward from c
fetch backward 3 c
fetch backward all c
move 5 from c
move c
close c
close all
execute p
execute p (1, 'x', a + b)
deallocate p
deallocate prepare p
deallocate all
deallocate prepare all
listen a
unlisten a
unlisten *
notify a
notify a, 'b'
checkpoint
