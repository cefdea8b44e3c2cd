/**
 * Where an error points. The server counts UTF-16 code units from 0, as its strings do; a client counts characters from 1, and
 * a character beyond the basic plane (an emoji) is two code units.
 */

/** The `P` field for code-unit `offset` in `text`. */
export function clientPosition(text: string, offset: number): number {
  let pairs = 0;
  const end = Math.min(offset, text.length);
  for (let i = 0; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdbff || i + 1 >= end) continue;
    const next = text.charCodeAt(i + 1);
    if (next < 0xdc00 || next > 0xdfff) continue;
    pairs++;
    i++;
  }
  return offset - pairs + 1;
}
