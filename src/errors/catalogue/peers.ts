import { defineError } from '../definition.ts';

export const peersErrors = {
  WHIPPET_PEERS_FILES_DIFFER: defineError<{ name: string; hosts: readonly string[] }>({
    message: ({ name, hosts }) => `${name} is not the same file on the hosts ${hosts.join(' and ')}.`,
    remedy:
      'Give all hosts the same version of the data set (FullyReplicated), or files of different names (ShardedByS3Key), and see that nothing writes into it.',
  }),
};
