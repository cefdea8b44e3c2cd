# Expressions at the edges, one a line: value or error must be PostgreSQL's.
1 / 0
1::int8 % 0
2147483647 + 1
(-2147483648) / -1
-(-2147483648)
abs(-2147483648)
32767::int2 + 1::int2
(-32768)::int2 * (-1)::int2
9223372036854775807 + 1
(-9223372036854775808) / -1
9223372036854775807 * 2
9007199254740993 % 10
9007199254740993 / 3
4611686018427387904 * 2
7::int8 / -2
-7 % 2
1.0 / 3
1 / 3.0
10 ^ 2
2 ^ 0.5
(-8) ^ (1.0/3)
0 ^ -1
1e300::float8 * 1e300::float8
1e-300::float8 * 1e-300::float8
'NaN'::float8 = 'NaN'::float8
'NaN'::float8 > 'Infinity'::float8
'NaN'::numeric > 1
-0.0::float8
0::float8 / 0
5.5::float8 / 0
round(2.5), round(-2.5), round(3.5::float8), round(2.5::float8)
round(123.456, -2), trunc(-123.456, 1), round(0.5), ceil(-0.5), floor(-0.5)
sign(-0.0), sign('NaN'::numeric)
mod(-7, 3), div(-7, 3), mod(7, 0)
gcd(0, 0), lcm(0, 5), gcd(-2147483648, 0)
sqrt(-1)
ln(0)
ln(-1.0)
log(2.0, 8.0)
exp(1000)
power(0, 0), power('NaN'::float8, 0), power(1, 'NaN'::float8)
power(-1, 'Infinity'::float8)
factorial(20)
width_bucket(5, 0, 10, 5), width_bucket(-1, 0, 10, 5), width_bucket(10, 0, 10, 5), width_bucket(8, 10, 0, 5)
width_bucket(5, 0, 10, 0)
1 << 33, 1 >> 33, 1::int8 << 40, (-1)::int2 >> 3
5 & 3, 5 | 3, 5 # 3, ~5
substring('hello' from 2 for 3), substring('hello' from -1 for 3), substring('hello', 10)
substring('hello', 2, -1)
left('hello', -10), right('hello', -10), left('héllo', 2), right('h😀llo', 4)
lpad('abc', 0), lpad('abc', -1), lpad('abc', 6, ''), rpad('abc', 2)
split_part('a,b,c', ',', 4), split_part('a,b,c', '', 1), split_part('a,b,c', ',', -3)
split_part('a,b', ',', 0)
repeat('ab', -1), reverse('a😀b'), initcap('hello-wORLD foo_bar 1st'), lower('ÀÉ')
translate('abc', 'ab', ''), replace('aaa', 'a', 'bb'), replace('abc', '', 'x')
position('' in 'abc'), strpos('abc', 'd'), position('😀' in 'a😀')
trim('  a '), trim(both 'xy' from 'xyaxy'), ltrim('zzzytest', 'xyz'), trim(leading from '  a ')
overlay('abcdef' placing 'X' from 2 for 0), overlay('abc' placing 'zzz' from 10)
ascii(''), ascii('😀'), chr(128512), chr(0)
chr(-1)
to_hex(-1), to_hex(255::int8)
length('a😀'), octet_length('é'), bit_length('é'), length('ab '::char(5)), 'ab '::char(5) || 'x'
'a'::char(3) = 'a', 'a'::char(3) = 'a  '::text, 'a '::varchar = 'a'
quote_literal(E'a\\b'), quote_ident('select'), quote_ident('a"b'), quote_ident('Abc')
format('%s %s', 'a'), format('%'), format('%x', 1)
format('%3$s %1$s', 1, 2, 3), format('[%10s][%-10s]', 'a', 'b'), format('%I', 'Abc'), format('%L', NULL)
format('%s', NULL), format('%%'), format(NULL), format('%*s', 5, 'a')
concat(), concat(NULL), concat(1, true, NULL, 'x'), concat_ws(NULL, 'a'), concat_ws('-', NULL, 'a', 'b')
'a' || true, 1 || 'a', 'a' || NULL, 'x' || 1.50, 'x' || ARRAY[1]
'abc' LIKE 'a%', 'abc' LIKE '_b_', 'a%c' LIKE 'a\%c', 'abc' LIKE 'ABC', 'abc' ILIKE 'A_C', 'a' LIKE '', '' LIKE '%'
'a_c' LIKE 'a!_c' ESCAPE '!', 'abc' NOT LIKE 'b%', 'a\nb' LIKE 'a%b', 'abc' LIKE 'a%b%c', 'aXbXc' LIKE '%X%X%'
'abc' LIKE 'abc\'
'abc' LIKE 'a' ESCAPE 'xx'
'abc' SIMILAR TO '(a|x)b_', 'abc' SIMILAR TO 'b', 'abc' SIMILAR TO '%(b|d)%', 'a.c' SIMILAR TO 'a.c', 'abc' SIMILAR TO 'a.c'
'foobar' ~ '^foo', 'foobar' ~ 'o{2}b', 'foo.bar' ~ 'o\.b', E'a\nb' ~ 'a.b', E'a\nb' ~ 'a$', E'a\nb' ~ '(?n)a$'
'abc' ~ '[[:alpha:]]+$', 'a1' ~ '^\w\d$', 'foo bar' ~ '\mbar\M', 'foobar' ~ '\mbar', 'a-b' ~ '[a\-z]-', 'x]' ~ '[]x]+$'
'abc' ~ '(', 'abc' ~ '*'
'abc' ~ '('
'abc' ~ '['
'abc' ~ 'a{2,1}'
'abc' ~ '\'
regexp_replace('foobarbaz', 'b(..)', 'X\1Y', 'g'), regexp_replace('abc', 'b', '\\'), regexp_replace('abc', '', 'x', 'g')
regexp_match('abc', 'd'), regexp_match('abc', 'b|(d)'), regexp_match('foobarbequebaz', 'ba(r|z)(x)?')
regexp_split_to_array('the quick', ''), regexp_split_to_array('a,b,', ','), regexp_split_to_array('', 'x')
regexp_match('abc', 'b', 'g')
regexp_replace('abc', 'b', 'x', 'y')
regexp_count('ababab', 'ab'), regexp_instr('ABC', 'C'), regexp_substr('abc', 'b.'), regexp_like('abc', 'B', 'i')
string_to_array('', ','), string_to_array('a,b', NULL), string_to_array(NULL, ','), string_to_array('a,,b', ',', ''), string_to_array('abc', '')
array_to_string(ARRAY[1,NULL,3], ',', '*'), array_to_string(ARRAY[[1,2],[3,4]], ','), array_to_string('{}'::int[], ',')
starts_with('abc', ''), md5(''), encode('\x00ff'::bytea, 'escape'), encode('abc'::bytea, 'hex')
decode('zz', 'hex')
decode('abc', 'base64')
encode('a', 'foo')
date '2024-02-29' + interval '1 year', date '2024-01-31' + interval '1 month', timestamp '2024-03-31' - interval '1 month'
date '2024-03-01' - date '2024-02-01', date 'infinity' + 1, date '2024-01-01' - 0
date 'infinity' - date '2024-01-01'
date '5874897-12-31' + 1
timestamp '294276-12-31 23:59:59' + interval '1 day'
timestamp '2024-01-01' - timestamp '2023-12-31 12:00', timestamp 'infinity' > timestamp '2024-01-01'
interval '1 month' = interval '30 days', interval '1 day' > interval '23 hours', - interval '1 mon -1 day'
interval '1 day' * 0.5, interval '1 month' / 3, 1.5 * interval '1 month', interval '1 year 2 months 3 days 04:05:06' * 2.7
interval '1 day' / 0
time '23:00' + interval '2 hours', time '01:00' - time '02:00', time '10:00' - interval '1 day 1 hour'
extract(epoch from timestamp '2024-01-01 00:00:01.5'), extract(milliseconds from time '01:02:03.5'), extract(week from date '2021-01-01'), extract(isoyear from date '2021-01-01')
extract(century from date '2000-12-31'), extract(decade from date '1999-01-01'), extract(millennium from date '2001-01-01'), extract(year from date '0044-03-15 BC')
extract(hour from date '2024-01-01')
extract(foo from timestamp '2024-01-01')
extract(dow from timestamp 'infinity'), extract(year from timestamp 'infinity'), extract(julian from timestamp '2024-01-01 12:00')
date_part('hour', date '2024-01-01'), date_part('epoch', interval '1 year 1 month 1 day'), date_part('timezone', timestamptz '2024-01-01 00:00+05')
date_trunc('week', timestamp '2024-01-07'), date_trunc('quarter', timestamp '2024-05-07'), date_trunc('century', timestamp '2000-05-07'), date_trunc('decade', interval '25 years')
date_trunc('foo', timestamp '2024-01-01')
date_trunc('week', interval '1 year')
date_bin('0 days', timestamp '2024-01-01', timestamp '2024-01-01')
date_bin('1 month', timestamp '2024-01-01', timestamp '2024-01-01')
date_bin('7 min', timestamp '1999-12-31 23:59', timestamp '2000-01-01'), date_bin('15 minutes', timestamp '2020-02-11 15:44:17', timestamp '2001-01-01')
age(timestamp '2001-04-10', timestamp '1957-06-13'), age(timestamp '2024-02-29', timestamp '2023-02-28'), age(timestamp '2023-01-31', timestamp '2023-03-01')
make_date(2023, 2, 29)
make_date(0, 1, 1)
make_time(24, 0, 1)
make_timestamp(2024, 13, 1, 0, 0, 0)
make_interval(1, 2, 3, 4, 5, 6, 7.5), make_date(-44, 3, 15)
to_timestamp(0) = timestamptz '1970-01-01 00:00+00', to_timestamp('Infinity'::float8)
justify_hours(interval '30 hours'), justify_days(interval '65 days'), justify_interval(interval '1 mon -1 hour')
timestamp '2024-03-31 02:30' at time zone 'Europe/Berlin', timestamptz '2024-10-27 01:30+00' at time zone 'Europe/Berlin'
timestamp '2024-01-01' at time zone 'Nowhere'
timestamptz '2024-01-01 00:00+00' at time zone 'EST', timestamp '2024-01-01' at time zone '+03:30'
(date '2024-01-01', date '2024-01-02') overlaps (date '2024-01-02', date '2024-01-03'), (time '01:00', NULL::time) overlaps (time '00:30', time '02:00')
ARRAY[1,2,3] = ARRAY[1,2,3]::int8[], ARRAY[1,NULL] = ARRAY[1,NULL], ARRAY[1,2] < ARRAY[1,2,3], '{}'::int[] < ARRAY[NULL::int]
ARRAY[1,2] @> ARRAY[NULL]::int[], ARRAY[1,2] && '{}'::int[], ARRAY[1,2] <@ ARRAY[2,1,1]
ARRAY[1] || NULL, NULL || ARRAY[1], ARRAY[1] || '{2}', ARRAY[[1],[2]] || ARRAY[3], ARRAY[1] || 2::int8
ARRAY[1,2] || ARRAY[[1,2,3]]
array_append(NULL::int[], 1), array_prepend(1, NULL::int[]), array_cat(NULL::int[], NULL), array_remove(ARRAY[1,NULL,1], NULL), array_replace(ARRAY[1,NULL], NULL, 5)
array_length('{}'::int[], 1), array_ndims('{}'::int[]), array_dims('[2:3]={1,2}'::int[]), array_upper('[2:3]={1,2}'::int[], 1), cardinality(ARRAY[[1,2],[3,4]])
array_position(ARRAY[1,2,NULL], NULL), array_positions(ARRAY[1,1], 2), (ARRAY[1,2,3])[2:], (ARRAY[1,2,3])[:2], (ARRAY[1,2,3])[0]
trim_array(ARRAY[1,2], 3)
1 = ANY(ARRAY[1,2]), 3 = ANY(ARRAY[1,NULL]), 3 <> ALL(ARRAY[1,2]), 1 = ANY('{}'::int[]), 'a' LIKE ANY(ARRAY['a%','b'])
'{"a":{"b":[1,2,{"c":null}]}}'::json #> '{a,b,2}', '{"a":{"b":[1,2]}}'::json #>> '{a,b,-1}', '[1,2]'::json -> 5, '{"a":null}'::json ->> 'a', '{"a":null}'::json -> 'a'
'{"a": 1, "a": 2}'::json -> 'a', '{"a": 1, "a": 2}'::jsonb, '"x"'::json ->> 0, '{"a":"\u00e9"}'::json ->> 'a', '[1, [2 , 3]]'::json -> 1
'{"a":1,"b":[1,2]}'::jsonb @> '{"b":[2]}', '[1,2]'::jsonb @> '1', '{"a":{}}'::jsonb @> '{"a":{}}', '1'::jsonb @> '1.0', '[[1]]'::jsonb @> '[1]'
'{"a":1}'::jsonb || '{"a":2,"c":3}', '[1]'::jsonb || '2', '{"a":1}'::jsonb || '[1]', '1'::jsonb || '2'
'["a","b","a"]'::jsonb - 'a', '[1,2,3]'::jsonb - -1, '{"a":{"b":1}}'::jsonb #- '{a,b}', '{"a":1}'::jsonb - '{a,b}'::text[]
'1'::jsonb - 'a'
'{"a":1}'::jsonb - 1
jsonb_set('{"a":[1,2]}', '{a,-1}', '9'), jsonb_set('{"a":1}', '{b,c}', '9'), jsonb_set('[1]', '{5}', '9'), jsonb_set('{"a":1}', '{b}', '2', false), jsonb_set('[1]', '{-5}', '9')
jsonb_set('[1]', '{a}', '9')
jsonb_insert('{"a":1}', '{a}', '2')
jsonb_insert('[1,2]', '{0}', '9'), jsonb_insert('[1,2]', '{0}', '9', true), jsonb_pretty('{"a":[1,{"b":2}],"c":{}}')
json_array_length('{}')
jsonb_array_length('1')
to_json(1.50), to_json('NaN'::float8), to_json(date '2024-01-01'), to_json(timestamp '2024-01-01 01:02:03.5'), to_json(timestamptz '2024-01-01 00:00+00'), to_json(interval '1 day')
to_json(ARRAY['a',NULL]), to_jsonb('{"b":1,"a":2}'::json), to_json(true), to_jsonb('x'::text), to_json('\x01'::bytea), to_jsonb(1.50)
json_build_object('a', 1, 'b', NULL), json_build_object('a', '{"x" : 1}'::json), jsonb_build_array(1, 'a', NULL, 1.0), json_build_array()
json_build_object('a')
json_strip_nulls('{"a":null,"b":[1,null,{"c":null}]}'), jsonb_strip_nulls('{"a":{"b":null}}'), json_typeof('  [1]'), jsonb_typeof('null')
json_extract_path('{"a":[10,20]}', 'a', '1'), json_extract_path_text('{"a":"x"}', 'a'), jsonb_extract_path('{"a":1}', 'b')
coalesce(NULL, NULL), nullif(1, 1), nullif('a', 'b'), greatest(1, NULL, 3), least('b', 'a'), greatest(NULL, NULL)
CASE WHEN NULL THEN 1 ELSE 2 END, CASE 1 WHEN 1.0 THEN 'x' END, CASE WHEN false THEN 1 / 0 ELSE 1 END
NULL IS DISTINCT FROM NULL, 1 IS NOT DISTINCT FROM NULL, NULL::bool IS UNKNOWN, true IS NOT FALSE, NOT NULL::bool
true AND NULL, false AND NULL, true OR NULL, NULL OR false, NULL IN (1), 1 IN (1, NULL), 2 IN (1, NULL), 2 NOT IN (1, NULL)
1 BETWEEN 2 AND 0, 1 BETWEEN SYMMETRIC 2 AND 0, '5' > 10, '10' > '9', 5 > '10', 'abc' < 'abd'
'1'::int + '1', '1' + 1, '1.5' + 1.5, 1 + 1.5::float4, 1::int8 + 1.5::float4, 1.5::float4 + 1.5::float8
'abc' + 1
'abc'::int
'99999999999'::int
1.5::int, 2.5::int, (-1.5)::int, 1.5::float8::int, 2.5::float8::int, '  12  '::int, 12.345::numeric(4,1), 1e10::float8::numeric
12345.6::numeric(4,1)
'abcdef'::varchar(3), 'ab'::char(4) || '|', 'abc'::name, true::text, true::int, 0::bool, 't'::bool, 1::text || 2::text
3000000000::int
300000::int2
1e20::float8::int8
'NaN'::float8::int
pg_typeof(1)::text, pg_typeof(1.0)::text, pg_typeof(NULL::date)::text, 'int4'::regtype::text, 'character varying'::regtype::text, 'timestamptz[]'::regtype::text
'nosuchtype'::regtype
'no_such_table'::regclass
to_regclass('no_such_table'), to_regtype('int')::text, format_type(1700, 786438), format_type(25, NULL), format_type(0, NULL), format_type(99999999, NULL)
pg_size_pretty(0::int8), pg_size_pretty(10239::int8), pg_size_pretty(10240::int8), pg_size_pretty(-10240::int8), pg_size_pretty(1073741824::int8)
has_table_privilege('no_such', 'select')
sind(30), cosd(60), tand(45), atan2d(1, 1), degrees(pi()), radians(180), asin(2)
sinh(0), cosh(0), tanh(0), asinh(0), acosh(1), atanh(0), sin(0), cos(0)
acosh(0)
atanh(1), cot(0), cotd(90), acosd(0.5)
to_char(timestamp '2024-02-05 14:03:07.1234', 'YYYY-MM-DD HH24:MI:SS.MS US'), to_char(timestamp '2024-02-05 00:03:07', 'HH12:MI AM am P.M.')
to_char(timestamp '2024-02-05', 'Day|DAY|day|Dy|FMDay|D|ID|DDD|WW|IW|IYYY|Q|CC|J|W|RM|rm|Month|FMMonth|MON')
to_char(timestamp '2024-02-01', 'DDth FMDDth FMDDTH "of" Month'), to_char(timestamp '0044-03-15 BC', 'YYYY BC'), to_char(timestamp '2024-02-05', 'Y,YYY YYY YY Y')
to_char(interval '1 year 2 mons 3 days 04:05:06', 'YYYY MM DD HH24:MI:SS'), to_char(interval '100 hours', 'HH24 HH12'), to_char(timestamptz '2024-02-05 00:00+00', 'TZ TZH:TZM OF')
to_char(485, '999'), to_char(-485, '999'), to_char(485, '9 9 9'), to_char(1485, '9,999'), to_char(148.5, '999.999'), to_char(148.5, 'FM999.999'), to_char(148.5, 'FM999.990'), to_char(3148.5, '9G999D999')
to_char(-485, '999S'), to_char(-485, '999MI'), to_char(485, '999MI'), to_char(485, 'FM999MI'), to_char(485, 'PL999'), to_char(485, 'SG999'), to_char(-485, 'SG999'), to_char(-485, '9SG99'), to_char(-485, '999PR')
to_char(485, 'RN'), to_char(485, 'FMRN'), to_char(482, '999th'), to_char(485, '"Good number:"999'), to_char(485.8, '"Pre:"999" Post:" .999'), to_char(12, '99V999'), to_char(12.4, '99V999')
to_char(0.1, '0.9'), to_char(-0.1, '99.99'), to_char(0, '9'), to_char(0, '99.99'), to_char(0.5, '9.9'), to_char(12, '0999.9'), to_char(1234, '999'), to_char(-12, '9990999.9'), to_char(0, 'FM0.00'), to_char(1234567.891, 'FM9,999,999.00')
to_char(485, 'S999'), to_char(-485, 'S9999'), to_char(1e10::float8, 'FM99999999999'), to_char(-0.4, '9'), to_char(100, 'FM999'), to_char(5, 'FM000')
to_date('2024-02-30', 'YYYY-MM-DD')
to_date('20240205', 'YYYYMMDD'), to_date('05 Feb 2024', 'DD Mon YYYY'), to_date('February 5, 2024', 'Month DD, YYYY'), to_date('24-2-5', 'YY-MM-DD'), to_date('2024-036', 'YYYY-DDD'), to_date('99', 'YY')
to_timestamp('2024-02-05 14:03:07.123', 'YYYY-MM-DD HH24:MI:SS.MS'), to_timestamp('05/02/2024 02:03 PM', 'DD/MM/YYYY HH12:MI AM'), to_timestamp('2024-02-05 14:00 +02', 'YYYY-MM-DD HH24:MI TZH')
to_timestamp('13:00', 'HH12:MI')
to_date('abc', 'YYYY')
to_number('12,454.8-', '99G999D9S'), to_number('-34,338,492', '99G999G999'), to_number('1234', '9999'), to_number('-12.5', 'S99.9'), to_number('0.5', '9.9')
