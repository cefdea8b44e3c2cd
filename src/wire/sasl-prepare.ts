/**
 * SASLprep (RFC 4013): the form of a password that both sides hash. As in PostgreSQL, a password that the profile forbids
 * is used as it is, so that any bytes may serve. Code points that Unicode has assigned since 3.2 pass, which RFC 4013 calls a
 * query string; the bidirectional check is left out, for it only ever turns one spelling into the raw one.
 */

const otherSpaces = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
/** RFC 3454, table B.1: commonly mapped to nothing. */
const invisible = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/gu;
/** Tables C.2 to C.9: controls, private use, surrogates, non-characters, marks that change display or are deprecated. */
const forbidden =
  /\p{Cc}|\p{Co}|\p{Cs}|\p{Noncharacter_Code_Point}|\u0340|\u0341|[\u06dd\u070f\u180e\u2028\u2029\u2061-\u2063\u206a-\u206f\ufff9-\ufffd\u2ff0-\u2ffb\u200e\u200f\u202a-\u202e]|[\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]/u;

export function saslPrepare(password: string): string {
  const mapped = password.replace(otherSpaces, ' ').replace(invisible, '').normalize('NFKC');
  return mapped === '' || forbidden.test(mapped) ? password : mapped;
}
