/** The settings a session knows: one entry each, the name PostgreSQL uses, and how a new value is checked. */
import { invalidParameterValue, SqlError, undefinedObject } from '../base/errors.ts';
import { SqlState } from '../base/sqlstate.ts';

export type SettingDefinition = {
  readonly name: string;
  readonly type: 'bool' | 'integer' | 'real' | 'string' | 'enum';
  readonly default: string;
  readonly description: string;
  readonly category: string;
  readonly unit?: string;
  /** Sent as ParameterStatus at start-up and on change. */
  readonly reported?: true;
  /** Cannot be set: `internal` in pg_settings. */
  readonly internal?: true;
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** The stored form of `value`, or null when it is not acceptable. After the check that the type implies. */
  readonly canonical?: (value: string) => string | null;
};

const CLIENT = 'Client Connection Defaults / Statement Behavior';
const LOCALE = 'Client Connection Defaults / Locale and Formatting';
const PRESET = 'Preset Options';
const COMPATIBILITY = 'Version and Platform Compatibility / Previous PostgreSQL Versions';
const PLANNER = 'Query Tuning / Planner Method Configuration';

const isolationLevels = ['serializable', 'repeatable read', 'read committed', 'read uncommitted'] as const;
const messageLevels = [
  'debug5',
  'debug4',
  'debug3',
  'debug2',
  'debug1',
  'debug',
  'log',
  'info',
  'notice',
  'warning',
  'error',
];

