export { type Arn, formatArn, parseArn, splitArn } from './arn.ts';
