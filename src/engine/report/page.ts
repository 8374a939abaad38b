import { createHash } from 'node:crypto';
import { escapeHtml, type Html } from './html.ts';
import { style } from './style.ts';

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Inline script of our own; only this very text may run. */
  readonly script?: string;
}

/**
 * A whole HTML file that fetches nothing. The content security policy allows pictures in data URIs, the inline sheet, and the one
 * script by its hash, so that not even a flaw in escaping could run another.
 */
export function renderPage({ title, body, script }: Page): string {
  const allowed = script ? `'sha256-${createHash('sha256').update(script).digest('base64')}'` : "'none'";
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${allowed}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Whippet">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body.markup}
${script ? `<script>${script}</script>` : ''}
</body>
</html>
`;
}
