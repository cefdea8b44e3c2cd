/**
 * Types that stand in signatures and catalogs but hold no column: any*, internal, void, trigger, …, and `record`, the type
 * of a row constructor. Putting text into them, or showing one, fails as in PostgreSQL.
 */
import { featureNotSupported } from '../base/errors.ts';
import { concatBytes, int32Bytes } from './bytes.ts';
import type { Value } from './column.ts';
import type { SqlType } from './type.ts';

const pseudo = (oid: number, name: string, length: number, displayName = name): SqlType => ({
  oid,
  name,
  displayName,
  arrayOid: 0,
  category: 'P',
  isPreferred: false,
  length,
  column: 'value',
  parse() {
    throw featureNotSupported(`cannot accept a value of type ${name}`);
  },
  format() {
    throw featureNotSupported(`cannot display a value of type ${name}`);
  },
  compare: () => 0,
  hashKey: (value) => value,
});

export const any: SqlType = pseudo(2276, 'any', 4, '"any"');
export const anyArray: SqlType = pseudo(2277, 'anyarray', -1);
export const anyElement: SqlType = pseudo(2283, 'anyelement', 4);
export const anyNonArray: SqlType = pseudo(2776, 'anynonarray', 4);
export const anyEnum: SqlType = pseudo(3500, 'anyenum', 4);
export const anyRange: SqlType = pseudo(3831, 'anyrange', -1);
export const anyMultirange: SqlType = pseudo(4537, 'anymultirange', -1);
export const anyCompatible: SqlType = pseudo(5077, 'anycompatible', 4);
export const anyCompatibleArray: SqlType = pseudo(5078, 'anycompatiblearray', -1);
export const anyCompatibleNonArray: SqlType = pseudo(5079, 'anycompatiblenonarray', 4);
export const anyCompatibleRange: SqlType = pseudo(5080, 'anycompatiblerange', -1);
export const anyCompatibleMultirange: SqlType = pseudo(4538, 'anycompatiblemultirange', -1);
export const trigger: SqlType = pseudo(2279, 'trigger', 4);
export const eventTrigger: SqlType = pseudo(3838, 'event_trigger', 4);
export const internal: SqlType = pseudo(2281, 'internal', 8);
export const languageHandler: SqlType = pseudo(2280, 'language_handler', 4);

/** The result of a function called for its effect: the empty text. */
export const voidType: SqlType = {
  ...pseudo(2278, 'void', 4),
  parse: () => '',
  format: () => '',
  readBinary: () => '',
  writeBinary: () => new Uint8Array(0),
};

/** An access list entry, kept as its text. */
export const aclitem: SqlType = {
  oid: 1033,
  name: 'aclitem',
  displayName: 'aclitem',
  arrayOid: 1034,
  category: 'U',
  isPreferred: false,
  length: 12,
  column: 'text',
  parse: (text) => text,
  format: (value: string) => value,
  compare: (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0),
  hashKey: (value) => value,
};

// ---------------------------------------------------------------------------------------------------------- record

/** The value of ROW(…): fields with their types. */
export class SqlRecord {
  readonly types: readonly SqlType[];
  readonly values: readonly Value[];

  constructor(types: readonly SqlType[], values: readonly Value[]) {
    this.types = types;
    this.values = values;
  }
}

const quoteField = (text: string): string =>
  text === '' || /[(),"\\ \t\n\v\f\r]/.test(text) ? `"${text.replace(/["\\]/g, '$&$&')}"` : text;

function compareRecords(a: SqlRecord, b: SqlRecord): number {
  const n = Math.min(a.values.length, b.values.length);
  for (let i = 0; i < n; i++) {
    const x = a.values[i] as Value;
    const y = b.values[i] as Value;
    const order = x === null || y === null ? Number(x === null) - Number(y === null) : a.types[i]?.compare(x, y);
    if (order) return order;
  }
  return a.values.length - b.values.length;
}

export const record: SqlType = {
  oid: 2249,
  name: 'record',
  displayName: 'record',
  arrayOid: 2287,
  category: 'P',
  isPreferred: false,
  length: -1,
  column: 'value',
  parse() {
    throw featureNotSupported('input of anonymous composite types is not implemented');
  },
  format(value: SqlRecord, settings) {
    const fields = value.values.map((field, i) =>
      field === null ? '' : quoteField((value.types[i] as SqlType).format(field, settings)),
    );
    return `(${fields.join(',')})`;
  },
  writeBinary(value: SqlRecord) {
    const parts = [int32Bytes(value.values.length)];
    value.values.forEach((field, i) => {
      const type = value.types[i] as SqlType;
      const body = field === null ? null : (type.writeBinary?.(field) ?? new Uint8Array(0));
      parts.push(int32Bytes(type.oid), int32Bytes(body === null ? -1 : body.length));
      if (body !== null) parts.push(body);
    });
    return concatBytes(parts);
  },
  compare: compareRecords,
  hashKey: (value: SqlRecord) =>
    value.values
      .map((field, i) => {
        const part = field === null ? '' : `${value.types[i]?.hashKey(field)}`;
        return field === null ? 'n' : `${part.length}:${part}`;
      })
      .join(''),
};
