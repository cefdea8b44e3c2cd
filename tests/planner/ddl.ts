/** The relations of the comparison tests, for both sides. */
export const tables = `
CREATE TABLE t (a int PRIMARY KEY, b text, c numeric(10,2), d timestamp, e boolean);
CREATE TABLE u (a int, b int, x bigint, y varchar(20), z double precision);
CREATE TABLE w (k int, n text NOT NULL, arr int[], j jsonb, js json, ts timestamptz, dt date, iv interval, PRIMARY KEY (k, n));
`;
export const views = `
CREATE VIEW v AS SELECT a, b AS name, c * 2 AS twice FROM t WHERE a > 0;
CREATE VIEW vv (p, q) AS SELECT v.a, u.x FROM v JOIN u ON u.a = v.a;
`;
