/** A whole server from its configuration: engine and listener, opened in that order and closed in the other. */
import { userInfo } from 'node:os';
import { createSecureContext, type SecureContext } from 'node:tls';
import { systemClock } from './base/clock.ts';
import type { Logger } from './base/log.ts';
import { type Config, ConfigError, readSetting, version } from './config.ts';
import { openEngine } from './engine/engine.ts';
import { scramWithPassword, trust } from './wire/authentication.ts';
import { WireServer } from './wire/server.ts';

/** Of the ten seconds that service managers and containers allow, what clients get to take their last words. */
const GOODBYE_MS = 4_000;

export type RunningServer = {
  readonly address: string;
  readonly port: number;
  /** Ends every connection, finishes the running tick, writes a checkpoint. */
  close(): Promise<void>;
};

export async function serve(config: Config, logger: Logger): Promise<RunningServer> {
  const tls = secureContext(config);
  const engine = await openEngine({
    directory: config.data,
    clock: systemClock,
    logger,
    threaded: true,
    operatingSystemUser: operatingSystemUser(),
    version,
    checkpointIntervalMs: config['checkpoint-interval'],
  });
  const wire = new WireServer({
    engine,
    host: config.host,
    port: config.port,
    maxConnections: config['max-connections'],
    authentication: config.auth === 'scram' ? scramWithPassword(config.password ?? '') : trust,
    tls,
    logger,
  });
  try {
    const { address, port } = await wire.listen();
    return {
      address,
      port,
      async close() {
        await wire.close(GOODBYE_MS);
        await engine.close();
      },
    };
  } catch (error) {
    await engine.close();
    throw new ConfigError(`cannot listen on ${config.host}:${config.port}: ${(error as Error).message}`, 1);
  }
}

function secureContext(config: Config): SecureContext | null {
  const [cert, key] = [config['tls-cert'], config['tls-key']];
  if (cert === null || key === null) return null;
  try {
    return createSecureContext({ cert: readSetting('tls-cert', cert), key: readSetting('tls-key', key) });
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`cannot use ${cert} and ${key} for TLS: ${(error as Error).message}`);
  }
}

/** Who made the data directory. A container may run under a number that has no name. */
function operatingSystemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'millrace';
  }
}
