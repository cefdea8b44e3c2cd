SELECT 1
SELECT 1 AS one, 'x', NULL, 1.5, 2::bigint, true
SELECT a, b, c FROM t
SELECT * FROM t
SELECT t.* FROM t
SELECT t.*, u.* FROM t, u
SELECT t.a, u.a FROM t JOIN u ON t.a = u.a
SELECT * FROM t JOIN u USING (a)
SELECT * FROM t LEFT JOIN u USING (a)
SELECT * FROM t RIGHT JOIN u USING (a)
SELECT a, t.a, u.a FROM t FULL JOIN u USING (a)
SELECT * FROM t CROSS JOIN u
SELECT * FROM t AS x (p, q)
SELECT p, q, c FROM t AS x (p, q)
SELECT * FROM (t JOIN u USING (a)) AS j
SELECT j.a FROM (t JOIN u USING (a)) AS j
SELECT a + 1, a * 2 AS double, -a, +a FROM t
SELECT a + 1.5, c + 1, z + 1, z * c FROM t, u WHERE false
SELECT a / 2, a % 2, c / 3 FROM t
SELECT x + a, x * 2, x / 2 FROM u
SELECT count(*) FROM t
SELECT count(*), count(a), sum(a), avg(a), min(b), max(c) FROM t
SELECT sum(x), avg(x), sum(z), avg(z) FROM u
SELECT b, count(*) FROM t GROUP BY b
SELECT b, count(*) AS n FROM t GROUP BY 1 ORDER BY n DESC
SELECT b AS k, sum(c) FROM t GROUP BY k HAVING sum(c) > 10
SELECT a, b, count(*) FROM t GROUP BY a
SELECT t.*, count(u.b) FROM t JOIN u ON u.a = t.a GROUP BY t.a
SELECT a % 2, count(*) FROM t GROUP BY a % 2
SELECT a % 2 + 1, count(*) FROM t GROUP BY a % 2
SELECT count(DISTINCT b), sum(DISTINCT a) FROM t
SELECT count(*) FILTER (WHERE a > 1), sum(c) FILTER (WHERE e) FROM t
SELECT DISTINCT b FROM t
SELECT DISTINCT b FROM t ORDER BY b
SELECT DISTINCT ON (b) a, b, c FROM t ORDER BY b, c DESC
SELECT a FROM t ORDER BY c
SELECT a FROM t ORDER BY b || 'x', a DESC NULLS LAST
SELECT a AS c FROM t ORDER BY c
SELECT a FROM t LIMIT 5 OFFSET 2
SELECT a FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES
SELECT a FROM t LIMIT ALL
SELECT a FROM t LIMIT NULL
SELECT a FROM t WHERE b = 'x' AND c > 5
SELECT a FROM t WHERE a IN (1, 2, 3)
SELECT a FROM t WHERE a NOT IN (1, 2, NULL)
SELECT a FROM t WHERE c IN (1, 2.5)
SELECT a FROM t WHERE b IN ('x')
SELECT a FROM t WHERE a BETWEEN 1 AND 5
SELECT a FROM t WHERE a NOT BETWEEN SYMMETRIC 5 AND 1
SELECT a FROM t WHERE b LIKE 'x%' OR b NOT LIKE '%y' OR b ILIKE 'Z'
SELECT a FROM t WHERE b IS NULL OR c IS NOT NULL
SELECT a FROM t WHERE e IS TRUE OR e IS NOT FALSE OR e IS UNKNOWN
SELECT a FROM t WHERE a IS DISTINCT FROM 5 AND b IS NOT DISTINCT FROM NULL
SELECT a FROM t WHERE NOT e
SELECT a FROM t WHERE e
SELECT (a, b) = (1, 'x'), (a, b) < (2, 'y') FROM t
SELECT CASE WHEN a > 1 THEN 'big' ELSE 'small' END FROM t
SELECT CASE a WHEN 1 THEN 'one' WHEN 2 THEN b END FROM t
SELECT CASE WHEN e THEN 1 ELSE 2.5 END, CASE WHEN e THEN a END FROM t
SELECT CASE WHEN e THEN a ELSE c END AS v FROM t
SELECT CASE WHEN true THEN 1 ELSE count(*) END FROM t
SELECT coalesce(a, 0), coalesce(b, 'none'), nullif(a, 0), greatest(a, 1.5), least(1, 2) FROM t
SELECT a::text, b::varchar(5), c::int, '5'::int, cast(a AS bigint) FROM t
SELECT '2020-01-01'::date, timestamp '2020-01-01', interval '1 day'
SELECT a::numeric(5,1), '{1,2}'::int[], 'x'::char(3) FROM t
SELECT (SELECT max(x) FROM u)
SELECT (SELECT x FROM u WHERE u.a = t.a) FROM t
SELECT (SELECT x AS renamed FROM u LIMIT 1) FROM t
SELECT a, (SELECT count(*) FROM u WHERE u.a = t.a) AS n FROM t
SELECT EXISTS (SELECT 1 FROM u), a IN (SELECT b FROM u) FROM t
SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a)
SELECT a FROM t WHERE NOT EXISTS (SELECT FROM u WHERE u.a = t.a AND u.b > t.c)
SELECT a FROM t WHERE a IN (SELECT a FROM u WHERE u.x > t.a)
SELECT a FROM t WHERE a NOT IN (SELECT a FROM u)
SELECT a FROM t WHERE (a, b) IN (SELECT a, y FROM u)
SELECT a FROM t WHERE a > ALL (SELECT b FROM u)
SELECT a FROM t WHERE a = ANY (SELECT b FROM u) AND a < ANY (SELECT b FROM u WHERE u.a = t.a)
SELECT a = ALL (SELECT b FROM u) FROM t
SELECT a FROM t WHERE a = ANY ('{1,2}')
SELECT a FROM t WHERE a = ANY (ARRAY[1, 2, 3])
SELECT k = ANY (arr), arr[1], arr[1:2] FROM w
SELECT ARRAY[1, 2], ARRAY['a', 'b'], ARRAY[1, 2.5], ARRAY[[1, 2], [3, 4]]
SELECT ARRAY[]::int[], ARRAY[1, 2]::bigint[]
SELECT ARRAY(SELECT a FROM t ORDER BY a)
SELECT * FROM (SELECT a, b FROM t) s
SELECT s.n FROM (SELECT count(*) AS n FROM t) AS s
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v (id, name)
SELECT * FROM (VALUES (1, 'a'), (2.5, NULL)) AS v
VALUES (1, 'a'), (2, 'b')
VALUES (1), (2.5) ORDER BY column1 DESC LIMIT 1
WITH q AS (SELECT a, b FROM t) SELECT * FROM q
WITH q (x, y) AS (SELECT a, b FROM t), r AS (SELECT x FROM q) SELECT r.x, q.y FROM r JOIN q ON q.x = r.x
WITH q AS (SELECT 1 AS n) SELECT * FROM q q1, q q2
SELECT a FROM t UNION ALL SELECT b FROM u
SELECT a FROM t UNION SELECT x FROM u
SELECT a, 'x' FROM t UNION ALL SELECT b, NULL FROM u
SELECT 1 UNION ALL SELECT 2.5
SELECT NULL UNION ALL SELECT 1
SELECT 'a' UNION ALL SELECT 'b'
SELECT a FROM t INTERSECT SELECT b FROM u
SELECT a FROM t EXCEPT SELECT b FROM u ORDER BY 1
SELECT a AS p FROM t UNION ALL SELECT b FROM u ORDER BY p LIMIT 3
(SELECT a FROM t ORDER BY b LIMIT 1) UNION ALL (SELECT b FROM u)
SELECT * FROM v
SELECT name, twice FROM v WHERE a > 5
SELECT * FROM vv
SELECT x.name FROM v x
SELECT * FROM generate_series(1, 3)
SELECT * FROM generate_series(1, 3) AS g
SELECT g + 1 FROM generate_series(1, 3) AS g
SELECT n FROM generate_series(1, 3) AS g (n)
SELECT * FROM generate_series(1, 3) WITH ORDINALITY
SELECT * FROM generate_series(1, 3) WITH ORDINALITY AS g (n, i)
SELECT k, x FROM w, unnest(arr) AS x
SELECT k, x FROM w LEFT JOIN LATERAL unnest(arr) AS x ON true
SELECT k, unnest(arr) FROM w
SELECT generate_series(1, 3)
SELECT a, s.* FROM t, LATERAL (SELECT x, y FROM u WHERE u.a = t.a) s
SELECT a, s.n FROM t LEFT JOIN LATERAL (SELECT count(*) AS n FROM u WHERE u.a = t.a) s ON true
SELECT a, s.x FROM t CROSS JOIN LATERAL (SELECT x FROM u WHERE u.a < t.a ORDER BY x LIMIT 2) s
SELECT upper(b), lower(b), length(b), substr(b, 1, 2), b || 'x' FROM t
SELECT substring(b FROM 1 FOR 2), trim(b), trim(LEADING 'x' FROM b), position('a' IN b) FROM t
SELECT extract(year FROM d), date_trunc('day', d), d + interval '1 day', d - d FROM t
SELECT abs(a), round(c), round(c, 1), floor(z), ceil(z) FROM t, u
SELECT now(), current_date, current_timestamp, current_user
SELECT d AT TIME ZONE 'UTC', ts AT TIME ZONE 'UTC' FROM t, w
SELECT j -> 'a', j ->> 'b', j #> '{a,b}' FROM w
SELECT pg_typeof(a), pg_typeof(b) FROM t
SELECT string_agg(b, ',' ORDER BY a), array_agg(a), bool_and(e), bool_or(e) FROM t
SELECT a FROM t WHERE a = $1
SELECT $1::int + 1, $2::text
SELECT a FROM t WHERE b = $1 AND c > $2 LIMIT $3 OFFSET $4
SELECT $1 || 'x', a + $2 FROM t
SELECT $1
SELECT a FROM t WHERE a = ANY ($1)
SELECT a FROM t WHERE a IN ($1, $2)
SELECT coalesce($1, a) FROM t
SELECT CASE WHEN $1 THEN a ELSE $2 END FROM t
SELECT a FROM t WHERE b LIKE $1
SELECT a FROM t WHERE d > $1 AND d < $2 + interval '1 day'
SELECT 1 WHERE EXISTS (SELECT 1)
SELECT count(*) FROM (SELECT DISTINCT a FROM t) q
SELECT sum(n) FROM (SELECT count(*) AS n FROM t GROUP BY b) q
SELECT b, (SELECT count(*) FROM u WHERE u.y = t.b) FROM t GROUP BY b
SELECT max(a) + 1, max(a + 1) FROM t GROUP BY b ORDER BY max(c)
SELECT (SELECT max(t.a)) FROM t
SELECT a FROM t ORDER BY (SELECT x FROM u WHERE u.a = t.a LIMIT 1)
SELECT public.t.a FROM public.t
SELECT t.a FROM public.t
SELECT t.a AS "A", "a" FROM t
SELECT 9223372036854775808, 2147483648, 1e10
SELECT 'x' COLLATE "C"
SELECT b COLLATE "default" AS c FROM t ORDER BY b COLLATE "C"
SELECT 1 IN (1, 2), 1 = 1 AND 2 = 2 OR false, NOT true
SELECT a FROM t GROUP BY a, b, c HAVING count(*) > 1
SELECT 1 FROM t HAVING count(*) > 1
SELECT 1 FROM t GROUP BY ()
SELECT FROM t
SELECT a IS NULL, b IS NOT NULL FROM t
SELECT t1.a FROM t t1 JOIN t t2 ON t1.a = t2.a LEFT JOIN u ON u.a = t1.a AND u.b IN (SELECT k FROM w)
SELECT dt + 1, dt - dt, ts - ts, iv * 2 FROM w
SELECT dt = '2020-01-01', d > '2020-01-01', iv = '1 day' FROM w, t
SELECT (SELECT a FROM t WHERE t.a = u.b) + 1 FROM u
SELECT int4(c), text(a), float8(a) FROM t
SELECT pg_catalog.upper(b) FROM t
SELECT a OPERATOR(pg_catalog.+) 1 FROM t
SELECT row_number FROM (SELECT a AS row_number FROM t) q
SELECT * FROM (SELECT a, c FROM t) x NATURAL LEFT JOIN u
SELECT * FROM (SELECT a, c FROM t) x NATURAL FULL JOIN (SELECT a, x FROM u) y
