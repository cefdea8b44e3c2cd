/** As incremental, and then every row is deleted: what a view has left must be what its query says of empty tables. */
import { describeCorpus } from '../support/corpus.ts';

describeCorpus('retract');
