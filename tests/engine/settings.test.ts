/** Session settings: their rules about transactions, values and errors. */
import { expect, test } from 'vitest';
import { Settings } from '../../src/engine/settings.ts';

const make = () => {
  const told: string[] = [];
  return { told, settings: new Settings(new Map(), (name, value) => told.push(`${name}=${value}`)) };
};

test('a reported setting tells its new value once', () => {
  const { settings, told } = make();
  settings.set('timezone', 'Europe/Berlin', false);
  settings.set('TimeZone', 'Europe/Berlin', false);
  settings.set('extra_float_digits', '3', false);
  expect(told).toEqual(['TimeZone=Europe/Berlin']);
  expect(settings.format).toMatchObject({ timeZone: 'Europe/Berlin', extraFloatDigits: 3 });
});

test('SET is undone by ROLLBACK and stays after COMMIT', () => {
  const { settings } = make();
  settings.begin();
  settings.set('application_name', 'a', false);
  settings.end(false);
  expect(settings.get('application_name')).toBe('');
  settings.begin();
  settings.set('application_name', 'b', false);
  settings.end(true);
  expect(settings.get('application_name')).toBe('b');
});

test('SET LOCAL ends with its transaction', () => {
  const { settings } = make();
  settings.set('application_name', 'before', false);
  settings.begin();
  settings.set('application_name', 'inside', true);
  expect(settings.get('application_name')).toBe('inside');
  settings.end(true);
  expect(settings.get('application_name')).toBe('before');
});

test.each([
  ['nonsense', '1', '42704', 'unrecognized configuration parameter "nonsense"'],
  ['extra_float_digits', '99', '22023', '99 is outside the valid range for parameter "extra_float_digits" (-15 .. 3)'],
  ['TimeZone', 'Mars/Olympus', '22023', 'invalid value for parameter "TimeZone": "Mars/Olympus"'],
  ['server_version', '16', '55P02', 'parameter "server_version" cannot be changed'],
  ['jit', 'maybe', '22023', 'parameter "jit" requires a Boolean value'],
])('SET %s TO %s is refused with %s', (name, value, code, message) => {
  const { settings } = make();
  expect(() => settings.set(name, value, false)).toThrow(expect.objectContaining({ code, message }));
});

test('a name with a dot is the user’s own', () => {
  const { settings } = make();
  settings.set('my.flag', 'anything', false);
  expect(settings.get('My.Flag')).toBe('anything');
});

test('units of time and the search path are understood as PostgreSQL does', () => {
  const { settings } = make();
  expect(settings.set('statement_timeout', '2min', false)).toBe('120000');
  settings.set('search_path', '"$user", "My Schema", public', false);
  expect(settings.searchPath('ada')).toEqual(['ada', 'My Schema', 'public']);
});
