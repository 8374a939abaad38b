import type { AwsFault } from '../../wire/index.ts';
import { accessDenied } from './errors.ts';

/** Refused before the role exists, or about its ARN itself. */
const byArn = ['iam:CreateRole', 'iam:CreateServiceLinkedRole', 'iam:PassRole'];

/**
 * IAM names what is there not by its ARN: "iam:GetRole on resource: role Train", "iam:GetPolicy on resource: policy arn:aws:iam::…",
 * and a policy to be made by its name alone.
 * @param message In the words that all services share.
 */
export function deniedInIamsWords(message: string): AwsFault {
  return accessDenied(
    message.replace(
      /perform: (iam:\w+) on resource: (arn:aws:iam::\w+:(role|policy)\/(?:\S+\/)?(\S+))/,
      (whole, action: string, arn: string, kind: string, name: string) => {
        if (byArn.includes(action)) return whole;
        const shown = kind === 'role' || action === 'iam:CreatePolicy' ? name : arn;
        return `perform: ${action} on resource: ${kind} ${shown}`;
      },
    ),
  );
}
