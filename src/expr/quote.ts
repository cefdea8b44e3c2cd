/** Quoting as quote_ident and quote_literal do it (ruleutils.c, quote.c). */
import { needsQuotes } from '../parser/keywords.ts';

/** As it must be written to be read back as this name. */
export function quoteIdentifier(name: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !needsQuotes(name)) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal; with a backslash in it, in the E form. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? `E${quoted}` : quoted;
}
