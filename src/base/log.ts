/** The server's own log: one JSON object a line on standard error, or text when a person is watching. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
const rank: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface Logger {
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export const silentLogger: Logger = { log: () => {} };

export function streamLogger(stream: NodeJS.WritableStream, minimum: LogLevel, format: 'json' | 'text'): Logger {
  return {
    log(level, message, fields = {}) {
      if (rank[level] < rank[minimum]) return;
      const time = new Date().toISOString();
      if (format === 'json') {
        stream.write(`${JSON.stringify({ time, level, message, ...fields })}\n`);
        return;
      }
      const rest = Object.entries(fields).map(
        ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      );
      stream.write(`${time} ${level.toUpperCase().padEnd(5)} ${message}${rest.join('')}\n`);
    },
  };
}
