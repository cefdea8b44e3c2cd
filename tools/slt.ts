/**
 * `npm run slt -- <glob…> [--mode m] [--update]`: runs files of the corpus and prints what differs.
 *
 * Modes: direct (the default), incremental, retract, recover, wire, all (these five), postgres. `--update` writes what the
 * database answered into the files: with `--mode postgres` PostgreSQL's answers, which is how expected rows come about.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { matchesGlob, openDatabase, sltFiles } from './slt/corpus.ts';
import { readSltFile, rewrite } from './slt/records.ts';
import { MODES, type Mode, runFile } from './slt/run.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { mode: { type: 'string', default: 'direct' }, update: { type: 'boolean', default: false } },
});

const modes = flags.mode === 'all' ? MODES.filter((mode) => mode !== 'postgres') : [flags.mode as Mode];
if (!modes.every((mode) => MODES.includes(mode)))
  throw new Error(`unknown mode "${flags.mode}": ${MODES.join(', ')}, all`);
const files = sltFiles('sqllogic').filter(
  (file) => positionals.length === 0 || positionals.some((glob) => matchesGlob(file, glob)),
);

let failed = 0;
for (const path of files) {
  for (const mode of modes) {
    const file = readSltFile(path);
    const database = await openDatabase(mode);
    const report = await runFile(file, mode, database).finally(() => database.close());
    if (flags.update) writeFileSync(path, rewrite(file, report.replacements));
    else for (const failure of report.failures) console.log(`${failure}\n`);
    failed += report.failures.length;
    console.log(
      `${report.failures.length === 0 ? 'ok  ' : 'FAIL'} ${path} ${mode}: ${report.ran} records, ${report.skipped} skipped, ${report.views} views`,
    );
  }
}
console.log(`${files.length} files, ${failed} ${flags.update ? 'updated' : 'failures'}`);
process.exitCode = failed > 0 && !flags.update ? 1 : 0;
