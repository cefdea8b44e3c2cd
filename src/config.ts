/**
 * What the server was asked to be: flags, `MILLRACE_*` environment and a JSON file, brought together into one checked value.
 *
 * Every setting is one entry of `settings`: its name gives the flag (`--log-level`), the variable (MILLRACE_LOG_LEVEL) and the
 * key in the file (`"log-level"`). A flag wins over the environment, the environment over the file, the file over the default.
 * Reads files it is pointed to and prints nothing; `ConfigError` says with which status the program is to end.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LogLevel } from './base/log.ts';

export const version = '0.1.0';

/** Exit status 2: the request makes no sense. 1: it does, and is refused. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

type Setting<T> = {
  readonly kind: Kind<T>;
  readonly initial: T;
  readonly doc: string;
  /** Secrets are not taken from flags, which everybody on the machine can read. */
  readonly isSecret?: true;
};

/** How text becomes a value: `parse` returns undefined for text it does not take, which `expects` then explains. */
type Kind<T> = { readonly shown: string; readonly expects: string; parse(text: string): T | undefined };

const text = (shown: string): Kind<string | null> => ({
  shown,
  expects: 'not to be empty',
  parse: (given) => (given === '' ? undefined : given),
});

const required = (shown: string): Kind<string> => ({ ...text(shown), parse: (given) => given || undefined });

const integer = (least: number, most: number): Kind<number> => ({
  shown: 'N',
  expects: `to be a whole number from ${least} to ${most}`,
  parse(given) {
    const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  },
});

const oneOf = <T extends string>(...choices: readonly T[]): Kind<T> => ({
  shown: choices.join('|'),
  expects: `to be one of ${choices.join(', ')}`,
  parse: (given) => choices.find((choice) => choice === given),
});

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

const duration: Kind<number> = {
  shown: 'TIME',
  expects: 'to be a time such as 500ms, 10s or 5min, or 0',
  parse(given) {
    const match = /^(\d{1,9})(ms|s|min|h)$/.exec(given);
    if (match === null) return given === '0' ? 0 : undefined;
    return Number(match[1]) * (unitMs[match[2] as string] as number);
  },
};

const setting = <T>(initial: NoInfer<T>, kind: Kind<T>, doc: string): Setting<T> => ({ kind, initial, doc });
const secret = (doc: string): Setting<string | null> => ({ kind: text('TEXT'), initial: null, doc, isSecret: true });

export const settings = {
  config: setting(null, text('FILE'), 'JSON file with settings by these names'),
  data: setting('./millrace-data', required('DIR'), 'data directory, made if it is missing'),
  host: setting('127.0.0.1', required('ADDRESS'), 'address to listen on'),
  port: setting(7432, integer(0, 65535), 'port to listen on; 0 takes any that is free'),
  auth: setting('auto', oneOf('auto', 'trust', 'scram'), 'how clients log in; auto: scram if there is a password'),
  password: secret('password of all roles'),
  'password-file': setting(null, text('FILE'), 'file that holds the password'),
  'tls-cert': setting(null, text('FILE'), 'certificate (PEM), with --tls-key: TLS for clients that ask for it'),
  'tls-key': setting(null, text('FILE'), 'its private key (PEM)'),
  'max-connections': setting(100, integer(1, 10_000), 'clients at one time'),
  'checkpoint-interval': setting(10_000, duration, 'time between checkpoints, and so the most log a restart replays'),
  'log-level': setting<LogLevel>('info', oneOf('debug', 'info', 'warn', 'error'), 'least severe message to log'),
  'log-format': setting('auto', oneOf('auto', 'text', 'json'), 'auto: text in a terminal, else JSON lines'),
} as const;

type Name = keyof typeof settings;
type ValueOf<S> = S extends Setting<infer T> ? T : never;
export type Config = { readonly [N in Name]: ValueOf<(typeof settings)[N]> };
const names = Object.keys(settings) as readonly Name[];

export type Command = 'start' | 'health' | 'help' | 'version';
export type Invocation = { readonly command: Command; readonly config: Config };
type Given = Map<Name, { readonly text: string; readonly from: string }>;

export const variableOf = (name: string): string => `MILLRACE_${name.toUpperCase().replaceAll('-', '_')}`;

/** `args` without the program's own name. Throws ConfigError. */
export function readInvocation(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Invocation {
  const flags: Given = new Map();
  const command = readArguments(args, flags);
  if (command === 'help' || command === 'version') return { command, config: toConfig([]) };
  const variables = readEnvironment(environment);
  const file = flags.get('config') ?? variables.get('config');
  const config = toConfig([flags, variables, file === undefined ? new Map() : readConfigFile(file.text)]);
  return { command, config: command === 'start' ? withPassword(config) : config };
}

function readArguments(args: readonly string[], flags: Given): Command {
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--help' || arg === '-h') return 'help';
    if (arg === '--version' || arg === '-V') return 'version';
    if (!arg.startsWith('-')) {
      words.push(arg);
      continue;
    }
    const [flag, inline] = splitOnce(arg, '=');
    const name = settingNamed(flag.replace(/^--/, ''), `option ${flag}`, (nearest) => `--${nearest}`);
    if (name === 'password') throw new ConfigError(passwordOnCommandLine);
    const value = inline ?? args[++i];
    if (value === undefined)
      throw new ConfigError(`option ${flag} needs a value: ${flag} ${settings[name].kind.shown}`);
    flags.set(name, { text: value, from: flag });
  }
  return readCommand(words);
}

