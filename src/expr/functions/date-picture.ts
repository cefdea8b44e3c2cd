/**
 * Format pictures for dates and times (`YYYY-MM-DD HH24:MI`), as formatting.c reads them: keywords with modifiers between
 * text that stands for itself. Shared by to_char, to_date and to_timestamp.
 */
export type PictureField = {
  readonly kind: 'field';
  /** Upper case. */
  readonly key: string;
  /** As written: its case is the case of names. */
  readonly spelling: string;
  /** FM: without padding. */
  readonly compact: boolean;
  /** TH or th behind it: an ordinal. */
  readonly ordinal: '' | 'TH' | 'th';
};
export type PicturePart = PictureField | { readonly kind: 'text'; readonly text: string };

/** Longer ones first where one begins another. */
const KEYS = [
  'Y,YYY',
  'SSSSS',
  'MONTH',
  'A.M.',
  'P.M.',
  'A.D.',
  'B.C.',
  'HH24',
  'HH12',
  'IDDD',
  'IYYY',
  'SSSS',
  'YYYY',
  'DAY',
  'DDD',
  'FF1',
  'FF2',
  'FF3',
  'FF4',
  'FF5',
  'FF6',
  'IYY',
  'MON',
  'TZH',
  'TZM',
  'YYY',
  'AD',
  'AM',
  'BC',
  'CC',
  'DD',
  'DY',
  'HH',
  'ID',
  'IW',
  'IY',
  'MI',
  'MM',
  'MS',
  'OF',
  'PM',
  'RM',
  'SS',
  'TZ',
  'US',
  'WW',
  'YY',
  'D',
  'I',
  'J',
  'Q',
  'W',
  'Y',
];

const pictures = new Map<string, readonly PicturePart[]>();

export function parsePicture(picture: string): readonly PicturePart[] {
  let parts = pictures.get(picture);
  if (parts === undefined) {
    parts = readParts(picture);
    if (pictures.size > 1000) pictures.clear();
    pictures.set(picture, parts);
  }
  return parts;
}

function readParts(picture: string): PicturePart[] {
  const parts: PicturePart[] = [];
  let compact = false;
  for (let at = 0; at < picture.length; ) {
    const rest = picture.slice(at);
    const upper = rest.slice(0, 6).toUpperCase();
    if (upper.startsWith('FM') || upper.startsWith('FX') || upper.startsWith('TM')) {
      if (upper.startsWith('FM')) compact = true;
      at += 2;
      continue;
    }
    const quoted = /^"((?:[^"\\]|\\.)*)"?/s.exec(rest);
    if (quoted !== null) {
      parts.push({ kind: 'text', text: (quoted[1] as string).replaceAll(/\\(.)/gs, '$1') });
      at += quoted[0].length;
      continue;
    }
    const key = KEYS.find((each) => upper.startsWith(each));
    if (key === undefined) {
      const text = rest.startsWith('\\') && rest.length > 1 ? (rest[1] as string) : (rest[0] as string);
      parts.push({ kind: 'text', text });
      at += rest.startsWith('\\') && rest.length > 1 ? 2 : 1;
      continue;
    }
    at += key.length;
    const suffix = /^(?:TH|th)/.exec(picture.slice(at))?.[0] ?? '';
    at += suffix.length;
    parts.push({
      kind: 'field',
      key,
      spelling: rest.slice(0, key.length),
      compact,
      ordinal: suffix as '' | 'TH' | 'th',
    });
    compact = false;
  }
  return parts;
}

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const ROMAN_MONTHS = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'];
