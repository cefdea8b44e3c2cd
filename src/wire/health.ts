/**
 * Asks a server whether it is there: connects, requests TLS, and takes either answer for yes. What load balancers and
 * containers call; needs no password and leaves no session behind.
 */
import { connect } from 'node:net';

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Null when a server that speaks the protocol answers within `timeoutMs`, else why not. */
export function probe(host: string, port: number, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const finish = (problem: string | null): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.on('connect', () => socket.write(SSL_REQUEST));
    socket.on('data', (bytes) => {
      const answer = bytes.toString('latin1');
      finish(answer === 'N' || answer === 'S' ? null : 'something else answers there');
    });
    socket.on('timeout', () => finish(`no answer within ${timeoutMs} ms`));
    socket.on('end', () => finish('it closed the connection'));
    socket.on('error', (error) => finish(error.message));
  });
}