export const settingDefinitions: readonly SettingDefinition[] = [
  {
    name: 'application_name',
    type: 'string',
    default: '',
    description: 'Sets the application name to be reported in statistics and logs.',
    category: 'Reporting and Logging / What to Log',
    reported: true,
  },
  {
    name: 'bytea_output',
    type: 'enum',
    default: 'hex',
    choices: ['escape', 'hex'],
    description: 'Sets the output format for bytea.',
    category: CLIENT,
  },
  {
    name: 'client_encoding',
    type: 'string',
    default: 'UTF8',
    description: "Sets the client's character set encoding.",
    category: LOCALE,
    reported: true,
    canonical: canonicalEncoding,
  },
  {
    name: 'client_min_messages',
    type: 'enum',
    default: 'notice',
    choices: messageLevels,
    description: 'Sets the message levels that are sent to the client.',
    category: CLIENT,
  },
  {
    name: 'DateStyle',
    type: 'string',
    default: 'ISO, MDY',
    description: 'Sets the display format for date and time values.',
    category: LOCALE,
    reported: true,
    canonical: canonicalDateStyle,
  },
  {
    name: 'default_transaction_isolation',
    type: 'enum',
    default: 'serializable',
    choices: isolationLevels,
    description: 'Sets the transaction isolation level of each new transaction.',
    category: CLIENT,
  },
  {
    name: 'default_transaction_read_only',
    type: 'bool',
    default: 'off',
    description: 'Sets the default read-only status of new transactions.',
    category: CLIENT,
    reported: true,
  },
  {
    name: 'default_transaction_deferrable',
    type: 'bool',
    default: 'off',
    description: 'Sets the default deferrable status of new transactions.',
    category: CLIENT,
  },
  {
    name: 'default_table_access_method',
    type: 'string',
    default: 'heap',
    description: 'Sets the default table access method for new tables.',
    category: CLIENT,
  },
  {
    name: 'enable_seqscan',
    type: 'bool',
    default: 'on',
    description: 'Accepted for compatibility; plans do not depend on it.',
    category: PLANNER,
  },
  {
    name: 'extra_float_digits',
    type: 'integer',
    default: '1',
    minimum: -15,
    maximum: 3,
    description: 'Sets the number of digits displayed for floating-point values.',
    category: LOCALE,
  },
  {
    name: 'idle_in_transaction_session_timeout',
    type: 'integer',
    unit: 'ms',
    default: '0',
    minimum: 0,
    maximum: 2147483647,
    description: 'Sets the maximum allowed idle time between queries, when in a transaction.',
    category: CLIENT,
  },
  {
    name: 'in_hot_standby',
    type: 'bool',
    default: 'off',
    description: 'Shows whether hot standby is currently active.',
    category: PRESET,
    reported: true,
    internal: true,
  },
  {
    name: 'integer_datetimes',
    type: 'bool',
    default: 'on',
    description: 'Shows whether datetimes are integer based.',
    category: PRESET,
    reported: true,
    internal: true,
  },
  {
    name: 'IntervalStyle',
    type: 'enum',
    default: 'postgres',
    choices: ['postgres', 'postgres_verbose', 'sql_standard', 'iso_8601'],
    description: 'Sets the display format for interval values.',
    category: LOCALE,
    reported: true,
  },
  {
    name: 'is_superuser',
    type: 'bool',
    default: 'on',
    description: 'Shows whether the current user is a superuser.',
    category: PRESET,
    reported: true,
    internal: true,
  },
  {
    name: 'jit',
    type: 'bool',
    default: 'off',
    description: 'Accepted for compatibility; expressions are always compiled.',
    category: PLANNER,
  },
  {
    name: 'lc_collate',
    type: 'string',
    default: 'C',
    description: 'Shows the collation order locale.',
    category: PRESET,
    internal: true,
  },
  {
    name: 'lc_ctype',
    type: 'string',
    default: 'C.UTF-8',
    description: 'Shows the character classification and case conversion locale.',
    category: PRESET,
    internal: true,
  },
  {
    name: 'lc_messages',
    type: 'string',
    default: 'C',
    description: 'Sets the language in which messages are displayed.',
    category: LOCALE,
  },
  {
    name: 'lock_timeout',
    type: 'integer',
    unit: 'ms',
    default: '0',
    minimum: 0,
    maximum: 2147483647,
    description: 'Sets the maximum allowed duration of any wait for a lock.',
    category: CLIENT,
  },
  {
    name: 'max_identifier_length',
    type: 'integer',
    default: '63',
    description: 'Shows the maximum identifier length.',
    category: PRESET,
    internal: true,
  },
  {
    name: 'millrace_version',
    type: 'string',
    default: '0.1.0',
    description: 'Shows the version of Millrace.',
    category: PRESET,
    reported: true,
    internal: true,
  },
  {
    name: 'row_security',
    type: 'bool',
    default: 'on',
    description: 'Accepted for compatibility; there are no row policies.',
    category: CLIENT,
  },
  {
    name: 'search_path',
    type: 'string',
    default: '"$user", public',
    description: 'Sets the schema search order for names that are not schema-qualified.',
    category: CLIENT,
  },
  {
    name: 'server_encoding',
    type: 'string',
    default: 'UTF8',
    description: 'Shows the server (database) character set encoding.',
    category: PRESET,
    reported: true,
    internal: true,
  },
  {
    name: 'server_version',
    type: 'string',
    default: '15.0 (Millrace 0.1.0)',
    description: 'Shows the server version.',
    category: PRESET,
    reported: true,
    internal: true,
  },
  {
    name: 'server_version_num',
    type: 'integer',
    default: '150000',
    description: 'Shows the server version as an integer.',
    category: PRESET,
    internal: true,
  },
  {
    name: 'session_authorization',
    type: 'string',
    default: '',
    description: 'Shows the session user name.',
    category: PRESET,
    reported: true,
    internal: true,
  },
  {
    name: 'standard_conforming_strings',
    type: 'bool',
    default: 'on',
    description: "Causes '...' strings to treat backslashes literally.",
    category: COMPATIBILITY,
    reported: true,
    canonical: onlyOn,
  },
  {
    name: 'statement_timeout',
    type: 'integer',
    unit: 'ms',
    default: '0',
    minimum: 0,
    maximum: 2147483647,
    description: 'Sets the maximum allowed duration of any statement.',
    category: CLIENT,
  },
  {
    name: 'synchronous_commit',
    type: 'enum',
    default: 'on',
    choices: ['local', 'remote_write', 'remote_apply', 'on', 'off'],
    description: 'Accepted for compatibility; every acknowledged change is synced.',
    category: 'Write-Ahead Log / Settings',
  },
  {
    name: 'synchronize_seqscans',
    type: 'bool',
    default: 'on',
    description: 'Accepted for compatibility.',
    category: COMPATIBILITY,
  },
  {
    name: 'TimeZone',
    type: 'string',
    default: 'UTC',
    description: 'Sets the time zone for displaying and interpreting time stamps.',
    category: LOCALE,
    reported: true,
    canonical: canonicalTimeZone,
  },
  {
    name: 'transaction_deferrable',
    type: 'bool',
    default: 'off',
    description: 'Whether to defer a read-only serializable transaction.',
    category: CLIENT,
  },
  {
    name: 'transaction_isolation',
    type: 'enum',
    default: 'serializable',
    choices: isolationLevels,
    description: "Sets the current transaction's isolation level.",
    category: CLIENT,
  },
  {
    name: 'transaction_read_only',
    type: 'bool',
    default: 'off',
    description: "Sets the current transaction's read-only status.",
    category: CLIENT,
  },
  {
    name: 'work_mem',
    type: 'integer',
    unit: 'kB',
    default: '4096',
    minimum: 64,
    maximum: 2147483647,
    description: 'Accepted for compatibility; memory is not limited per query.',
    category: 'Resource Usage / Memory',
  },
  {
    name: 'xmloption',
    type: 'enum',
    default: 'content',
    choices: ['content', 'document'],
    description: 'Accepted for compatibility; there is no XML.',
    category: CLIENT,
  },
];

