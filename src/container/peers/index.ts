/** Several hosts of one job share the work of extraction; the first of them trains. */
export { followExtraction } from './follow.ts';
export { leadExtraction } from './lead.ts';
export { leaderOf } from './leader.ts';
export type { LedExtraction, PeerHosts, PeerTiming, PeerWork, SharedWork } from './options.ts';
export { openProfileOutlet, type ProfileExchange, type ProfileOutlet } from './profile-outlet.ts';
