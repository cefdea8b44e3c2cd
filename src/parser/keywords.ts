/**
 * The keywords of PostgreSQL 15 in their four classes (src/include/parser/kwlist.h), which say where a word may still
 * be a name, and the words of our own dialect, which are names everywhere: only their place makes them special.
 */
import { TokenKind } from './token.ts';

const UNRESERVED = `abort absolute access action add admin after aggregate also alter always asensitive assertion
  assignment at atomic attach attribute backward before begin breadth by cache call called cascade cascaded catalog
  chain characteristics checkpoint class close cluster columns comment comments commit committed compression
  configuration conflict connection constraints content continue conversion copy cost csv cube current cursor cycle
  data database day deallocate declare defaults deferred definer delete delimiter delimiters depends depth detach
  dictionary disable discard document domain double drop each enable encoding encrypted enum escape event exclude
  excluding exclusive execute explain expression extension external family filter finalize first following force
  forward function functions generated global granted groups handler header hold hour identity if immediate immutable
  implicit import include including increment index indexes inherit inherits inline input insensitive insert instead
  invoker isolation key label language large last leakproof level listen load local location lock locked logged
  mapping match matched materialized maxvalue merge method minute minvalue mode month move name names new next nfc nfd
  nfkc nfkd no normalized nothing notify nowait nulls object of off oids old operator option options ordinality others
  over overriding owned owner parallel parameter parser partial partition passing password plans policy preceding
  prepare prepared preserve prior privileges procedural procedure procedures program publication quote range read
  reassign recheck recursive ref referencing refresh reindex relative release rename repeatable replace replica reset
  restart restrict return returns revoke role rollback rollup routine routines rows rule savepoint schema schemas
  scroll search second security sequence sequences serializable server session set sets share show simple skip
  snapshot sql stable standalone start statement statistics stdin stdout storage stored strict strip subscription
  support sysid system tables tablespace temp template temporary text ties transaction transform trigger truncate
  trusted type types uescape unbounded uncommitted unencrypted unknown unlisten unlogged until update vacuum valid
  validate validator value varying version view views volatile whitespace within without work wrapper write xml year
  yes zone`;
const COLUMN_NAME = `between bigint bit boolean char character coalesce dec decimal exists extract float greatest
  grouping inout int integer interval least national nchar none normalize nullif numeric out overlay position precision
  real row setof smallint substring time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement
  xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable`;
const TYPE_OR_FUNCTION = `authorization binary collation concurrently cross current_schema freeze full ilike inner is
  isnull join left like natural notnull outer overlaps right similar tablesample verbose`;
const RESERVED = `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint
  create current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc
  distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral
  leading limit localtime localtimestamp not null offset on only or order placing primary references returning select
  session_user some symmetric table then to trailing true union unique user using variadic when where window with`;

/** Words of the streaming dialect and of EXPLAIN options. Not keywords: a column may have any of these names. */
const DIALECT = `append ast bytes ordinal changes close code connections connector cumulate descriptor emit encode
  enforced fail final flush format gap hop immediately millrace overwrite periodic plan qualify quarantine rules secret
  session sink sinks size slide source sources state step stream streams subscribe tumble violation watermark pause
  resume plain upsert debezium timecol swap envelope system_time asof`;

/** Keywords that need AS when they name an output column (`AS_LABEL` in kwlist.h). */
const NEEDS_AS = new Set(
  `array as char character create day except fetch filter for from grant group having hour intersect into isnull limit
  minute month notnull offset on order over overlaps precision returning second to union varying where window with
  within without year`.split(/\s+/),
);

export type Keyword = { readonly word: string; readonly kind: TokenKind };

const KEYWORDS = new Map<string, Keyword>();

function addAll(words: string, kind: TokenKind): void {
  for (const word of words.split(/\s+/)) if (!KEYWORDS.has(word)) KEYWORDS.set(word, { word, kind });
}
addAll(UNRESERVED, TokenKind.unreserved);
addAll(COLUMN_NAME, TokenKind.columnName);
addAll(TYPE_OR_FUNCTION, TokenKind.typeOrFunction);
addAll(RESERVED, TokenKind.reserved);
addAll(DIALECT, TokenKind.word);

/** The keyword `word` (lower case) is, with one string per keyword, so that comparing tags compares pointers. */
export function lookupKeyword(word: string): Keyword | undefined {
  return KEYWORDS.get(word);
}

/** Whether the keyword may name an output column without AS. */
export function mayBeBareLabel(word: string): boolean {
  return !NEEDS_AS.has(word);
}

/** Whether `word` must be quoted to stand as any kind of name (print quotes a little more than needed). */
export function needsQuotes(word: string): boolean {
  const keyword = KEYWORDS.get(word);
  return keyword !== undefined && keyword.kind !== TokenKind.unreserved && keyword.kind !== TokenKind.word;
}
