/** Time zones by the names users give them. */
import { invalidParameterValue } from '../../base/errors.ts';
import { findAbbreviation, findTimeZone, TimeZone } from '../../types/time-zone.ts';
import { PatternCache } from './like.ts';

const zones = new PatternCache((name: string): TimeZone => {
  const abbreviation = findAbbreviation(name.toLowerCase());
  const zone = abbreviation === undefined ? findTimeZone(name) : new TimeZone(name, abbreviation.offset);
  if (zone === undefined) throw invalidParameterValue(`time zone "${name}" not recognized`);
  return zone;
});

/** 22023 when there is no such zone. */
export const zoneByName = (name: string): TimeZone => zones.get(name);
