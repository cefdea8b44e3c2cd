/**
 * Time zones: fixed offsets, abbreviations (PostgreSQL's Default set), and IANA names through Intl.
 *
 * Asking Intl for an offset costs microseconds, so each zone keeps what it learnt per slot of 12 days: the offset at the
 * slot's start and, where it changes inside, the second it does. Formatting then costs a map lookup. Offsets are seconds
 * east of Greenwich; instants here are seconds since 1970-01-01 UTC, which are safe integers for every timestamp.
 */
import { MICROS_PER_SECOND, UNIX_EPOCH_MICROS } from './calendar.ts';
import { addInt, floorDivInt, type Int, subInt } from './int64.ts';

const SLOT_SECONDS = 2 ** 20;
/** The ends of what Date can hold, kept a slot away from. Beyond them the rules of the last year are not asked for. */
const MAX_SECONDS = 8.64e12 - 2 * SLOT_SECONDS;

type Slot = { readonly before: number; readonly changesAt: number; readonly after: number };

export class TimeZone {
  readonly name: string;
  /** The offset of a zone that has only one; undefined for IANA zones. */
  readonly fixedOffset: number | undefined;
  readonly #formatter: Intl.DateTimeFormat | undefined;
  readonly #slots = new Map<number, Slot>();
  /** The slot asked for last: rows that follow each other mostly share it. */
  #lastIndex = Number.NaN;
  #lastSlot: Slot = { before: 0, changesAt: 0, after: 0 };

  constructor(name: string, fixedOffset: number | undefined) {
    this.name = name;
    this.fixedOffset = fixedOffset;
    if (fixedOffset === undefined) this.#formatter = offsetFormatter(name);
  }

  /** Seconds east of Greenwich at an instant. */
  offsetAt(seconds: number): number {
    if (this.fixedOffset !== undefined) return this.fixedOffset;
    const index = Math.floor(clampSeconds(seconds) / SLOT_SECONDS);
    const slot = index === this.#lastIndex ? this.#lastSlot : this.#slotAt(index);
    return seconds < slot.changesAt ? slot.before : slot.after;
  }

  #slotAt(index: number): Slot {
    let slot = this.#slots.get(index);
    if (slot === undefined) {
      slot = this.#readSlot(index);
      this.#slots.set(index, slot);
    }
    this.#lastIndex = index;
    this.#lastSlot = slot;
    return slot;
  }

  /**
   * The offset that a local time (seconds as if it were UTC) has. A time that a spring change skips is read with the offset
   * before it, a time that an autumn change repeats with the offset after it, as PostgreSQL does.
   */
  offsetOfLocal(localSeconds: number): number {
    if (this.fixedOffset !== undefined) return this.fixedOffset;
    const before = this.offsetAt(localSeconds - 86400);
    const after = this.offsetAt(localSeconds + 86400);
    if (before === after) return before;
    const beforeFits = this.offsetAt(localSeconds - before) === before;
    const afterFits = this.offsetAt(localSeconds - after) === after;
    return beforeFits === afterFits ? Math.min(before, after) : beforeFits ? before : after;
  }

  #readSlot(index: number): Slot {
    const start = index * SLOT_SECONDS;
    const end = start + SLOT_SECONDS;
    const before = this.#ask(start);
    const after = this.#ask(end);
    if (before === after) return { before, changesAt: end, after };
    let low = start; // Still `before` here …
    let high = end; // … and no longer here.
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle) === before) low = middle;
      else high = middle;
    }
    return { before, changesAt: high, after };
  }

  #ask(seconds: number): number {
    const parts = (this.#formatter as Intl.DateTimeFormat).formatToParts(seconds * 1000);
    const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
    const match = /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(text);
    if (match === null) return 0;
    const size = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
    return match[1] === '-' ? -size : size;
  }
}

const clampSeconds = (seconds: number): number => Math.min(Math.max(seconds, -MAX_SECONDS), MAX_SECONDS);

const offsetFormatter = (name: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });

export const utc: TimeZone = new TimeZone('UTC', 0);

const zones = new Map<string, TimeZone | undefined>([['UTC', utc]]);
let latest = utc;

/** A zone as a setting or AT TIME ZONE names it: IANA name in any case, `UTC`, or a POSIX form (`<+03>-3`, `UTC+3`). */
export function findTimeZone(name: string): TimeZone | undefined {
  if (name === latest.name) return latest;
  let zone = zones.get(name);
  if (zone === undefined && !zones.has(name)) {
    zone = openTimeZone(name);
    if (zones.size < 10_000) zones.set(name, zone);
  }
  if (zone !== undefined) latest = zone;
  return zone;
}

function openTimeZone(name: string): TimeZone | undefined {
  if (/^(utc|gmt|uct|zulu|greenwich|etc\/(utc|gmt|uct|zulu|greenwich|universal)|universal)$/i.test(name))
    return new TimeZone(name, 0);
  const etcetera = /^etc\/gmt([+-])(\d{1,2})$/i.exec(name);
  if (etcetera !== null) return new TimeZone(name, Number(etcetera[2]) * (etcetera[1] === '-' ? 3600 : -3600));
  if (/^[A-Za-z]/.test(name)) {
    try {
      return new TimeZone(name, undefined);
    } catch {
      // Not in the IANA list: perhaps a POSIX form.
    }
  }
  const posix = /^(?:[A-Za-z]+|<[^>]+>)([+-]?)(\d{1,3})(?::(\d\d))?(?::(\d\d))?$/.exec(name);
  if (posix === null) return undefined;
  const size = Number(posix[2]) * 3600 + Number(posix[3] ?? 0) * 60 + Number(posix[4] ?? 0);
  return new TimeZone(name, posix[1] === '-' ? size : 0 - size); // POSIX counts west of Greenwich.
}

