export { catalogue, type ErrorCode, type ErrorValues } from './catalogue.ts';
export { nearest } from './nearest.ts';
export { isWhippetError, reviveError, userError, WhippetError } from './whippet-error.ts';
