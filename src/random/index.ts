export { hashText, type Random, seededRandom } from './random.ts';
