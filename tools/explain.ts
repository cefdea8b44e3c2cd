/**
 * `npm run explain -- "CREATE TABLE …; …; SELECT …"`: every stage of the last statement, after running those before it: the tree
 * the parser made, the plan and each rule that changed it, the state it keeps, the code it runs.
 */
import { parseStatements } from '../src/parser/parse.ts';
import { answerOf } from './slt/collect.ts';
import { connectTo, openServer } from './slt/millrace.ts';

const STAGES = [
  ['AST', 'what the parser read'],
  ['RULES', 'what binding made of it, and each rule that changed it'],
  ['VERBOSE', 'the plan that is built'],
  ['STATE', 'what it remembers'],
  ['CODE', 'what it runs per row'],
] as const;

const statements = parseStatements(process.argv.slice(2).join(';\n')).map(({ text }) => text);
const last = statements.pop();
if (last === undefined) throw new Error('usage: npm run explain -- "SELECT …"');
const server = await openServer(null);
const session = connectTo(server);
for (const sql of statements) {
  const answer = await answerOf(session, sql);
  if (answer.kind === 'error') throw new Error(`${sql}\n${answer.code} ${answer.message}`);
}
for (const [option, title] of STAGES) {
  const answer = await answerOf(session, `EXPLAIN (${option}) ${last}`);
  const lines = answer.kind === 'error' ? [`${answer.code} ${answer.message}`] : answer.rows.map((row) => row[0] ?? '');
  console.log(`-- ${option}: ${title}\n${lines.join('\n')}\n`);
}
session.close();
await server.close();
