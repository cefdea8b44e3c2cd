/** Compares a server's answers with recorded ones, and keeps the conversation in step where they differ. */
import type { RawClient, Received } from '../support/raw-client.ts';

/**
 * What may differ between two servers without being a difference: relation OIDs (0 or not 0 is a fact), the server's version
 * and clock, what it reports about itself, two names of one time zone, and PostgreSQL's C function names, unless a client
 * looks at them.
 */
export function comparable(messages: readonly Received[]): unknown[] {
  const ours = (message: Received) => message.t === 'S' && message['k'] === 'millrace_version';
  return messages.filter((message) => !ours(message)).map((message) => comparableMessage(message));
}

function comparableMessage(message: Received): unknown {
  const { f_R: routine, ...rest } = message;
  if (routine === 'RevalidateCachedQuery') return message;
  switch (message.t) {
    case 'T': {
      const columns = message['f'] as readonly { readonly tab: number }[];
      return { ...rest, f: columns.map((each) => ({ ...each, tab: each.tab === 0 ? 0 : 1 })) };
    }
    case 'S':
      if (message['k'] === 'server_version') return { ...rest, v: '<version>' };
      return message['v'] === 'Etc/UTC' ? { ...rest, v: 'UTC' } : rest;
    case 'D':
      return { ...rest, r: (message['r'] as readonly (string | null)[]).map((value) => withoutClock(value)) };
    case 'E':
      return 'f_D' in rest ? { ...rest, f_D: withoutClock(message['f_D'] as string) } : rest;
    default:
      return rest;
  }
}

const withoutClock = (text: string | null): string | null =>
  text?.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+00/, '<now>') ?? null;

/** Puts the shared connection where the recording was after this case, when an answer that differs has left it elsewhere. */
export async function realign(
  shared: RawClient,
  answers: readonly Received[],
  expected: readonly Received[],
): Promise<void> {
  const status = (messages: readonly Received[]) => messages.findLast(({ t }) => t === 'Z')?.['st'];
  const [here, there] = [status(answers), status(expected)];
  if (here === there || here === undefined) return;
  if (here !== 'I') await say(shared, 'rollback');
  if (there !== 'I') await say(shared, 'begin');
}

async function say(client: RawClient, sql: string): Promise<void> {
  client.query(sql);
  await client.until();
}
