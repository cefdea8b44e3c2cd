/** Every file of the corpus through the built server: TCP, extended protocol, binary results. */
import { describeCorpus } from '../support/corpus.ts';

describeCorpus('wire');
