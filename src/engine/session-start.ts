/** The settings a connection starts with: start-up parameters, and `-c name=value` in `options`. */
import { SqlError } from '../base/errors.ts';
import type { SessionRequest } from './session.ts';
import { canonicalSetting, findSetting, unrecognizedSetting } from './setting-definitions.ts';

/** Parameters of the start-up message that are no settings. */
const notSettings = new Set(['user', 'database', 'options', 'replication']);

/** Throws 42704 or 22023, fatal, for a setting PostgreSQL would refuse too. */
export function initialSettings(request: SessionRequest): Map<string, string> {
  const settings = new Map<string, string>([['session_authorization', request.user]]);
  const add = (name: string, value: string): void => {
    const definition = findSetting(name);
    if (definition === undefined && !name.includes('.')) throw fatal(unrecognizedSetting(name));
    try {
      settings.set(name.toLowerCase(), definition === undefined ? value : canonicalSetting(definition, value));
    } catch (error) {
      throw error instanceof SqlError ? fatal(error) : error;
    }
  };
  for (const [name, value] of parseOptions(request.parameters.get('options') ?? '')) add(name, value);
  for (const [name, value] of request.parameters) {
    if (!notSettings.has(name) && !name.startsWith('_pq_.')) add(name, value);
  }
  return settings;
}

const fatal = (error: SqlError): SqlError => new SqlError(error.code, error.message, error.fields, 'FATAL');

/** `-c name=value`, `-cname=value` and `--name=value`, words split at unescaped blanks. */
function parseOptions(options: string): [string, string][] {
  const words = [...options.matchAll(/(?:\\.|\S)+/g)].map((match) => match[0].replaceAll(/\\(.)/g, '$1'));
  const found: [string, string][] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const assignment = word === '-c' ? (words[++i] ?? '') : word.replace(/^-c|^--/, '');
    const equals = assignment.indexOf('=');
    if (equals > 0) found.push([assignment.slice(0, equals).replaceAll('-', '_'), assignment.slice(equals + 1)]);
  }
  return found;
}
