/** Time zones by the names users give them. */
import { invalidParameterValue } from '../../base/errors.ts';
import { findAbbreviation, findTimeZone, TimeZone } from '../../types/time-zone.ts';
import { PatternCache } from './like.ts';

const zones = new PatternCache((name: string): TimeZone => {
  const abbreviation = findAbbreviation(name.toLowerCase());
  const zone =
    abbreviation === undefined ? (posixZone(name) ?? findTimeZone(name)) : new TimeZone(name, abbreviation.offset);
  if (zone === undefined) throw invalidParameterValue(`time zone "${name}" not recognized`);
  return zone;
});

/** 22023 when there is no such zone. */
export const zoneByName = (name: string): TimeZone => zones.get(name);

/** `+03:30`: in the manner of POSIX, hours west of Greenwich. */
function posixZone(name: string): TimeZone | undefined {
  const match = /^([+-])(\d{1,2})(?::(\d\d))?(?::(\d\d))?$/.exec(name);
  if (match === null) return undefined;
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0);
  return new TimeZone(name, match[1] === '-' ? seconds : 0 - seconds);
}
