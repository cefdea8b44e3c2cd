/**
 * Millrace's streaming SQL in PostgreSQL's words, so that a test file can be held against PostgreSQL itself.
 *
 * A stream is a table, a materialized view is a view (both are always fresh), and a window function in FROM is a subquery that
 * computes the same three columns from first principles: `date_bin` and `generate_series` for the aligned windows, gaps and
 * islands for sessions. Text in, text out; it knows the canonical spellings of the corpus and no more.
 */

/** Where `open` is a parenthesis: the index behind its partner, and the arguments between, split at top-level commas. */
function parenthesised(sql: string, open: number): { readonly end: number; readonly parts: readonly string[] } {
  const parts: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let i = open; i < sql.length; i++) {
    const c = sql[i] as string;
    if (c === "'" || c === '"') i = closingQuote(sql, i);
    else if (c === '(') depth++;
    else if (c === ')') depth--;
    if ((c === ',' && depth === 1) || (c === ')' && depth === 0)) {
      parts.push(sql.slice(start, i).trim());
      start = i + 1;
    }
    if (depth === 0) return { end: i + 1, parts };
  }
  throw new Error(`unbalanced parenthesis in ${sql}`);
}

function closingQuote(sql: string, from: number): number {
  const end = sql.indexOf(sql[from] as string, from + 1);
  return end < 0 ? sql.length : end;
}

const EPOCH = "'1970-01-01 00:00:00+00'";
const bin = (size: string, time: string, offset: string): string =>
  offset === ''
    ? `date_bin(${size}, ${time}, ${EPOCH})`
    : `date_bin(${size}, ${time} - ${offset}, ${EPOCH}) + ${offset}`;

/** All columns of the relation, and the window's three from its start and end. */
const windowed = (relation: string, time: string, lateral: string): string =>
  `(SELECT t_.*, w_.s AS window_start, w_.e AS window_end, w_.e - INTERVAL '1 microsecond' AS window_time FROM ${relation} AS t_, ` +
  `LATERAL (${lateral}) AS w_ WHERE t_.${time} IS NOT NULL)`;

function tumble([relation = '', time = '', size = '', offset = '']: readonly string[]): string {
  const start = bin(size, `t_.${time}`, offset);
  return windowed(relation, time, `SELECT ${start} AS s, ${start} + ${size} AS e`);
}

/** Starts from the last one at or before the row, back to the first that still reaches beyond it. */
function hop([relation = '', time = '', slide = '', size = '', offset = '']: readonly string[]): string {
  const last = bin(slide, `t_.${time}`, offset);
  const first = `t_.${time} - ${size} + INTERVAL '1 microsecond'`;
  return windowed(
    relation,
    time,
    `SELECT s, s + ${size} AS e FROM generate_series(${last}, ${first}, -(${slide})) AS s`,
  );
}

function cumulate([relation = '', time = '', step = '', size = '']: readonly string[]): string {
  const start = bin(size, `t_.${time}`, '');
  const first = `${bin(step, `t_.${time}`, '')} + ${step}`;
  return windowed(
    relation,
    time,
    `SELECT ${start} AS s, e FROM generate_series(${first}, ${start} + ${size}, ${step}) AS e`,
  );
}

function session([source = '', ...rest]: readonly string[]): string {
  const [, relation = source, keys = ''] = /^([\s\S]*?)\s+PARTITION\s+BY\s+([\s\S]*)$/i.exec(source) ?? [];
  // Several keys have put commas between: the time and the gap are always the last two.
  const [time = '', gap = ''] = rest.slice(-2);
  const partition = [keys, ...rest.slice(0, -2)].filter((key) => key !== '' && !/^\(\s*\)$/.test(key)).join(', ');
  const by = partition === '' ? '' : `PARTITION BY ${partition}`;
  const island = partition === '' ? 'i_' : `${partition}, i_`;
  return (
    `(SELECT c_.*, c_.window_end - INTERVAL '1 microsecond' AS window_time FROM (SELECT b_.*, ` +
    `min(${time}) OVER (PARTITION BY ${island}) AS window_start, max(${time}) OVER (PARTITION BY ${island}) + ${gap} AS window_end FROM ` +
    `(SELECT a_.*, sum(n_) OVER (${by} ORDER BY ${time}) AS i_ FROM (SELECT t_.*, CASE WHEN ${time} - lag(${time}) OVER (${by} ORDER BY ${time}) < ${gap} ` +
    `THEN 0 ELSE 1 END AS n_ FROM ${relation} AS t_ WHERE ${time} IS NOT NULL) AS a_) AS b_) AS c_)`
  );
}