const byName = new Map(settingDefinitions.map((definition) => [definition.name.toLowerCase(), definition]));

export const findSetting = (name: string): SettingDefinition | undefined => byName.get(name.toLowerCase());

export const unrecognizedSetting = (name: string): SqlError =>
  undefinedObject(`unrecognized configuration parameter "${name}"`);

/** The value as it is stored and shown. Throws 22023, or 55P02 for what cannot be set. */
export function canonicalSetting(definition: SettingDefinition, value: string): string {
  if (definition.internal === true) {
    throw new SqlError(SqlState.cantChangeRuntimeParam, `parameter "${definition.name}" cannot be changed`);
  }
  const checked = checkedByType(definition, value);
  const canonical = definition.canonical === undefined ? checked : definition.canonical(checked);
  if (canonical === null) throw invalidValue(definition, value);
  return canonical;
}

function checkedByType(definition: SettingDefinition, value: string): string {
  switch (definition.type) {
    case 'bool':
      return canonicalBoolean(definition, value);
    case 'enum': {
      const choice = definition.choices?.find((candidate) => candidate === value.toLowerCase());
      if (choice !== undefined) return choice;
      throw invalidValue(definition, value, `Available values: ${definition.choices?.join(', ')}.`);
    }
    case 'integer':
      return canonicalInteger(definition, value);
    default:
      return value;
  }
}

const invalidValue = (definition: SettingDefinition, value: string, hint?: string): SqlError =>
  invalidParameterValue(`invalid value for parameter "${definition.name}": "${value}"`, { hint });

function canonicalBoolean(definition: SettingDefinition, value: string): string {
  const text = value.toLowerCase();
  if (['on', 'true', 'yes', '1', 't', 'y'].includes(text)) return 'on';
  if (['off', 'false', 'no', '0', 'f', 'n'].includes(text)) return 'off';
  throw invalidParameterValue(`parameter "${definition.name}" requires a Boolean value`);
}

const timeUnits: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const memoryUnits: Readonly<Record<string, number>> = {
  B: 1 / 1024,
  kB: 1,
  MB: 1024,
  GB: 1024 * 1024,
  TB: 1024 * 1024 * 1024,
};

function canonicalInteger(definition: SettingDefinition, value: string): string {
  const match = /^\s*([-+]?\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(value);
  const units = definition.unit === 'ms' ? timeUnits : definition.unit === 'kB' ? memoryUnits : {};
  const factor = match?.[2] === '' ? 1 : units[match?.[2] ?? ''];
  if (match === null || factor === undefined) throw invalidValue(definition, value);
  const number = Math.round(Number(match[1]) * factor);
  const { minimum = -2147483648, maximum = 2147483647 } = definition;
  if (number < minimum || number > maximum) {
    const unit = definition.unit === undefined ? '' : ` ${definition.unit}`;
    throw invalidParameterValue(
      `${number}${unit} is outside the valid range for parameter "${definition.name}" (${minimum} .. ${maximum})`,
    );
  }
  return String(number);
}

function canonicalEncoding(value: string): string | null {
  const name = value
    .replace(/^'|'$/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  if (['utf8', 'unicode'].includes(name)) return 'UTF8';
  return name === 'sqlascii' ? 'SQL_ASCII' : null;
}

/** Only the ISO style exists; the order of day and month in input can be chosen. */
function canonicalDateStyle(value: string): string | null {
  const orders: Readonly<Record<string, string>> = {
    mdy: 'MDY',
    us: 'MDY',
    dmy: 'DMY',
    euro: 'DMY',
    european: 'DMY',
    ymd: 'YMD',
  };
  let order = 'MDY';
  for (const word of value
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((part) => part !== '')) {
    if (word === 'iso' || word === 'default') continue;
    const found = orders[word];
    if (found === undefined) return null;
    order = found;
  }
  return `ISO, ${order}`;
}

function onlyOn(value: string): string | null {
  return value === 'on' ? value : null;
}

/** IANA names in their own spelling, UTC, and fixed offsets (`+02`, `<+02>-02`) as PostgreSQL accepts them. */
function canonicalTimeZone(value: string): string | null {
  const text = value.trim();
  if (/^(utc|gmt|z|zulu|etc\/utc|default|local)$/i.test(text))
    return /^gmt$/i.test(text) ? 'GMT' : /^etc\/utc$/i.test(text) ? 'Etc/UTC' : 'UTC';
  const offset = /^([-+]?)(\d{1,2})(?::?(\d{2}))?$/.exec(text);
  // A bare number is hours east of Greenwich.
  if (offset !== null)
    return `${offset[1] === '-' ? '-' : '+'}${(offset[2] as string).padStart(2, '0')}:${offset[3] ?? '00'}`;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
