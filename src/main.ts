#!/usr/bin/env node
/** The `millrace` program: reads what it is asked, runs the server until told to stop, and says how it went by its status. */
import { SqlError } from './base/errors.ts';
import { type Logger, streamLogger } from './base/log.ts';
import { type Config, ConfigError, helpText, readInvocation, version } from './config.ts';
import { type RunningServer, serve } from './serve.ts';
import { probe } from './wire/health.ts';

const PROBE_MS = 3_000;

async function run(): Promise<void> {
  const { command, config } = readInvocation(process.argv.slice(2), process.env);
  switch (command) {
    case 'help':
      console.log(helpText());
      return;
    case 'version':
      console.log(`millrace ${version}`);
      return;
    case 'health':
      return checkHealth(config);
    case 'start':
      return start(config);
  }
}

async function start(config: Config): Promise<void> {
  const format = config['log-format'] === 'auto' ? (process.stderr.isTTY ? 'text' : 'json') : config['log-format'];
  const logger = streamLogger(process.stderr, config['log-level'], format);
  const server = await serve(config, logger);
  stopOnSignal(server, logger);
  const { address, port } = server;
  const host = address === '0.0.0.0' || address === '::' ? 'localhost' : address;
  const login = config.auth === 'scram' ? 'a password (SCRAM-SHA-256)' : 'no password (trust)';
  const facts = `data in ${config.data}, listening on ${address} port ${port}, clients need ${login}`;
  console.log(`Millrace ${version}: ${facts}. Connect with: psql -h ${host} -p ${port}`);
}

/** The first SIGTERM or SIGINT stops the server in order, status 0; a second one exits at once. */
function stopOnSignal(server: RunningServer, logger: Logger): void {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    logger.log('info', 'stopping', { signal });
    server.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

async function checkHealth({ host, port }: Config): Promise<void> {
  const target = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const problem = await probe(target, port, PROBE_MS);
  if (problem !== null) throw new ConfigError(`no server on ${target} port ${port}: ${problem}`, 1);
}

function fail(error: unknown): never {
  const isTold = error instanceof ConfigError || error instanceof SqlError;
  console.error(`millrace: ${isTold ? error.message : error instanceof Error ? error.stack : String(error)}`);
  if (error instanceof SqlError && error.fields.hint !== undefined) console.error(error.fields.hint);
  process.exit(error instanceof ConfigError ? error.exitCode : 1);
}

run().catch(fail);