const WINDOWS: Readonly<Record<string, (args: readonly string[]) => string>> = { tumble, hop, cumulate, session };

function replaceWindows(sql: string): string {
  const call = /\b(FROM|JOIN|,)(\s+)(TUMBLE|HOP|CUMULATE|SESSION)\s*\(/gi;
  for (let match = call.exec(sql); match !== null; match = call.exec(sql)) {
    const open = match.index + match[0].length - 1;
    const { end, parts } = parenthesised(sql, open);
    const replacement = (WINDOWS[(match[3] as string).toLowerCase()] as (args: readonly string[]) => string)(parts);
    const alias =
      /^\s*(AS\b|(?!(WHERE|GROUP|ORDER|LIMIT|JOIN|LEFT|RIGHT|FULL|INNER|CROSS|ON|UNION|HAVING|EMIT|EXCEPT|INTERSECT|OFFSET|FETCH|NATURAL)\b)[a-z_]\w*)/i;
    const named = alias.test(sql.slice(end)) ? '' : ` AS ${(match[3] as string).toLowerCase()}_`;
    sql = `${sql.slice(0, match.index)}${match[1]}${match[2]}${replacement}${named}${sql.slice(end)}`;
  }
  return sql;
}

/** Column list of CREATE STREAM or TABLE: without WATERMARK, generated columns stored. */
function replaceDefinition(sql: string): string {
  const head = /^\s*CREATE\s+(STREAM|SOURCE|TABLE)\s+(IF\s+NOT\s+EXISTS\s+)?[\w".]+\s*(?=\()/i.exec(sql);
  if (head === null) return sql;
  const { parts } = parenthesised(sql, head[0].length);
  const columns = parts
    .filter((part) => !/^WATERMARK\s+FOR\b/i.test(part))
    .map((part) =>
      /GENERATED\s+ALWAYS\s+AS\s*\(/i.test(part) && !/\bSTORED\b|\bIDENTITY\b/i.test(part) ? `${part} STORED` : part,
    );
  return `${head[0].replace(/\b(STREAM|SOURCE)\b/i, 'TABLE')}(${columns.join(', ')})`;
}

export function toPostgres(sql: string): string {
  if (/^\s*CREATE\s+(STREAM|SOURCE)\b/i.test(sql) || /^\s*CREATE\s+TABLE\b[\s\S]*\bWATERMARK\s+FOR\b/i.test(sql))
    return replaceDefinition(sql);
  const words = sql
    .replace(/^(\s*CREATE\s+(?:OR\s+REPLACE\s+)?)MATERIALIZED\s+VIEW(\s+IF\s+NOT\s+EXISTS)?/i, '$1VIEW')
    .replace(/^(\s*(?:DROP|ALTER|COMMENT\s+ON)\s+)MATERIALIZED\s+VIEW/i, '$1VIEW')
    .replace(/^(\s*(?:DROP|ALTER)\s+)(?:STREAM|SOURCE)\b/i, '$1TABLE');
  return replaceWindows(words);
}

/** Turns tables into streams' other half: the same statement where rows may be deleted again. */
export const streamsAsTables = (sql: string): string =>
  sql.replace(/^(\s*CREATE\s+)(STREAM|SOURCE)\b/i, '$1TABLE').replace(/^(\s*DROP\s+)(STREAM|SOURCE)\b/i, '$1TABLE');
