/** Configuration: where values come from, what is refused, and with which words. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConfigError, helpText, isLoopback, readInvocation, settings, variableOf, version } from '../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const read = (args: readonly string[], environment: Record<string, string> = {}) =>
  readInvocation(args, environment).config;

function refusal(args: readonly string[], environment: Record<string, string> = {}): ConfigError {
  try {
    readInvocation(args, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

test('without a word it is a server for this machine alone', () => {
  expect(readInvocation(['start'], {})).toEqual({
    command: 'start',
    config: {
      config: null,
      data: './millrace-data',
      host: '127.0.0.1',
      port: 7432,
      auth: 'trust',
      password: null,
      'password-file': null,
      'tls-cert': null,
      'tls-key': null,
      'max-connections': 100,
      'checkpoint-interval': 10_000,
      'log-level': 'info',
      'log-format': 'auto',
    },
  });
});

test('a flag wins over the environment, the environment over the file, the file over the default', () => {
  const path = file('all.json', '{"port": 1, "host": "::1", "data": "/a", "max-connections": 5}');
  const environment = { MILLRACE_CONFIG: path, MILLRACE_PORT: '2', MILLRACE_DATA: '/b' };
  expect(read(['start', '--port', '3'], environment)).toMatchObject({
    port: 3,
    data: '/b',
    host: '::1',
    'max-connections': 5,
    'log-level': 'info',
  });
  expect(read(['start', '--port=4', `--config=${path}`])).toMatchObject({ port: 4, data: '/a' });
});

test('times have units', () => {
  const interval = (text: string) => read(['start', '--checkpoint-interval', text])['checkpoint-interval'];
  expect([interval('500ms'), interval('10s'), interval('5min'), interval('1h'), interval('0')]).toEqual([
    500, 10_000, 300_000, 3_600_000, 0,
  ]);
});

test.each([
  [['start', '--prot', '1'], 'unknown option --prot; did you mean --port?'],
  [['start', '--max-connection=1'], 'unknown option --max-connection; did you mean --max-connections?'],
  [['start', '--frobnicate'], 'unknown option --frobnicate; see millrace --help'],
  [['strat'], 'unknown command "strat"; did you mean start?'],
  [[], 'a command is missing: millrace start'],
  [['start', 'now'], 'unexpected argument "now"'],
  [['start', '--port'], 'option --port needs a value: --port N'],
  [['start', '--port', '70000'], 'expected --port to be a whole number from 0 to 65535, got "70000"'],
  [['start', '--port', '1e3'], 'expected --port to be a whole number from 0 to 65535, got "1e3"'],
  [['start', '--log-level', 'loud'], 'expected --log-level to be one of debug, info, warn, error, got "loud"'],
  [
    ['start', '--checkpoint-interval', '10'],
    'expected --checkpoint-interval to be a time such as 500ms, 10s or 5min, or 0, got "10"',
  ],
  [['start', '--data', ''], 'expected --data not to be empty, got ""'],
  [['start', '--tls-cert', 'x'], '--tls-cert and --tls-key are given together or not at all'],
])('%j is refused with status 2', (args, message) => {
  const error = refusal(args as string[]);
  expect(error.message).toBe(message);
  expect(error.exitCode).toBe(2);
});

test('a bad value from the environment or a file is named by where it stands', () => {
  expect(refusal(['start'], { MILLRACE_PORT: 'x' }).message).toMatch(/^expected MILLRACE_PORT to be a whole number/);
  const bad = file('bad.json', '{"port": "x"}');
  expect(refusal(['start', '--config', bad]).message).toMatch(/^expected "port" in .*bad\.json to be a whole number/);
  const misspelt = file('misspelt.json', '{"prt": 1}');
  expect(refusal(['start', '--config', misspelt]).message).toMatch(
    /^unknown setting "prt" in .*did you mean "port"\?$/,
  );
  expect(refusal(['start', '--config', file('list.json', '[]')]).message).toMatch(/expected a JSON object/);
  expect(refusal(['start', '--config', file('odd.json', '{"port": [1]}')]).message).toMatch(/a text or a number$/);
  expect(refusal(['start', '--config', file('broken.json', '{')]).message).toMatch(/broken\.json: /);
  expect(refusal(['start', '--config', join(folder, 'none')]).message).toMatch(
    /^cannot read the file of config: ENOENT/,
  );
});

test('with a password clients must know it', () => {
  expect(read(['start'], { MILLRACE_PASSWORD: 'pw' })).toMatchObject({ auth: 'scram', password: 'pw' });
  const path = file('password', 'p w\n');
  expect(read(['start', '--password-file', path])).toMatchObject({ auth: 'scram', password: 'p w' });
  expect(read(['start', '--auth', 'trust'], { MILLRACE_PASSWORD: 'pw' })).toMatchObject({ auth: 'trust' });
});

test('a password is not taken from the command line, nor an empty or a second one from anywhere', () => {
  expect(refusal(['start', '--password', 'pw']).message).toMatch(/can be read by everybody/);
  expect(refusal(['start', '--password=pw']).message).not.toContain('pw');
  expect(refusal(['start'], { MILLRACE_PASSWORD: '' }).message).toBe('expected MILLRACE_PASSWORD not to be empty');
  expect(refusal(['start', '--password-file', file('empty', '\n')]).message).toMatch(/is empty$/);
  expect(refusal(['start', '--password-file', 'x'], { MILLRACE_PASSWORD: 'pw' }).message).toMatch(/only one can hold/);
});

test('an open door to other machines has to be asked for', () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'example.org', '127.0.0.1.example.org']) {
    const error = refusal(['start', '--host', host]);
    expect(error.exitCode).toBe(1);
    expect(error.message).toMatch(`refusing to listen on ${host} without a password`);
    expect(error.message).toContain('MILLRACE_PASSWORD');
    expect(error.message).toContain('MILLRACE_AUTH=trust');
  }
  expect(read(['start', '--host', '0.0.0.0', '--auth', 'trust'])).toMatchObject({ auth: 'trust' });
  expect(read(['start', '--host', '0.0.0.0'], { MILLRACE_PASSWORD: 'pw' })).toMatchObject({ auth: 'scram' });
  expect(refusal(['start', '--auth', 'scram'])).toMatchObject({ exitCode: 1 });
});

test('a health check needs no password', () => {
  const environment = { MILLRACE_HOST: '0.0.0.0', MILLRACE_PORT: '1' };
  expect(readInvocation(['health'], environment)).toMatchObject({ command: 'health', config: { port: 1 } });
});

test('loopback is what reaches nobody else', () => {
  expect(['localhost', '127.0.0.1', '127.1.2.3', '::1'].map(isLoopback)).toEqual([true, true, true, true]);
  expect(['0.0.0.0', '::', '10.0.0.1', 'localhost.example.org'].map(isLoopback)).toEqual([false, false, false, false]);
});

test('the help names every setting with its flag, its variable and its default', () => {
  const text = helpText();
  for (const name of Object.keys(settings)) {
    expect(text).toContain(variableOf(name));
    if (name !== 'password') expect(text).toContain(`--${name} `);
  }
  expect(text).toContain('(MILLRACE_PORT; 7432)');
  expect(readInvocation(['--help'], {}).command).toBe('help');
  expect(readInvocation(['start', '--port', '1', '--version'], {}).command).toBe('version');
});

test('the version is the package’s', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(version).toBe(manifest.version);
});
