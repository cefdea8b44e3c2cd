/** A wire server on a free port of loopback, over the fake engine, for one test file. */
import { type Logger, silentLogger } from '../../src/base/log.ts';
import { trust } from '../../src/wire/authentication.ts';
import { type WireOptions, WireServer } from '../../src/wire/server.ts';
import { fakeScript } from './fake-script.ts';
import { FakeServer } from './fake-server.ts';

export type TestWire = { readonly engine: FakeServer; readonly wire: WireServer; readonly port: number };

export async function startWire(
  options: Partial<Omit<WireOptions, 'engine'>> & { readonly logger?: Logger } = {},
): Promise<TestWire> {
  const engine = new FakeServer(fakeScript);
  const wire = new WireServer({
    engine,
    host: '127.0.0.1',
    port: 0,
    maxConnections: 100,
    authentication: trust,
    tls: null,
    logger: silentLogger,
    ...options,
  });
  const { port } = await wire.listen();
  return { engine, wire, port };
}
