/** Every file of the corpus as it stands: the statements in order, each query answered by a one-shot dataflow. */
import { describeCorpus } from '../support/corpus.ts';

describeCorpus('direct');
