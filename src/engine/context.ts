/** The EvalContext of a statement: clock, session, catalog and parameters as expressions may ask for them. */

import type { Catalog } from '../catalog/catalog.ts';
import { createCatalogReader } from '../catalog/reader.ts';
import type { EvalContext, SessionFacts } from '../expr/context.ts';
import type { Value } from '../types/column.ts';
import { defaultFormat, type FormatSettings } from '../types/type.ts';

export function statementContext(options: {
  readonly format: FormatSettings;
  readonly transactionMicros: number;
  readonly now: () => number;
  readonly session: SessionFacts;
  readonly catalog: Catalog;
  readonly roles: readonly string[];
  readonly parameters: readonly Value[];
}): EvalContext {
  return {
    format: options.format,
    transactionMicros: options.transactionMicros,
    statementMicros: options.now(),
    nowMicros: options.now,
    session: options.session,
    catalog: createCatalogReader(options.catalog, options.session.searchPath, options.roles),
    parameters: options.parameters,
  };
}

/** The context of maintained views: their expressions are immutable, so nothing here can be asked for in earnest. */
export function viewContext(catalog: () => Catalog, owner: string, timeZone: string): EvalContext {
  const session: SessionFacts = {
    user: owner,
    sessionUser: owner,
    database: 'millrace',
    backendPid: 0,
    searchPath: ['public'],
    setting: () => undefined,
    setSetting: (_name, value) => value,
  };
  return {
    format: { ...defaultFormat, timeZone },
    transactionMicros: 0,
    statementMicros: 0,
    nowMicros: () => 0,
    session,
    get catalog() {
      return createCatalogReader(catalog(), ['public'], [owner]);
    },
    parameters: [],
  };
}