// ------------------------------------------------------------------------------------------------- abbreviations

/** Abbreviation, minutes east, `d` for daylight saving time. */
const ABBREVIATIONS =
  'acdt 630d acsst 630d acst 570 act -300 acwst 525 adt -180d aedt 660d aesst 660d aest 600 aft 270 akdt ' +
  '-480d akst -540 almst 420d almt 360 amst 240 amt -240 anast 720 anat 720 arst -180 art -180 ast -240 ' +
  'awsst 540d awst 480 azost 0d azot -60 azst 240 azt 240 bdst 120d bdt 360 bnt 480 bort 480 bot -240 bra ' +
  '-180 brst -120d brt -180 bst 60d btt 360 cadt 630d cast 570 cct 480 cdt -300d cest 120d cet 60 cetdst ' +
  '120d chadt 825d chast 765 chut 600 ckt -600 clst -180d clt -180d cot -300 cst -360 cxt 420 davt 420 ddut ' +
  '600 easst -300d east -300d eat 180 edt -240d eest 180d eet 120 eetdst 180d egst 0d egt -60 est -300 fet ' +
  '180 fjst 780d fjt 720 fkst -180 fkt -180 fnst -60d fnt -120 galt -360 gamt -540 gest 240 get 240 gft -180 ' +
  'gilt 720 gmt 0 gyt -240 hkt 480 hst -600 ict 420 idt 180d iot 360 irkst 480 irkt 480 irt 210 ist 120 jayt ' +
  '540 jst 540 kdt 600d kgst 360d kgt 360 kost 660 krast 420 krat 420 kst 540 lhdt 660d lhst 630 ligt 600 ' +
  'lint 840 lkt 330 magst 660 magt 660 mart -570 mawt 300 mdt -360d mest 120d mesz 120d met 60 metdst 120d ' +
  'mez 60 mht 720 mmt 390 mpt 600 msd 240d msk 180 mst -420 must 300d mut 240 mvt 300 myt 480 ndt -150d nft ' +
  '-210 novst 420 novt 420 npt 345 nst -210 nut -660 nzdt 780d nzst 720 nzt 720 omsst 360 omst 360 pdt -420d ' +
  'pet -300 petst 720 pett 720 pgt 600 pht 480 pkst 360d pkt 300 pmdt -120d pmst -180 pont 660 pst -480 pwt ' +
  '540 pyst -180d pyt -180 ret 240 sadt 630d sast 120 sct 240 sgt 480 taht -600 tft 300 tjt 300 tkt 780 tmt ' +
  '300 tot 780 trut 600 tvt 720 uct 0 ulast 540d ulat 480 ut 0 utc 0 uyst -120d uyt -180 uzst 360d uzt 300 ' +
  'vet -240 vlast 600 vlat 600 volt 180 vut 660 wadt 480d wakt 720 wast 420 wat 60 wdt 540d wet 0 wetdst 60d ' +
  'wft 720 wgst -120d wgt -180 xjt 360 yakst 540 yakt 540 yapt 600 yekst 360d yekt 300 z 0 zulu 0';

export type ZoneAbbreviation = { readonly offset: number; readonly isDaylight: boolean };

let abbreviations: Map<string, ZoneAbbreviation> | undefined;

/** `pst`, in lower case. Undefined for what is no abbreviation. */
export function findAbbreviation(lowerName: string): ZoneAbbreviation | undefined {
  abbreviations ??= readAbbreviations();
  return abbreviations.get(lowerName);
}

function readAbbreviations(): Map<string, ZoneAbbreviation> {
  const words = ABBREVIATIONS.split(' ');
  const map = new Map<string, ZoneAbbreviation>();
  for (let i = 0; i < words.length; i += 2) {
    const minutes = Number.parseInt(words[i + 1] as string, 10);
    map.set(words[i] as string, { offset: minutes * 60, isDaylight: (words[i + 1] as string).endsWith('d') });
  }
  return map;
}

// ----------------------------------------------------------------------------------------------- µs since 2000 UTC

/** Unix seconds of a finite timestamp, rounded down. */
export const unixSeconds = (micros: Int): number =>
  Number(floorDivInt(micros, MICROS_PER_SECOND)) - UNIX_EPOCH_MICROS / MICROS_PER_SECOND;

/** timestamptz to the local time of the zone. Finite values only. */
export const utcToLocal = (micros: Int, zone: TimeZone): Int =>
  zone.fixedOffset === 0 ? micros : addInt(micros, zone.offsetAt(unixSeconds(micros)) * MICROS_PER_SECOND);

/** Local time of the zone to timestamptz. Finite values only; not range-checked. */
export const localToUtc = (micros: Int, zone: TimeZone): Int =>
  zone.fixedOffset === 0 ? micros : subInt(micros, zone.offsetOfLocal(unixSeconds(micros)) * MICROS_PER_SECOND);
