/** Every query of the corpus as a materialized view that was there before the rows. */
import { describeCorpus } from '../support/corpus.ts';

describeCorpus('incremental');
