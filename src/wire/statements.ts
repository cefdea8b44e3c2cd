/**
 * Carries out what a logged-in client asks: one method per message, each a call of the session and the answer to it.
 *
 * Keeps the two things the engine does not: the result formats of portals, and the text of statements, in which the positions
 * of errors count. Errors pass through; what follows from them is the connection's business.
 */
import { unreachable } from '../base/assert.ts';
import type { Session } from '../engine/session.ts';
import type { FrontendMessage } from './messages.ts';
import type { OutputBuffer } from './output.ts';
import { checkFormatCount, type ResultShape, shapeOf, writeRowDescription } from './result-shape.ts';
import type { ResultWriter } from './result-writer.ts';
import {
  writeBindComplete,
  writeCloseComplete,
  writeNoData,
  writeParameterDescription,
  writeParseComplete,
} from './write.ts';

type Message<Kind extends FrontendMessage['kind']> = Extract<FrontendMessage, { kind: Kind }>;

/** The messages that need a session and change nothing about the state of the connection. */
export type StatementMessage = Message<'query' | 'parse' | 'bind' | 'describe' | 'execute' | 'close'>;

type Portal = {
  readonly text: string | null;
  readonly formats: readonly number[];
  /** Null when it returns no rows, undefined while nobody has asked. */
  shape: ResultShape | null | undefined;
};

const allText: readonly number[] = [];

export class Statements {
  readonly #session: Session;
  readonly #out: OutputBuffer;
  readonly #results: ResultWriter;
  readonly #texts = new Map<string, string>();
  readonly #portals = new Map<string, Portal>();
  #text: string | null = null;

  constructor(session: Session, out: OutputBuffer, results: ResultWriter) {
    this.#session = session;
    this.#out = out;
    this.#results = results;
  }

  /** The statement that the message in hand is about, where known. */
  get text(): string | null {
    return this.#text;
  }

  handle(message: StatementMessage): void | Promise<void> {
    switch (message.kind) {
      case 'query':
        return this.#query(message.sql);
      case 'parse':
        this.#parse(message);
        return;
      case 'bind':
        this.#bind(message);
        return;
      case 'describe':
        if (message.target === 'statement') this.#describeStatement(message.name);
        else this.#describePortal(message.name);
        return;
      case 'execute':
        return this.#execute(message.portal, message.maxRows);
      case 'close':
        this.#close(message);
        return;
      default:
        unreachable(message);
    }
  }

  /** The transaction is over, and its portals with it. */
  forgetPortals(): void {
    if (this.#portals.size > 0) this.#portals.clear();
  }

  #query(sql: string): void | Promise<void> {
    this.#text = sql;
    this.#texts.delete('');
    this.#portals.delete('');
    return this.#session.query(sql, this.#results);
  }

  #parse(message: Message<'parse'>): void {
    const { name, sql } = message;
    this.#text = sql;
    this.#session.parse(name, sql, message.parameterOids);
    this.#texts.set(name, sql);
    writeParseComplete(this.#out);
  }

  #bind(message: Message<'bind'>): void {
    const { portal: name, resultFormats: formats } = message;
    const text = this.#texts.get(message.statement) ?? null;
    this.#text = text;
    this.#session.bind(name, message.statement, message.values, message.formats, this.#results);
    const portal: Portal = { text, formats, shape: undefined };
    if (formats.length > 1) checkFormatCount(this.#shapeOf(name, portal), formats);
    this.#portals.set(name, portal);
    writeBindComplete(this.#out);
  }

  #describeStatement(name: string): void {
    this.#text = this.#texts.get(name) ?? null;
    const { parameters, columns } = this.#session.describeStatement(name);
    writeParameterDescription(this.#out, parameters);
    if (columns === null) writeNoData(this.#out);
    else writeRowDescription(this.#out, shapeOf(columns), allText);
  }

  #describePortal(name: string): void {
    const portal = this.#portals.get(name);
    this.#text = portal?.text ?? null;
    const shape = this.#shapeOf(name, portal);
    if (shape === null) writeNoData(this.#out);
    else writeRowDescription(this.#out, shape, portal?.formats ?? allText);
  }

  #execute(name: string, maxRows: number): void | Promise<void> {
    const portal = this.#portals.get(name);
    this.#text = portal?.text ?? null;
    this.#results.expect(this.#shapeOf(name, portal), portal?.formats ?? allText);
    return this.#session.execute(name, Math.max(maxRows, 0), this.#results);
  }

  #close(message: Message<'close'>): void {
    if (message.target === 'statement') {
      this.#session.closeStatement(message.name);
      this.#texts.delete(message.name);
    } else {
      this.#session.closePortal(message.name);
      this.#portals.delete(message.name);
    }
    writeCloseComplete(this.#out);
  }

  /** A portal that was not bound by a message is a cursor of SQL: always asked anew, in text. */
  #shapeOf(name: string, portal: Portal | undefined): ResultShape | null {
    if (portal?.shape !== undefined) return portal.shape;
    const columns = this.#session.describePortal(name);
    const shape = columns === null ? null : shapeOf(columns);
    if (portal !== undefined) portal.shape = shape;
    return shape;
  }
}
