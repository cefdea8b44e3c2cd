/** The manual's page of functions as Markdown text: one table per kind, one row per signature, in alphabetical order. */
import { aggregates } from '../../src/expr/aggregates/index.ts';
import { functions, operators } from '../../src/expr/functions/index.ts';
import { tableFunctions } from '../../src/expr/table-functions/index.ts';
import type { SqlType } from '../../src/types/type.ts';

type Argument = SqlType | string;
type Entry = {
  readonly name: string;
  readonly args: readonly Argument[];
  readonly optional?: number;
  readonly variadic?: boolean;
  readonly result: SqlType | ((args: readonly SqlType[]) => SqlType) | null;
  readonly doc: string;
  readonly examples: readonly (readonly [sql: string, result: string])[];
};

const nameOf = (type: Argument): string => (typeof type === 'string' ? type : type.displayName);

function resultOf({ result }: Entry): string {
  if (result === null) return 'rows';
  return typeof result === 'function' ? 'depends on the arguments' : result.displayName;
}

/** `name(a, b [, c])`. */
function signature({ name, args, optional = 0, variadic = false }: Entry): string {
  const shown = args.map((arg, i) => (variadic && i === args.length - 1 ? `${nameOf(arg)}, …` : nameOf(arg)));
  const needed = shown.slice(0, shown.length - optional).join(', ');
  const rest = shown
    .slice(shown.length - optional)
    .map((arg, i) => (needed === '' && i === 0 ? `[${arg}]` : ` [, ${arg}]`));
  return `${name}(${needed}${rest.join('')})`;
}

const operatorSignature = ({ name, args }: Entry): string =>
  args.length === 1
    ? `${name} ${nameOf(args[0] as Argument)}`
    : `${nameOf(args[0] as Argument)} ${name} ${nameOf(args[1] as Argument)}`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`${cell(text)}\``;

function row(entry: Entry, shown: string): string {
  const examples = entry.examples
    .slice(0, 2)
    .map(([sql, result]) => `${code(sql)} → ${result === '' ? '*NULL or empty*' : code(result)}`);
  return `| ${code(shown)} | ${cell(resultOf(entry))} | ${cell(entry.doc)} | ${examples.join('<br>')} |`;
}

function table(entries: readonly Entry[], shownBy: (entry: Entry) => string): string {
  const rows = entries.map((entry) => ({ entry, shown: shownBy(entry) }));
  rows.sort((a, b) => order(a.entry.name, b.entry.name) || order(a.shown, b.shown));
  const lines = [...new Set(rows.map(({ entry, shown }) => row(entry, shown)))];
  return ['| | Result | | Examples |', '|---|---|---|---|', ...lines].join('\n');
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function functionsPage(): string {
  const rowsFunctions = tableFunctions.map((entry) => ({ ...entry, result: null }));
  return `# Functions and operators

Made by \`npm run manual\` from the definitions under [src/expr](../../src/expr): every example below also runs as a test.
Where PostgreSQL has a function of this name, it does the same there.

## Functions

${table(functions, signature)}

## Aggregates

DISTINCT, FILTER and ORDER BY within the call are understood wherever they have a meaning.

${table(aggregates, signature)}

## Table functions

${table(rowsFunctions, signature)}

## Operators

${table(operators, operatorSignature)}
`;
}