const passwordOnCommandLine =
  'a password on the command line can be read by everybody on the machine; ' +
  'use MILLRACE_PASSWORD, --password-file or the configuration file';

function readCommand(words: readonly string[]): Command {
  const commands = ['start', 'health', 'help', 'version'] as const;
  const [word, extra] = words;
  if (word === undefined) throw new ConfigError('a command is missing: millrace start');
  const command = commands.find((each) => each === word);
  if (command === undefined) throw unknown(`command "${word}"`, nearestOf(word, commands));
  if (extra !== undefined) throw new ConfigError(`unexpected argument "${extra}"`);
  return command;
}

function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Given {
  const given: Given = new Map();
  for (const name of names) {
    const from = variableOf(name);
    const value = environment[from];
    if (value !== undefined) given.set(name, { text: value, from });
  }
  return given;
}

function readConfigFile(path: string): Given {
  const content = parseJson(readSetting('config', path), path);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigError(`${path}: expected a JSON object with settings`);
  }
  const given: Given = new Map();
  for (const [key, value] of Object.entries(content)) {
    const name = settingNamed(key, `setting "${key}" in ${path}`, (nearest) => `"${nearest}"`);
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new ConfigError(`${path}: expected "${key}" to be a text or a number`);
    }
    given.set(name, { text: `${value}`, from: `"${key}" in ${path}` });
  }
  return given;
}

function parseJson(content: string, path: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new ConfigError(`${path}: ${(error as Error).message}`);
  }
}

/** The first of `sources` that has a setting gives its value. */
function toConfig(sources: readonly Given[]): Config {
  const entries = names.map((name) => {
    const given = sources.map((source) => source.get(name)).find((each) => each !== undefined);
    const { kind, initial } = settings[name];
    if (given === undefined) return [name, initial];
    const value = kind.parse(given.text);
    const shown = name === 'password' ? '' : `, got "${given.text}"`;
    if (value === undefined) throw new ConfigError(`expected ${given.from} ${kind.expects}${shown}`);
    return [name, value];
  });
  return checked(Object.fromEntries(entries) as Config);
}

function checked(config: Config): Config {
  if ((config['tls-cert'] === null) !== (config['tls-key'] === null)) {
    throw new ConfigError('--tls-cert and --tls-key are given together or not at all');
  }
  if (config.password !== null && config['password-file'] !== null) {
    throw new ConfigError('a password and a password file are both given, and only one can hold');
  }
  return config;
}

/** With the password read from its file, and `auth` decided; refuses what would leave the door open by accident. */
function withPassword(config: Config): Config {
  const path = config['password-file'];
  const password = path === null ? config.password : readSetting('password-file', path).replace(/\r?\n$/, '');
  if (password === '') throw new ConfigError(`the password in ${path} is empty`);
  const auth = config.auth === 'auto' ? (password === null ? 'trust' : 'scram') : config.auth;
  if (auth === 'scram' && password === null) {
    throw new ConfigError('--auth scram needs a password: set MILLRACE_PASSWORD or --password-file', 1);
  }
  if (config.auth === 'auto' && auth === 'trust' && !isLoopback(config.host)) {
    throw new ConfigError(
      `refusing to listen on ${config.host} without a password, for anybody who can reach it could read and change all data.\n` +
        'Set one with MILLRACE_PASSWORD or --password-file; or listen on 127.0.0.1; ' +
        'or, if the network is trusted, say so with --auth trust (MILLRACE_AUTH=trust).',
      1,
    );
  }
  return { ...config, auth, password };
}

export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);

/** The content of a file that a setting names. */
export function readSetting(name: Name, path: string): string {
  try {
    return readFileSync(resolve(path), 'utf8');
  } catch (error) {
    throw new ConfigError(`cannot read the file of ${name}: ${(error as Error).message}`);
  }
}

// --------------------------------------------------------------------------------------------------------- wording

export function helpText(): string {
  const lines = names.map((name) => {
    const { kind, initial, doc, isSecret } = settings[name] as Setting<unknown>;
    const flag = isSecret ? '(no flag)' : `--${name} ${kind.shown}`;
    const preset = initial === null ? '' : `; ${name === 'checkpoint-interval' ? '10s' : initial}`;
    return `  ${flag.padEnd(36)} ${doc}\n${''.padEnd(39)} (${variableOf(name)}${preset})`;
  });
  return `Millrace ${version}, a streaming database in one process.

Usage: millrace start [OPTIONS]     run the server
       millrace health [OPTIONS]    exit 0 if a server answers on --host and --port, else 1
       millrace help | version      also --help, --version

Options, with their environment variables and defaults:
${lines.join('\n')}
`;
}

function settingNamed(given: string, what: string, show: (nearest: string) => string): Name {
  const name = names.find((each) => each === given);
  if (name !== undefined) return name;
  const nearest = nearestOf(given, names);
  throw unknown(what, nearest === undefined ? undefined : show(nearest));
}

const unknown = (what: string, nearest: string | undefined): ConfigError =>
  new ConfigError(`unknown ${what}${nearest === undefined ? '; see millrace --help' : `; did you mean ${nearest}?`}`);

function nearestOf(given: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates.map((name) => ({ name, distance: editDistance(given, name) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, best.name.length / 3) ? best.name : undefined;
}

/** Insertions, deletions and replacements from `a` to `b` (Levenshtein), one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

function splitOnce(given: string, separator: string): [string, string | undefined] {
  const at = given.indexOf(separator);
  return at < 0 ? [given, undefined] : [given.slice(0, at), given.slice(at + 1)];
}
