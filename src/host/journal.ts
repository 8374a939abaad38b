/** What the server writes down while it works: one JSON object a line. */
export type JournalEntry = Readonly<Record<string, unknown>> & { readonly message: string };

export interface Journal {
  write(level: 'info' | 'warn' | 'error', entry: JournalEntry): void;
}

/** Members and parameters that hold a secret wherever they turn up: redacted in the writer, so that no caller can forget. */
const secretName =
  /^(authorization|x-amz-security-token|x-amz-signature|signature|sessiontoken|secretaccesskey|password|cookie|x-amz-server-side-encryption-customer-key)$/i;
/** The same inside URLs and headers that are logged as text. */
const secretText =
  /\b((?:X-Amz-Signature|X-Amz-Security-Token|Signature|SecurityToken|SessionToken|SecretAccessKey)["']?\s*[=:]\s*["']?)([^&\s"',<]+)/gi;

/** `line` gets complete lines without the line end. */
export function createJournal(line: (text: string) => void, now: () => Date): Journal {
  return {
    write(level, entry) {
      line(JSON.stringify({ time: now().toISOString(), level, ...entry }, redact));
    },
  };
}

function redact(name: string, value: unknown): unknown {
  if (secretName.test(name)) return 'REDACTED';
  return typeof value === 'string' ? value.replace(secretText, '$1REDACTED') : value;
}
