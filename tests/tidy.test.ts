/**
 * Checks of the code itself: who may import whom, how long things may grow, what may not stay, and whether the prose points
 * at files that exist. Discipline kept by a test, not by memory. Text and regular expressions only: the formatter has
 * already given every function the same outline, so its first and last line can be recognised.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const LINES_PER_FILE = 600;
const LINES_PER_FUNCTION = 70;

/** Each room and what it may import: whole rooms, or single files where only the contract is shared. Ground floor first. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  types: ['base'],
  parser: ['base', 'types'],
  expr: ['base', 'types', 'parser'],
  catalog: ['base', 'types', 'parser', 'expr'],
  planner: ['base', 'types', 'parser', 'expr', 'catalog'],
  storage: ['base', 'types', 'catalog'],
  operators: ['base', 'types', 'expr', 'planner/plan.ts', 'storage/state.ts'],
  connectors: ['base', 'types', 'expr', 'catalog'],
  engine: ['base', 'types', 'parser', 'expr', 'catalog', 'planner', 'storage', 'operators', 'connectors'],
  wire: ['base', 'types', 'engine/session.ts'],
};

/** Files that talk to a terminal, which is what `console` is for. */
const mayPrint = /^(src\/main\.ts|src\/config\.ts|demo\/|bench\/|tools\/|tests\/)/;

/** What may not stay. The words are put together from pieces so that this file does not find itself. */
const leftovers: readonly { readonly pattern: RegExp; readonly why: string; readonly allowed?: RegExp }[] = [
  { pattern: new RegExp(`\\b(FIX${'ME'}|TO${'DO'}|XX${'X'})\\b(?!\\d)`), why: 'unfinished work' },
  {
    pattern: new RegExp(`biome-${'ignore'}|@ts-(${'ignore'}|expect-error)|eslint-${'disable'}`),
    why: 'silenced check',
  },
  {
    pattern: new RegExp(`^(?!\\s*(/?\\*|//)).*(:|\\bas|<|\\|) ?${'any'}\\b(?=[\\s,;)\\]>=|[]|$)`),
    why: `the type ${'any'}`,
    allowed: /\.(md|slt|dd|sh)$/,
  },
  { pattern: /\b(test|it|describe)\.(skip|only|todo)\(/, why: 'skipped test' },
  { pattern: new RegExp(`(^|[\\s'"\`(=])/(${'work'}|${'farm'}|tmp/${'team'})/`), why: 'path of one machine' },
  {
    pattern: new RegExp(`registry\\.${'npmjs'}|npm\\.${'pkg'}|https?://[^\\s/]*(artifact|nexus|verdaccio)`),
    why: 'registry host',
  },
  { pattern: /\bconsole\./, why: 'console outside the programs', allowed: mayPrint },
];

/** Everything written by hand, as paths from the root. */
function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return /^(node_modules|dist|coverage|\.git|millrace-data)$/.test(entry.name) ? [] : filesUnder(path);
    return [path];
  });
}

const texts = new Map<string, string>();
const textOf = (file: string): string => {
  const known = texts.get(file) ?? readFileSync(join(root, file), 'utf8');
  texts.set(file, known);
  return known;
};

const all = filesUnder('');
const code = all.filter((file) => /\.ts$/.test(file) && !file.endsWith('.d.ts'));
const source = code.filter((file) => file.startsWith('src/'));
const prose = all.filter((file) => file.endsWith('.md'));
const written = all.filter((file) => /\.(ts|md|slt|dd|sh)$/.test(file) || file === '.ci/run' || file === 'Dockerfile');

/** Relative imports of a file, types included, as paths from the root. */
const importsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/(?:from|import|import\()\s*'(\.[^']+)'/g)].map((match) =>
    normalize(join(dirname(file), match[1] as string)),
  );

/** Imports of files that are there; the compiler complains of the others. */
const edgesOf = (file: string): string[] => importsOf(file).filter((target) => code.includes(target));

