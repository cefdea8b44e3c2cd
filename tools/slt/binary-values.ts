/**
 * PostgreSQL's binary values to PostgreSQL's text, written without a look at the server's own code: two independent readings of
 * the same format that have to agree. Times are shown in UTC, intervals in the `postgres` style, bytes as hex.
 */

/** Turns one value into text; `null` in the table means the type is asked for as text. */
type Decoder = (bytes: Buffer) => string;

const DAY = 86_400_000_000n;
/** Days from 1970-01-01 to 2000-01-01, PostgreSQL's epoch. */
const EPOCH_DAYS = 10_957;

const pad = (value: number | bigint, width = 2): string => String(value).padStart(width, '0');

function dateText(days: number): string {
  if (days === 0x7fffffff) return 'infinity';
  if (days === -0x80000000) return '-infinity';
  // Years beyond what Date can hold are not in the corpus.
  const date = new Date((days + EPOCH_DAYS) * 86_400_000);
  const year = date.getUTCFullYear();
  const shown = `${pad(year > 0 ? year : 1 - year, 4)}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
  return year > 0 ? shown : `${shown} BC`;
}

function clockText(micros: bigint): string {
  const seconds = micros / 1_000_000n;
  const fraction = pad(micros % 1_000_000n, 6).replace(/0+$/, '');
  const clock = `${pad(seconds / 3600n)}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}`;
  return fraction === '' ? clock : `${clock}.${fraction}`;
}

function timestampText(micros: bigint, zone: string): string {
  if (micros === 2n ** 63n - 1n) return 'infinity';
  if (micros === -(2n ** 63n)) return '-infinity';
  const inDay = ((micros % DAY) + DAY) % DAY;
  const date = dateText(Number((micros - inDay) / DAY));
  const clock = `${clockText(inDay)}${zone}`;
  return date.endsWith(' BC') ? `${date.slice(0, -3)} ${clock} BC` : `${date} ${clock}`;
}

function intervalText(bytes: Buffer): string {
  const micros = bytes.readBigInt64BE(0);
  const days = bytes.readInt32BE(8);
  const months = bytes.readInt32BE(12);
  const parts: string[] = [];
  // A positive part after a negative one gets a plus sign.
  const add = (value: number, unit: string): void => {
    if (value === 0) return;
    const plus = value > 0 && (parts[parts.length - 1] ?? '').startsWith('-') ? '+' : '';
    parts.push(`${plus}${value} ${unit}${value === 1 ? '' : 's'}`);
  };
  add(Math.trunc(months / 12), 'year');
  add(months % 12, 'mon');
  add(days, 'day');
  if (micros !== 0n || parts.length === 0) {
    const sign = micros < 0n ? '-' : (parts[parts.length - 1] ?? '').startsWith('-') ? '+' : '';
    parts.push(`${sign}${clockText(micros < 0n ? -micros : micros)}`);
  }
  return parts.join(' ');
}

function numericText(bytes: Buffer): string {
  const sign = bytes.readUInt16BE(4);
  if (sign === 0xc000) return 'NaN';
  if (sign === 0xd000) return 'Infinity';
  if (sign === 0xf000) return '-Infinity';
  const weight = bytes.readInt16BE(2);
  const scale = bytes.readUInt16BE(6);
  const digit = (i: number): number => (i >= 0 && i < bytes.readInt16BE(0) ? bytes.readInt16BE(8 + 2 * i) : 0);
  let whole = '';
  for (let i = 0; i <= weight; i++) whole += pad(digit(i), 4);
  let fraction = '';
  for (let i = weight + 1; fraction.length < scale; i++) fraction += i < 0 ? '0000' : pad(digit(i), 4);
  const integral = whole.replace(/^0+(?=\d)/, '') || '0';
  return `${sign === 0x4000 ? '-' : ''}${integral}${scale > 0 ? `.${fraction.slice(0, scale)}` : ''}`;
}

/** The shortest digits that give `value` back, laid out as printf's %g would with that many digits. */
function floatText(value: number, single: boolean): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(value, -0)) return '-0';
  let text = String(value);
  if (single) {
    for (let digits = 1; digits <= 9; digits++) {
      text = value.toPrecision(digits);
      if (Math.fround(Number(text)) === value) break;
    }
  }
  const [mantissa = '0', exponent = '0'] = Number(text).toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= (single ? 6 : 15)) return `${mantissa}e${power < 0 ? '-' : '+'}${pad(Math.abs(power))}`;
  const plain = Number(text);
  return power < 0 ? plain.toFixed(Math.max(0, mantissa.replace(/[-.]/g, '').length - 1 - power)) : String(plain);
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function arrayText(bytes: Buffer): string | null {
  if (bytes.readInt32BE(0) === 0) return '{}';
  const decoder = DECODERS.get(bytes.readInt32BE(8));
  if (decoder === undefined || bytes.readInt32BE(0) !== 1 || bytes.readInt32BE(16) !== 1) return null;
  const elements: string[] = [];
  for (let at = 20, n = bytes.readInt32BE(12); n > 0; n--) {
    const length = bytes.readInt32BE(at);
    elements.push(length < 0 ? 'NULL' : quoted(decoder(bytes.subarray(at + 4, at + 4 + length))));
    at += 4 + Math.max(length, 0);
  }
  return `{${elements.join(',')}}`;
}

const quoted = (element: string): string =>
  element === '' || /[\s{},"\\]/.test(element) || /^null$/i.test(element)
    ? `"${element.replace(/["\\]/g, '\\$&')}"`
    : element;

const utf8: Decoder = (bytes) => bytes.toString('utf8');

const DECODERS: ReadonlyMap<number, Decoder> = new Map([
  [16, (bytes) => (bytes[0] === 1 ? 't' : 'f')],
  [17, (bytes) => `\\x${bytes.toString('hex')}`],
  [18, utf8],
  [19, utf8],
  [20, (bytes) => String(bytes.readBigInt64BE(0))],
  [21, (bytes) => String(bytes.readInt16BE(0))],
  [23, (bytes) => String(bytes.readInt32BE(0))],
  [25, utf8],
  [26, (bytes) => String(bytes.readUInt32BE(0))],
  [114, utf8],
  [700, (bytes) => floatText(bytes.readFloatBE(0), true)],
  [701, (bytes) => floatText(bytes.readDoubleBE(0), false)],
  [1042, utf8],
  [1043, utf8],
  [1082, (bytes) => dateText(bytes.readInt32BE(0))],
  [1083, (bytes) => clockText(bytes.readBigInt64BE(0))],
  [1114, (bytes) => timestampText(bytes.readBigInt64BE(0), '')],
  [1184, (bytes) => timestampText(bytes.readBigInt64BE(0), '+00')],
  [1186, intervalText],
  [1700, numericText],
  [2950, uuidText],
  [3802, (bytes) => bytes.toString('utf8', 1)],
] as const satisfies readonly (readonly [number, Decoder])[]);

const ARRAYS: ReadonlySet<number> = new Set([
  1000, 1005, 1007, 1009, 1015, 1016, 1021, 1022, 1115, 1182, 1185, 1231, 2951,
]);

export const hasBinaryForm = (oid: number): boolean => DECODERS.has(oid) || ARRAYS.has(oid);

export function binaryToText(oid: number, bytes: Buffer): string {
  const text = ARRAYS.has(oid) ? arrayText(bytes) : DECODERS.get(oid)?.(bytes);
  if (text === undefined || text === null) throw new Error(`no binary form of type ${oid}: ${bytes.toString('hex')}`);
  return text;
}
