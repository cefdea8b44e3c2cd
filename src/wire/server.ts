/**
 * Listens, makes a connection of every client, counts them, and says goodbye to all of them at the end.
 */
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Logger } from '../base/log.ts';
import type { Server } from '../engine/session.ts';
import type { Authentication } from './authentication.ts';
import { Connection, type ConnectionHost } from './connection.ts';

export type WireOptions = {
  readonly engine: Server;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Clients logged in or logging in; one more is refused with 53300. */
  readonly maxConnections: number;
  readonly authentication: Authentication;
  readonly tls: SecureContext | null;
  readonly logger: Logger;
};

/** Sockets beyond the limit of clients that may still bring a cancel request, or be told why they are refused. */
const SPARE_SOCKETS = 32;

export class WireServer implements ConnectionHost {
  readonly engine: Server;
  readonly authentication: Authentication;
  readonly tls: SecureContext | null;
  readonly logger: Logger;
  readonly #options: WireOptions;
  readonly #listener: NetServer;
  readonly #connections = new Set<Connection>();
  readonly #admitted = new Set<Connection>();
  #isStopping = false;
  #whenEmpty: (() => void) | null = null;

  constructor(options: WireOptions) {
    this.#options = options;
    this.engine = options.engine;
    this.authentication = options.authentication;
    this.tls = options.tls;
    this.logger = options.logger;
    this.#listener = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) =>
      this.#accept(socket),
    );
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Begins to accept clients. Rejects when the address cannot be had. */
  listen(): Promise<AddressInfo> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#listener.once('error', reject);
      this.#listener.listen({ host, port }, () => {
        this.#listener.off('error', reject);
        this.#listener.on('error', (error) => this.logger.log('error', 'cannot accept', { error: error.message }));
        resolve(this.#listener.address() as AddressInfo);
      });
    });
  }

  /**
   * Accepts nobody any more, cancels running statements and ends every connection with 57P01. Resolves when all are gone;
   * those that are not within `graceMs` are cut off.
   */
  async close(graceMs: number): Promise<void> {
    this.#isStopping = true;
    this.#listener.close();
    const empty = new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
    for (const connection of [...this.#connections]) connection.terminate();
    if (this.#connections.size === 0) return;
    const timer = setTimeout(() => {
      for (const connection of [...this.#connections]) connection.abandon();
      this.#whenEmpty?.();
    }, graceMs);
    await empty;
    clearTimeout(timer);
  }

  admit(connection: Connection): boolean {
    if (this.#admitted.size >= this.#options.maxConnections) return false;
    this.#admitted.add(connection);
    return true;
  }

  ended(connection: Connection): void {
    this.#connections.delete(connection);
    this.#admitted.delete(connection);
    if (this.#connections.size === 0) this.#whenEmpty?.();
  }

  #accept(socket: Socket): void {
    if (this.#isStopping || this.#connections.size >= this.#options.maxConnections + SPARE_SOCKETS) {
      socket.destroy();
      return;
    }
    this.#connections.add(new Connection(socket, this));
  }
}