const inSource = (file: string): string => file.replace(/^src\//, '');
const roomOf = (file: string): string => inSource(file).split('/')[0] as string;

function layerViolations(file: string, targets: readonly string[]): string[] {
  if (!inSource(file).includes('/')) return []; // main.ts and config.ts stand outside the rooms.
  const room = roomOf(file);
  const allowed = mayImport[room];
  if (allowed === undefined) return [`${file}: no room named "${room}"`];
  return targets
    .filter((target) => roomOf(target) !== room)
    .filter(
      (target) =>
        !target.startsWith('src/') || !(allowed.includes(roomOf(target)) || allowed.includes(inSource(target))),
    )
    .map((target) => `${file} may not import ${target}`);
}

function cyclesAmong(files: readonly string[], importsFrom: (file: string) => readonly string[]): string[] {
  const seen = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (seen.get(file) === 'open') cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (seen.has(file)) return;
    seen.set(file, 'open');
    for (const target of importsFrom(file)) visit(target, [...path, file]);
    seen.set(file, 'done');
  };
  for (const file of files) visit(file, []);
  return cycles;
}

/** Named functions, methods and arrow functions bound to a name that span several lines, with their length. */
function functionsOf(
  text: string,
): { readonly name: string; readonly line: number; readonly lines: readonly string[] }[] {
  const lines = text.split('\n');
  const opening =
    /^(\s*)(?:export )?(?:(?:async )?function\*? ?([\w$]+)|(?:(?:private|static|override|async|get|set) )*\*?([#\w$]+)\(.*\{$|(?:const|let) ([\w$]+)(?:: [^=]+)? = (?:async )?(?:\([^=]*|\w+)(?:\): .*|\))? ?=>.*\{$)/;
  return lines.flatMap((line, i) => {
    const match = opening.exec(line);
    const name = match?.[2] ?? match?.[3] ?? match?.[4];
    if (match === null || name === undefined || /^(if|for|while|switch|catch|test|it|describe|return)$/.test(name))
      return [];
    const end = lines.findIndex((other, j) => j > i && other.startsWith(`${match[1]}}`));
    return end < 0 ? [] : [{ name, line: i + 1, lines: lines.slice(i, end + 1) }];
  });
}

/** A switch over all kinds whose cases are short is a table: it is as long as its subject. */
const isTable = (lines: readonly string[]): boolean => {
  const cases = lines.filter((line) => /^\s*(case .*|default):/.test(line)).length;
  return cases > 0 && lines.length / cases <= 6;
};

const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

/** Links of a page that lead nowhere: missing files, and anchors without a heading. */
function brokenLinks(file: string): string[] {
  const text = textOf(file).replace(/```[\s\S]*?```/g, '');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] as string);
  return targets.flatMap((target) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const page = path === '' ? file : normalize(join(dirname(file), path));
    if (!existsSync(join(root, page))) return [`${file}: ${target}`];
    if (anchor === undefined || !page.endsWith('.md')) return [];
    const headings = [...textOf(page).matchAll(/^#+ (.*)$/gm)].map((match) => slug(match[1] as string));
    return headings.includes(anchor) ? [] : [`${file}: ${target} names no heading`];
  });
}

describe('the rooms', () => {
  test('imports go down only, and past a contract nowhere', () => {
    expect(source.flatMap((file) => layerViolations(file, importsOf(file)))).toEqual([]);
  });

  test('the rule finds an upward import and a step around a contract', () => {
    expect(layerViolations('src/parser/parse.ts', ['src/planner/plan.ts'])).toHaveLength(1);
    expect(layerViolations('src/operators/join.ts', ['src/storage/database.ts'])).toHaveLength(1);
    expect(layerViolations('src/operators/join.ts', ['src/storage/state.ts'])).toEqual([]);
    expect(layerViolations('src/wire/server.ts', ['src/engine/engine.ts'])).toHaveLength(1);
    expect(layerViolations('src/types/date.ts', ['tests/support/deltas.ts'])).toHaveLength(1);
  });

  test('there are no import cycles, types included', () => {
    expect(cyclesAmong(source, edgesOf)).toEqual([]);
    expect(cyclesAmong(['a', 'b'], (file) => (file === 'a' ? ['b'] : ['a']))).toEqual(['a → b → a']);
  });

  test('better-sqlite3 is imported by storage/database.ts alone', () => {
    const importers = source.filter((file) => /from 'better-sqlite3'/.test(textOf(file)));
    expect(importers.filter((file) => file !== 'src/storage/database.ts')).toEqual([]);
  });

  test('nobody but the clock and the log asks the machine for the time', () => {
    const askers = source.filter((file) => /\bDate\.now\(\)|new Date\(\)/.test(textOf(file)));
    expect(askers.filter((file) => !/^src\/(base\/(clock|log)|main|config)\.ts$/.test(file))).toEqual([]);
  });
});

describe('sizes', () => {
  test(`a file has at most ${LINES_PER_FILE} lines`, () => {
    const long = code
      .map((file) => [file, textOf(file).split('\n').length] as const)
      .filter(([, n]) => n > LINES_PER_FILE);
    // The AST is one contract read top to bottom, a list of types and nothing else.
    expect(long.filter(([file]) => file !== 'src/parser/ast.ts')).toEqual([]);
  });

  test(`a function has at most ${LINES_PER_FUNCTION} lines, unless it is a switch that is a table`, () => {
    const long = code.flatMap((file) =>
      functionsOf(textOf(file))
        .filter(({ lines }) => lines.length > LINES_PER_FUNCTION && !isTable(lines))
        .map(({ name, line, lines }) => `${file}:${line} ${name}: ${lines.length} lines`),
    );
    expect(long).toEqual([]);
  });

  test('the measure sees functions, methods and arrow functions', () => {
    const sample =
      'function a() {\n  x;\n}\nclass C {\n  async b(x: number): Promise<void> {\n    y;\n  }\n}\nconst c = (x: number) => {\n  z;\n};\n';
    expect(functionsOf(sample).map(({ name, lines }) => [name, lines.length])).toEqual([
      ['a', 3],
      ['b', 3],
      ['c', 3],
    ]);
  });
});

describe('manners', () => {
  test('nothing is left over', () => {
    const found = written.flatMap((file) =>
      textOf(file)
        .split('\n')
        .flatMap((line, i) =>
          leftovers
            .filter(({ pattern, allowed }) => pattern.test(line) && !allowed?.test(file))
            .map(({ why }) => `${file}:${i + 1} ${why}: ${line.trim().slice(0, 80)}`),
        ),
    );
    expect(found).toEqual([]);
  });

  test('files are named in kebab-case, and none is a drawer for everything', () => {
    const misnamed = [...code, ...all.filter((file) => /\.(slt|dd)$/.test(file))].filter((file) => {
      const name = (file.split('/').pop() as string).replace(/\.(test\.ts|config\.ts|ts|slt|dd)$/, '');
      return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || /^(utils?|helpers?|common|manager|misc)$/.test(name);
    });
    expect(misnamed).toEqual([]);
  });

  test('every file of code opens by saying what it is', () => {
    expect(code.filter((file) => !/^(#!.*\n)?(\/\*\*|\/\/)/.test(textOf(file)) && !/\.config\.ts$/.test(file))).toEqual(
      [],
    );
  });

  test('every link between pages leads to a file and a heading that exist', () => {
    expect(prose.flatMap(brokenLinks)).toEqual([]);
  });

  test('package-lock.json names no registry but the public one', () => {
    const hosts = [...textOf('package-lock.json').matchAll(/"resolved": "https?:\/\/([^/]+)/g)].map(
      (match) => match[1],
    );
    expect([...new Set(hosts)].filter((host) => host !== ['registry', 'npmjs', 'org'].join('.'))).toEqual([]);
  });
});
