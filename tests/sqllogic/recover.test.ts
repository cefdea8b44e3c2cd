/** As incremental, with a crash after most changes, now and then behind a checkpoint. */
import { describeCorpus } from '../support/corpus.ts';

describeCorpus('recover');
