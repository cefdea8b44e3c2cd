/**
 * `npm run sql -- "CREATE TABLE …; SELECT …" …`: runs statements in a fresh engine in this process and prints what each answers.
 * Several statements may stand in one argument or in several.
 */
import { parseStatements } from '../src/parser/parse.ts';
import { printAnswer } from './print-answer.ts';
import { answerOf, CollectingSink } from './slt/collect.ts';
import { connectTo, openServer } from './slt/millrace.ts';

/** A text that does not parse is left whole: the session words the error. */
function statementsOf(text: string): readonly string[] {
  try {
    return parseStatements(text).map((statement) => statement.text);
  } catch {
    return [text];
  }
}

const server = await openServer(null);
const session = connectTo(server);
for (const sql of process.argv.slice(2).flatMap(statementsOf)) {
  const sink = new CollectingSink();
  const answer = await answerOf(session, sql, sink);
  for (const { severity, message } of sink.notices) console.log(`${severity}:  ${message}`);
  printAnswer(
    sql,
    sink.columnsOfResult.map(({ name }) => name),
    answer,
  );
  if (answer.kind === 'error') process.exitCode = 1;
}
session.close();
await server.close();
