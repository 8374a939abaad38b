import type { EnvironmentChange } from './aws-environment.ts';

export type Shell = 'sh' | 'fish' | 'powershell';

export const shells: readonly Shell[] = ['sh', 'fish', 'powershell'];

/** The language of the user's shell, by SHELL. bash, zsh, dash and ksh all read `sh`. */
export function shellOf(path: string | undefined): Shell {
  const name = path?.split('/').at(-1) ?? '';
  if (name === 'fish') return 'fish';
  return name === 'pwsh' ? 'powershell' : 'sh';
}

/** Lines that make the change in a shell, whatever the values hold. */
export function shellLines({ set, unset }: EnvironmentChange, shell: Shell): string {
  const { assign, remove } = languages[shell];
  return [...unset.map(remove), ...Object.entries(set).map(([name, value]) => assign(name, value))].join('');
}

/** How a user has the lines run. */
export function evaluation(command: string, shell: Shell): string {
  return languages[shell].evaluate(command);
}

interface Language {
  assign(name: string, value: string): string;
  remove(name: string): string;
  evaluate(command: string): string;
}

const languages: Readonly<Record<Shell, Language>> = {
  sh: {
    assign: (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`,
    remove: (name) => `unset ${name}\n`,
    evaluate: (command) => `eval "$(${command})"`,
  },
  fish: {
    assign: (name, value) => `set -gx ${name} '${value.replace(/[\\']/g, '\\$&')}';\n`,
    remove: (name) => `set -e ${name};\n`,
    evaluate: (command) => `${command} | source`,
  },
  powershell: {
    assign: (name, value) => `$env:${name} = '${value.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'\n`,
    remove: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue\n`,
    evaluate: (command) => `${command} | Out-String | Invoke-Expression`,
  },
};
