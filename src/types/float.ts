/** float4 and float8. NaN equals itself and is greater than everything; -0 equals 0. float4 values are kept rounded (fround). */
import { expectLength } from './bytes.ts';
import { formatFloat4, formatFloat8, parseFloat4, parseFloat8 } from './float-text.ts';
import type { SqlType } from './type.ts';

export function compareFloats(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  const aIsNaN = Number.isNaN(a);
  const bIsNaN = Number.isNaN(b);
  return aIsNaN === bIsNaN ? 0 : aIsNaN ? 1 : -1;
}

const view = new DataView(new ArrayBuffer(8));

export const float8: SqlType = {
  oid: 701,
  name: 'float8',
  displayName: 'double precision',
  arrayOid: 1022,
  category: 'N',
  isPreferred: true,
  length: 8,
  column: 'f64',
  parse: (text) => parseFloat8(text),
  format: (value: number, settings) => formatFloat8(value, settings.extraFloatDigits),
  readBinary(bytes, offset, length) {
    expectLength(length, 8);
    for (let i = 0; i < 8; i++) view.setUint8(i, bytes[offset + i] as number);
    return view.getFloat64(0);
  },
  writeBinary(value: number) {
    view.setFloat64(0, value);
    return new Uint8Array(view.buffer.slice(0, 8));
  },
  compare: compareFloats,
  hashKey: (value: number) => (value === 0 ? 0 : value),
};

export const float4: SqlType = {
  oid: 700,
  name: 'float4',
  displayName: 'real',
  arrayOid: 1021,
  category: 'N',
  isPreferred: false,
  length: 4,
  column: 'f64',
  parse: (text) => parseFloat4(text),
  format: (value: number, settings) => formatFloat4(value, settings.extraFloatDigits),
  readBinary(bytes, offset, length) {
    expectLength(length, 4);
    for (let i = 0; i < 4; i++) view.setUint8(i, bytes[offset + i] as number);
    return view.getFloat32(0);
  },
  writeBinary(value: number) {
    view.setFloat32(0, value);
    return new Uint8Array(view.buffer.slice(0, 4));
  },
  compare: compareFloats,
  hashKey: (value: number) => (value === 0 ? 0 : value),
};
