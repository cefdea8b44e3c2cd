/**
 * A vitest reporter that ends the run with one line a script can read: `N passed, N failed, N skipped`.
 *
 * It prints when the process leaves, so that it stands below the summary of whichever reporter runs beside it. A file that
 * could not be loaded counts as one failure, because its tests never got to be counted.
 */
import type { Reporter, TestModule } from 'vitest/node';

type Counts = { passed: number; failed: number; skipped: number };

function countsOf(modules: readonly TestModule[], strayErrors: number): Counts {
  const counts = { passed: 0, failed: strayErrors, skipped: 0 };
  for (const module of modules) {
    counts.failed += module.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed' || state === 'failed') counts[state]++;
      else counts.skipped++;
    }
  }
  return counts;
}

export default class PlainLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const { passed, failed, skipped } = countsOf(modules, errors.length);
    process.once('exit', () => process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`));
  }
}
