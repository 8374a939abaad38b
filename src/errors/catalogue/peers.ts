import { defineError } from '../definition.ts';

const twoVersions = 'Start all instances of a job from the same image.';

export const peersErrors = {
  WHIPPET_PEERS_OPTIONS: defineError<{ problem: string }>({
    message: ({ problem }) => `The hosts of the job cannot find each other: ${problem}.`,
    remedy: 'Give every host the same WHIPPET_JOB_SECRET and WHIPPET_HOSTS, and the host names of resourceconfig.json.',
  }),
  WHIPPET_PEERS_LISTEN: defineError<{ address: string; reason: string }>({
    message: ({ address, reason }) => `The leading host cannot listen at ${address}: ${reason}.`,
    remedy: 'Free the address, or name another one in WHIPPET_HOSTS.',
  }),
  WHIPPET_PEERS_MISSING: defineError<{ hosts: readonly string[]; seconds: number }>({
    message: ({ hosts, seconds }) => `Nothing was heard of ${hosts.join(', ')} for ${seconds} seconds.`,
    remedy:
      'See the logs of these hosts: one that ended has said why. If they run, let hosts of the job reach each other over the network.',
  }),
  WHIPPET_PEERS_SECRET: defineError<{ host: string; leader: string }>({
    message: ({ host, leader }) => `${leader} does not accept ${host} as a host of its job.`,
    remedy: 'Give every host the same WHIPPET_JOB_SECRET, and the same list of hosts in resourceconfig.json.',
  }),
  WHIPPET_PEERS_TAKEN: defineError<{ host: string }>({
    message: ({ host }) => `Another process is already there as ${host}.`,
    remedy: 'Start each host of a job once.',
  }),
  WHIPPET_PEERS_VERSION: defineError<{ host: string; theirs: string; ours: string }>({
    message: ({ host, theirs, ours }) => `${host} runs other programs than the leading host: ${theirs}, not ${ours}.`,
    remedy: twoVersions,
  }),
  WHIPPET_PEERS_BACKBONE: defineError<{ host: string; theirs: string; ours: string }>({
    message: ({ host, theirs, ours }) =>
      `${host} has another backbone than the leading host: ${theirs.slice(0, 12)}, not ${ours.slice(0, 12)}.`,
    remedy: 'Give all hosts the same weights: the channel weights has to be FullyReplicated.',
  }),
  WHIPPET_PEERS_FILES_DIFFER: defineError<{ name: string; hosts: readonly string[] }>({
    message: ({ name, hosts }) => `${name} is not the same file on the hosts ${hosts.join(' and ')}.`,
    remedy:
      'Give all hosts the same version of the data set (FullyReplicated), or files of different names (ShardedByS3Key), and see that nothing writes into it.',
  }),
  WHIPPET_PEERS_LOST: defineError<{ host: string; reason: string }>({
    message: ({ host, reason }) => `The host ${host} was lost: ${reason}.`,
    remedy: 'See its log for why it ended, then run the job again: features that had arrived are kept in the cache.',
  }),
  WHIPPET_PEERS_PROTOCOL: defineError<{ host: string; reason: string }>({
    message: ({ host, reason }) => `What the host ${host} sent makes no sense: ${reason}.`,
    remedy: `${twoVersions} If it happens again, please report it as a defect.`,
  }),
  WHIPPET_PEERS_CACHE: defineError<{ path: string }>({
    message: ({ path }) => `What other hosts computed cannot be kept in the cache ${path}.`,
    remedy: 'Free disk space or choose another cache directory: the features of all hosts come together there.',
  }),
  WHIPPET_PEERS_ENDED: defineError<{ leader: string; reason: string }>({
    message: ({ leader, reason }) => `The job ended on its leading host ${leader}: ${reason}`,
    remedy: 'See the log of that host.',
  }),
};
