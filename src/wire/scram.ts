/**
 * SCRAM-SHA-256, the server's side (RFC 5802 and 7677), as PostgreSQL speaks it: no channel binding, no authorization
 * identity, and the user name inside the exchange is ignored in favour of the one in the start-up message.
 *
 * The password is turned into a verifier once and not kept: who reads the memory of a running server finds two keys that
 * prove nothing to another one.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { fatal, featureNotSupported, protocolViolation } from '../base/errors.ts';
import { saslPrepare } from './sasl-prepare.ts';

export const SCRAM_SHA_256 = 'SCRAM-SHA-256';
const ITERATIONS = 4096;

export type ScramVerifier = {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
};

const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

export function makeVerifier(password: string, salt: Uint8Array = randomBytes(16)): ScramVerifier {
  const salted = pbkdf2Sync(saslPrepare(password), salt, ITERATIONS, 32, 'sha256');
  return {
    salt,
    iterations: ITERATIONS,
    storedKey: sha256(hmac(salted, 'Client Key')),
    serverKey: hmac(salted, 'Server Key'),
  };
}

/** One exchange: `challenge` with the client's first message, then `verify` with its last. */
export class ScramExchange {
  readonly #verifier: ScramVerifier;
  readonly #serverNonce: string;
  #header = '';
  #nonce = '';
  #clientFirstBare = '';
  #serverFirst = '';

  constructor(verifier: ScramVerifier, serverNonce = randomBytes(18).toString('base64')) {
    this.#verifier = verifier;
    this.#serverNonce = serverNonce;
  }

  challenge(clientFirst: string): string {
    const match = /^([nyp][^,]*),([^,]*),((?:m=[^,]*,)?n=([^,]*),r=([^,]+)(?:,.*)?)$/s.exec(clientFirst);
    if (match === null) throw malformed('Message does not begin with a channel binding flag, a user name and a nonce.');
    const [, binding = '', identity = '', bare = '', , nonce = ''] = match;
    if (binding.startsWith('p'))
      throw fatal(protocolViolation('client requires SCRAM channel binding, but it is not supported'));
    if (binding.length !== 1) throw malformed('Unexpected channel-binding flag.');
    if (identity !== '') {
      throw fatal(featureNotSupported('client uses authorization identity, but it is not supported'));
    }
    if (bare.startsWith('m=')) throw fatal(featureNotSupported('client requires an unsupported SCRAM extension'));
    if (!/^[!-+\--~]+$/.test(nonce)) throw fatal(protocolViolation('non-printable characters in SCRAM nonce'));
    this.#header = `${binding},,`;
    this.#clientFirstBare = bare;
    this.#nonce = nonce + this.#serverNonce;
    const salt = Buffer.from(this.#verifier.salt).toString('base64');
    this.#serverFirst = `r=${this.#nonce},s=${salt},i=${this.#verifier.iterations}`;
    return this.#serverFirst;
  }

  /** The server's proof, or null when the client's is wrong. */
  verify(clientFinal: string): string | null {
    const match = /^(c=([^,]*),r=([^,]*)(?:,.*)?),p=([^,]*)$/s.exec(clientFinal);
    if (match === null) throw malformed('Message has no channel binding, nonce and proof.');
    const [, withoutProof = '', binding = '', nonce = '', proofText = ''] = match;
    if (binding !== Buffer.from(this.#header).toString('base64')) {
      throw fatal(protocolViolation('unexpected SCRAM channel-binding attribute in client-final-message'));
    }
    if (nonce !== this.#nonce) {
      throw fatal(protocolViolation('invalid SCRAM response', { detail: 'Nonce does not match.' }));
    }
    const proof = Buffer.from(proofText, 'base64');
    if (proof.length !== 32) throw malformed('Malformed proof in client-final-message.');
    const authMessage = `${this.#clientFirstBare},${this.#serverFirst},${withoutProof}`;
    return this.#isProof(proof, authMessage) ? this.#serverProof(authMessage) : null;
  }

  /** The client proves that it knows the key whose hash is stored, by sending that key masked with a signature. */
  #isProof(proof: Buffer, authMessage: string): boolean {
    const signature = hmac(this.#verifier.storedKey, authMessage);
    const clientKey = proof.map((byte, i) => byte ^ (signature[i] as number));
    return timingSafeEqual(sha256(clientKey), this.#verifier.storedKey);
  }

  #serverProof(authMessage: string): string {
    return `v=${hmac(this.#verifier.serverKey, authMessage).toString('base64')}`;
  }
}

const malformed = (detail: string) => fatal(protocolViolation('malformed SCRAM message', { detail }));
