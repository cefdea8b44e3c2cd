/**
 * The settings of one session: values by name, with PostgreSQL's rules about transactions. SET lasts unless its
 * transaction rolls back, SET LOCAL ends with the transaction either way. Names with a dot are the user's own and take any text.
 */
import type { FormatSettings } from '../types/type.ts';
import { canonicalSetting, findSetting, settingDefinitions, unrecognizedSetting } from './setting-definitions.ts';

export class Settings {
  #values = new Map<string, string>();
  readonly #resetValues = new Map<string, string>();
  /** Values as they were when the transaction began, and names SET LOCAL with what they go back to on COMMIT. */
  #atBegin: Map<string, string> | null = null;
  #local = new Map<string, string | undefined>();
  #format: FormatSettings | null = null;
  #version = 0;
  #timeoutVersion = -1;
  #timeoutMs = 0;
  #path: { readonly version: number; readonly userSchema: string | null; readonly names: readonly string[] } | null =
    null;
  readonly #changed: (name: string, value: string) => void;

  /** `changed` is called for each reported setting whose value becomes another. */
  constructor(initial: ReadonlyMap<string, string>, changed: (name: string, value: string) => void) {
    this.#changed = changed;
    for (const [name, value] of initial) this.#resetValues.set(name.toLowerCase(), value);
    this.#values = new Map(this.#resetValues);
  }

  /** Another number after each change: what was derived from the settings is good while it stays. */
  get version(): number {
    return this.#version;
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase()) ?? findSetting(name)?.default;
  }

  resetValue(name: string): string {
    return this.#resetValues.get(name.toLowerCase()) ?? findSetting(name)?.default ?? '';
  }

  /** Throws 42704 for an unknown name, 22023 for a bad value. Null means DEFAULT. Returns the value in its stored form. */
  set(name: string, value: string | null, isLocal: boolean): string {
    const definition = findSetting(name);
    if (definition === undefined && !name.includes('.')) throw unrecognizedSetting(name);
    const stored =
      value === null ? this.resetValue(name) : definition === undefined ? value : canonicalSetting(definition, value);
    const key = name.toLowerCase();
    if (isLocal && !this.#local.has(key)) this.#local.set(key, this.#values.get(key));
    if (!isLocal) this.#local.delete(key);
    this.#write(key, stored);
    return stored;
  }

  resetAll(): void {
    for (const key of [...this.#values.keys()]) {
      if (key !== 'session_authorization') this.#write(key, this.resetValue(key));
    }
  }

  begin(): void {
    this.#atBegin = new Map(this.#values);
  }

  end(committed: boolean): void {
    if (committed) {
      for (const [key, value] of this.#local) this.#write(key, value ?? this.resetValue(key));
    } else if (this.#atBegin !== null) {
      const before = this.#atBegin;
      for (const key of new Set([...before.keys(), ...this.#values.keys()])) {
        this.#write(key, before.get(key) ?? this.resetValue(key));
      }
    }
    this.#local.clear();
    this.#atBegin = null;
  }

  #write(key: string, value: string): void {
    const definition = findSetting(key);
    const before = this.get(key);
    this.#values.set(key, value);
    if (before === value) return;
    this.#format = null;
    this.#version++;
    if (definition?.reported === true) this.#changed(definition.name, value);
  }

  /** 0 is no limit. Read for every statement, so it is kept at hand. */
  get statementTimeoutMs(): number {
    if (this.#timeoutVersion !== this.#version) {
      this.#timeoutMs = Number(this.get('statement_timeout'));
      this.#timeoutVersion = this.#version;
    }
    return this.#timeoutMs;
  }

  /** What text input and output depend on. */
  get format(): FormatSettings {
    this.#format ??= {
      timeZone: this.get('TimeZone') ?? 'UTC',
      dateStyle: 'ISO',
      dateOrder: (this.get('DateStyle')?.split(', ')[1] ?? 'MDY') as FormatSettings['dateOrder'],
      intervalStyle: this.get('IntervalStyle') as FormatSettings['intervalStyle'],
      extraFloatDigits: Number(this.get('extra_float_digits')),
      byteaOutput: this.get('bytea_output') as FormatSettings['byteaOutput'],
    };
    return this.#format;
  }

  /** search_path as schema names; `"$user"` stands for the schema `userSchema`, or for none. */
  searchPath(userSchema: string | null): readonly string[] {
    if (this.#path?.version === this.#version && this.#path.userSchema === userSchema) return this.#path.names;
    const names = parsePath(this.get('search_path') ?? '', userSchema);
    this.#path = { version: this.#version, userSchema, names };
    return names;
  }

  /** Parameters for the start of a connection, in alphabetical order as PostgreSQL sends them. */
  get reported(): readonly (readonly [string, string])[] {
    return settingDefinitions
      .filter((definition) => definition.reported === true)
      .map((definition) => [definition.name, this.get(definition.name) ?? ''] as const);
  }
}

/** Names as written, folded unless quoted; `"$user"` gives way to the user's schema. */
function parsePath(text: string, userSchema: string | null): string[] {
  const names = [...text.matchAll(/"((?:[^"]|"")*)"|([^\s,]+)/g)].map(
    (match) => match[1]?.replaceAll('""', '"') ?? (match[2] as string).toLowerCase(),
  );
  return names.flatMap((name) => (name === '$user' ? (userSchema ?? []) : name));
}
