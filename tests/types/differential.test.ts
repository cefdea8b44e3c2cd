/** Random values against PostgreSQL itself. A seed decides everything; a failure prints the SQL. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { defaultFormat, type FormatSettings } from '../../src/types/type.ts';
import * as dateTimes from './differential/date-times.ts';
import * as numbers from './differential/numbers.ts';
import { type Case, Oracle } from './differential/oracle.ts';
import * as structures from './differential/structures.ts';

let oracle: Oracle;
beforeAll(async () => {
  oracle = await Oracle.open();
});
afterAll(() => oracle.close());

const seed = Number(process.env['SEED'] ?? 20240105);
const agree = (name: string, make: (random: Random) => Case[]): void => {
  test(`${name} (seed ${seed})`, async () => {
    expect((await oracle.differences(make(new Random(seed)))).slice(0, 40)).toEqual([]);
  });
};

agree('numeric arithmetic has the digits and the scale of PostgreSQL', (random) =>
  numbers.numericArithmetic(random, 40),
);
agree('powers, exponentials and logarithms have them too', (random) => numbers.powers(random, 60));
agree('NaN and the infinities follow the rules of numeric', () => numbers.specialNumerics());
agree('numeric(p, s) rounds and overflows alike', (random) => numbers.numericTypmods(random, 150));
agree('floats print and read alike', (random) => numbers.floatTexts(random, 200));
agree('numbers cast into each other alike', (random) => numbers.numberCasts(random, 12));

// ------------------------------------------------------------------------------------------------- dates and times

const settings = (changes: Partial<FormatSettings> = {}): FormatSettings => ({ ...defaultFormat, ...changes });

const under = (name: string, sql: string, make: (random: Random) => Case[]): void => {
  test(`${name} (seed ${seed})`, async () => {
    for (const setting of sql.split('; ')) await oracle.set(setting);
    try {
      expect((await oracle.differences(make(new Random(seed)))).slice(0, 40)).toEqual([]);
    } finally {
      await oracle.set("timezone = 'UTC'");
      await oracle.set("datestyle = 'ISO, MDY'");
      await oracle.set("intervalstyle = 'postgres'");
    }
  });
};

for (const dateOrder of ['MDY', 'DMY', 'YMD'] as const) {
  under(
    `dates and times of every form are read alike in ${dateOrder} order`,
    `datestyle = 'ISO, ${dateOrder}'`,
    (random) => [
      ...dateTimes.literals(random, settings({ dateOrder }), 100),
      ...dateTimes.oddLiterals(settings({ dateOrder })),
    ],
  );
}
for (const timeZone of ['America/New_York', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe']) {
  under(`the clocks of ${timeZone} go alike`, `timezone = '${timeZone}'`, (random) => [
    ...dateTimes.zoneText(random, settings({ timeZone }), 200),
    ...dateTimes.truncations(random, settings({ timeZone }), 4),
    ...dateTimes.extracts(random, settings({ timeZone }), 4),
    ...dateTimes.dateTimeCasts(random, settings({ timeZone }), 10),
    ...dateTimes.clockChanges(settings({ timeZone }), [
      '2024-03-10',
      '2024-11-03',
      '2024-03-31',
      '2024-10-27',
      '2024-04-07',
      '2024-10-06',
    ]),
  ]);
}
agree('extract answers alike', (random) => dateTimes.extracts(random, settings(), 16));
agree('date_trunc, date_bin and age answer alike', (random) => dateTimes.truncations(random, settings(), 20));
agree('dates and times cast into each other alike', (random) => dateTimes.dateTimeCasts(random, settings(), 40));
agree('fractional seconds round alike', (random) => dateTimes.precisions(random, settings(), 60));
for (const intervalStyle of dateTimes.intervalStyles) {
  under(`intervals read and print alike in style ${intervalStyle}`, `intervalstyle = '${intervalStyle}'`, (random) => [
    ...dateTimes.intervalTexts(random, settings({ intervalStyle }), 150),
    ...dateTimes.oddIntervals(settings({ intervalStyle })),
    ...dateTimes.intervalModifiers(settings({ intervalStyle })),
  ]);
}

// ------------------------------------------------------------------------------------------------------ structures

agree('jsonb has the text and the order of PostgreSQL', (random) => structures.jsonTexts(random, 300));
agree('broken JSON is refused with the same detail', (random) => structures.brokenJson(random, 200));
agree('arrays read, print and compare alike', (random) => structures.arrayTexts(random, 200));
agree('small types read and complain alike', () => structures.smallTypes());
agree('varchar(n) and char(n) cut and pad alike', () => structures.lengthModifiers());
agree('text is ordered by code point, char(n) without its blanks', (random) => structures.textOrder(random, 200));
agree('modifiers are encoded and named alike', () => structures.typeNames());
