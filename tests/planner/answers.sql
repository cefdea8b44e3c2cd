SELECT a, b FROM t WHERE a > 2
SELECT t.a, u.x FROM t JOIN u ON t.a = u.a
SELECT t.a, u.x FROM t LEFT JOIN u ON t.a = u.a AND u.b > 1
SELECT t.a, u.x FROM t LEFT JOIN u ON t.a = u.a WHERE u.b > 1
SELECT t.a, u.x FROM t RIGHT JOIN u ON t.a = u.b
SELECT t.a, u.a, u.x FROM t FULL JOIN u ON t.a = u.b AND u.x > 3
SELECT a, b, c FROM t NATURAL FULL JOIN (SELECT a, b AS bb FROM u) q
SELECT t1.a, t2.a, u.b FROM t t1, t t2, u WHERE u.a = t1.a AND t2.a = u.b
SELECT b, count(*), sum(c), avg(a), min(a), max(c) FROM t GROUP BY b
SELECT count(*), count(b), count(DISTINCT b), sum(a) FILTER (WHERE b = 'x') FROM t
SELECT a % 2 AS odd, count(*) FROM t GROUP BY a % 2 HAVING count(*) > 1
SELECT DISTINCT b FROM t
SELECT count(*) FROM (SELECT DISTINCT a, b FROM u) q
SELECT a FROM t UNION SELECT b FROM u
SELECT a FROM t UNION ALL SELECT b FROM u
SELECT a FROM t INTERSECT SELECT b FROM u
SELECT a FROM t EXCEPT SELECT b FROM u
SELECT b FROM u EXCEPT SELECT a FROM t
SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a)
SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.a = t.a)
SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a > t.a AND u.b < t.a)
SELECT a FROM t WHERE a IN (SELECT b FROM u)
SELECT a FROM t WHERE a NOT IN (SELECT b FROM u)
SELECT a FROM t WHERE a NOT IN (SELECT b FROM u WHERE b IS NOT NULL)
SELECT a FROM t WHERE NOT (a IN (SELECT b FROM u WHERE u.a = t.a))
SELECT a FROM t WHERE a NOT IN (SELECT b FROM u WHERE u.a = t.a)
SELECT b FROM u WHERE b NOT IN (SELECT a FROM t WHERE a > 100)
SELECT b FROM u WHERE b NOT IN (SELECT a FROM t)
SELECT a, a IN (SELECT b FROM u) FROM t
SELECT a, b IN (SELECT b FROM t) FROM t
SELECT u.b, u.b IN (SELECT a FROM t WHERE t.a > u.a) FROM u
SELECT u.b, u.b NOT IN (SELECT a FROM t WHERE false) FROM u
SELECT a FROM t WHERE (a, b) IN (SELECT a, y FROM u)
SELECT a FROM t WHERE (a, b) NOT IN (SELECT a, y FROM u)
SELECT a, (a, b) IN (SELECT a, y FROM u) FROM t
SELECT a FROM t WHERE a > ALL (SELECT b FROM u WHERE b < 3)
SELECT a FROM t WHERE a > ALL (SELECT b FROM u)
SELECT a, a > ALL (SELECT b FROM u WHERE u.a = t.a) FROM t
SELECT a, a <= ANY (SELECT b FROM u WHERE u.a = t.a) FROM t
SELECT a FROM t WHERE a < ANY (SELECT b FROM u)
SELECT a, EXISTS (SELECT 1 FROM u WHERE u.a = t.a AND u.x > t.c) FROM t
SELECT a, (SELECT max(x) FROM u WHERE u.a = t.a) FROM t
SELECT a, (SELECT count(*) FROM u WHERE u.a = t.a) FROM t
SELECT a, (SELECT count(*) + 1 FROM u WHERE u.a = t.a AND u.b > 2) FROM t
SELECT a, (SELECT coalesce(sum(x), 0) FROM u WHERE u.a = t.a) FROM t
SELECT a, (SELECT count(*) FROM u WHERE u.a < t.a) FROM t
SELECT a, (SELECT sum(x) FROM u WHERE u.a < t.a AND u.b <> t.a) FROM t
SELECT a, (SELECT count(*) FROM u WHERE u.a = t.a OR u.b = t.a) FROM t
SELECT a, (SELECT b FROM t t2 WHERE t2.a = t.a + 1) FROM t
SELECT a, (SELECT x FROM u WHERE u.a = t.a ORDER BY x, b LIMIT 1) FROM t
SELECT a, (SELECT x FROM u WHERE u.a > t.a ORDER BY x DESC NULLS LAST, b LIMIT 1) FROM t
SELECT a, (SELECT count(*) FROM u WHERE u.a = t.a HAVING count(*) > 1) FROM t
SELECT a, (SELECT count(*) FROM u WHERE u.a = t.a GROUP BY u.a) FROM t
SELECT a, (SELECT max(n) FROM (SELECT count(*) AS n FROM u WHERE u.a = t.a GROUP BY u.b) q) FROM t
SELECT a, (SELECT count(*) FROM (SELECT DISTINCT b FROM u WHERE u.a = t.a) q) FROM t
SELECT a, (SELECT count(*) FROM (SELECT b FROM u WHERE u.a = t.a UNION SELECT t.a) q) FROM t
SELECT a, (SELECT count(*) FROM (SELECT b FROM u WHERE u.a < t.a UNION ALL SELECT a FROM t t2 WHERE t2.a > t.a) q) FROM t
SELECT a, (SELECT count(*) FROM u LEFT JOIN t t2 ON t2.a = u.b AND t2.a > t.a) FROM t
SELECT a, (SELECT count(t2.a) FROM u LEFT JOIN t t2 ON t2.a = u.b AND t2.a > t.a WHERE u.a = t.a) FROM t
SELECT a, (SELECT count(*) FROM u FULL JOIN (SELECT a FROM t t2 WHERE t2.a > t.a) q ON q.a = u.b) FROM t
SELECT a, (SELECT (SELECT count(*) FROM u u2 WHERE u2.a = u1.b AND u2.b > t.a) FROM u u1 WHERE u1.a = t.a ORDER BY u1.x, u1.b LIMIT 1) FROM t
SELECT a, (SELECT sum((SELECT count(*) FROM u u2 WHERE u2.a = u1.b)) FROM u u1 WHERE u1.a = t.a) FROM t
SELECT a FROM t WHERE c > (SELECT avg(t2.c) FROM t t2 WHERE t2.b = t.b)
SELECT a FROM t WHERE a = (SELECT max(a) FROM t)
SELECT b, (SELECT count(*) FROM u WHERE u.y = t.b) FROM t GROUP BY b
SELECT b, count(*) FROM t GROUP BY b HAVING count(*) > (SELECT min(a) FROM t)
SELECT b, sum((SELECT max(x) FROM u WHERE u.a = t.a)) FROM t GROUP BY b
SELECT t.a, s.x FROM t, LATERAL (SELECT x FROM u WHERE u.a = t.a) s
SELECT t.a, s.x FROM t LEFT JOIN LATERAL (SELECT x FROM u WHERE u.a = t.a) s ON s.x > 3
SELECT t.a, s.k FROM t LEFT JOIN LATERAL (SELECT x + t.a AS k FROM u WHERE u.a = t.a) s ON true
SELECT t.a, s.k FROM t LEFT JOIN LATERAL (SELECT 7 AS k FROM u WHERE u.a = t.a) s ON true
SELECT t.a, s.n FROM t LEFT JOIN LATERAL (SELECT count(*) AS n FROM u WHERE u.a = t.a) s ON true
SELECT t.a, s.n FROM t LEFT JOIN LATERAL (SELECT count(*) AS n FROM u WHERE u.a = t.a) s ON s.n > 1
SELECT t.a, s.x FROM t CROSS JOIN LATERAL (SELECT x FROM u WHERE u.a <= t.a ORDER BY x, b, a LIMIT 2) s
SELECT t.a, q.n, r.m FROM t, LATERAL (SELECT count(*) AS n FROM u WHERE u.a = t.a) q, LATERAL (SELECT q.n + t.a AS m) r
SELECT DISTINCT ON (b) b, a FROM t ORDER BY b, a DESC
SELECT a FROM t ORDER BY a LIMIT 2
SELECT b, a FROM t ORDER BY b DESC, a OFFSET 1 LIMIT 3
SELECT a FROM t WHERE b = 'x' OR EXISTS (SELECT 1 FROM u WHERE u.a = t.a)
SELECT CASE WHEN EXISTS (SELECT 1 FROM u WHERE u.b = t.a) THEN 'yes' ELSE 'no' END, a FROM t
WITH q AS (SELECT a, b FROM t WHERE a > 1) SELECT q1.a, q2.b FROM q q1 JOIN q q2 ON q1.a = q2.a + 1
SELECT name, twice FROM v WHERE a < 4
SELECT * FROM vv
SELECT t.a FROM t WHERE 1 = 0
SELECT count(*) FROM t WHERE 1 = 0
SELECT t.a, u.b FROM t LEFT JOIN u ON false
SELECT t1.a FROM t t1 WHERE t1.a IN (SELECT t2.a FROM t t2 WHERE t2.b = t1.b AND t2.a IN (SELECT u.a FROM u WHERE u.b <> t1.a))
SELECT y, count(*) FROM u GROUP BY y HAVING max(x) > (SELECT avg(a) FROM t)
SELECT (SELECT max(t.a)) FROM t
SELECT a, (SELECT t.b) FROM t
SELECT a FROM t WHERE (SELECT count(*) FROM u WHERE u.a = t.a) > 1
SELECT u.a, u.b, (SELECT t.c FROM t WHERE t.a = u.a) FROM u
SELECT x, (SELECT string_agg(t.b, ',' ORDER BY t.a) FROM t WHERE t.a > u.b) FROM u
SELECT a, ARRAY(SELECT b FROM u WHERE u.a = t.a ORDER BY b) FROM t
SELECT a, g FROM t, generate_series(1, a) AS g WHERE a < 4
SELECT a, g FROM t LEFT JOIN LATERAL generate_series(2, a) AS g ON true WHERE a < 4
SELECT a, generate_series(1, 2) FROM t
