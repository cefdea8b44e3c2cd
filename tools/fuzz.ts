/** `npm run fuzz -- [--seed n] [--seconds s]`: the differential fuzz test by itself, for longer; findings go to sqllogic/issues/. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { seed: { type: 'string' }, seconds: { type: 'string', default: '300' } } });
const seed = values.seed === undefined ? {} : { FUZZ_SEED: values.seed };
const { status } = spawnSync('npx', ['vitest', 'run', 'tests/fuzz'], {
  stdio: 'inherit',
  env: { ...process.env, ...seed, FUZZ_SECONDS: values.seconds, FUZZ_WRITE: '1' },
});
process.exitCode = status ?? 1;
