/**
 * The built server as a child process: started on a port, stopped politely or killed. It has a process group of its own, so that
 * Ctrl-C in the terminal reaches only the program that started it, which then stops it in order.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';

export type ServerProcess = {
  readonly port: number;
  readonly child: ChildProcess;
  /** What it wrote to standard error so far. */
  log(): string;
  /** SIGTERM, and wait; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, and wait until it is gone. */
  kill(): Promise<void>;
};

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts the built `program` (dist/src/main.js) on `directory` and waits until it answers. */
export async function startServer(
  program: string,
  directory: string,
  port: number,
  flags: readonly string[] = [],
): Promise<ServerProcess> {
  if (!existsSync(program)) throw new Error(`${program} is missing: run "npm run build" first`);
  const options = ['start', '--data', directory, '--host', '127.0.0.1', '--port', String(port), ...flags];
  const child = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let log = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    log += bytes.toString('utf8');
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const server: ServerProcess = {
    port,
    child,
    log: () => log,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
  await untilListening(server);
  return server;
}

async function untilListening({ port, child, log }: ServerProcess): Promise<void> {
  for (let attempt = 0; attempt < 1500; attempt++) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}:\n${log()}`);
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`the server does not listen:\n${log()}`);
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
