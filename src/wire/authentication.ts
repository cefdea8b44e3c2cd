/**
 * Who may connect: everybody (`trust`), or who knows the password (SCRAM-SHA-256). A dialogue takes what the client says and
 * writes what the server answers; the connection only carries the messages.
 *
 * There is one password for all roles; whether the role exists is asked afterwards, of the engine, so that a stranger
 * learns nothing about names.
 */
import { fatal, invalidPassword, protocolViolation } from '../base/errors.ts';
import { decodeUtf8 } from '../types/bytes.ts';
import type { OutputBuffer } from './output.ts';
import type { FieldReader } from './read.ts';
import { makeVerifier, SCRAM_SHA_256, ScramExchange, type ScramVerifier } from './scram.ts';
import { writeSaslData, writeSaslMechanisms } from './write.ts';

export type Authentication =
  | { readonly method: 'trust' }
  | { readonly method: 'scram'; readonly verifier: ScramVerifier };

export const trust: Authentication = { method: 'trust' };

export const scramWithPassword = (password: string): Authentication => ({
  method: 'scram',
  verifier: makeVerifier(password),
});

/** The password dialogue of one connection. Throws FATAL errors. */
export class PasswordDialogue {
  readonly #user: string;
  readonly #exchange: ScramExchange;
  #isChallenged = false;

  constructor(user: string, verifier: ScramVerifier, out: OutputBuffer) {
    this.#user = user;
    this.#exchange = new ScramExchange(verifier);
    writeSaslMechanisms(out, [SCRAM_SHA_256]);
  }

  /** Answers one PasswordMessage body; true when the client has proved itself. */
  answer(fields: FieldReader, out: OutputBuffer): boolean {
    if (!this.#isChallenged) {
      this.#isChallenged = true;
      writeSaslData(out, 11, this.#exchange.challenge(this.#firstMessage(fields)));
      return false;
    }
    const proof = this.#exchange.verify(takeText(fields, fields.remaining));
    if (proof === null) throw invalidPassword(this.#user);
    writeSaslData(out, 12, proof);
    return true;
  }

  #firstMessage(fields: FieldReader): string {
    const mechanism = fields.string();
    if (mechanism !== SCRAM_SHA_256) {
      throw fatal(protocolViolation('client selected an invalid SASL authentication mechanism'));
    }
    const length = fields.int32();
    const text = takeText(fields, length);
    fields.finish();
    return text;
  }
}

function takeText(fields: FieldReader, count: number): string {
  return decodeUtf8(fields.copy(count));
}
