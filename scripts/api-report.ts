import { join } from 'node:path';
import ts from 'typescript';
import { root } from './node.js';

/** Rooms whose door package.json exports. */
export const publicDoors = ['engine', 'policy', 'server'] as const;

export type PublicDoor = (typeof publicDoors)[number];

/** Path of the report that was last meant. */
export function reportOf(door: PublicDoor): string {
  return join(root, `test/architecture/${door}.api.txt`);
}

/**
 * What a TypeScript user sees of each public door: every exported name with its declaration, bodies and comments left out, sorted by
 * name. Declarations are those the build would emit, so a report changes exactly when the published types do.
 */
export function apiReports(): Map<PublicDoor, string> {
  const doors = publicDoors.map((door) => [door, join(root, `src/${door}/index.ts`)] as const);
  const paths = doors.map(([, path]) => path);
  const program = programOf(emitDeclarations(paths), paths);
  const checker = program.getTypeChecker();
  return new Map(
    doors.map(([door, path]) => {
      const file = program.getSourceFile(asDeclaration(path));
      const module = file && checker.getSymbolAtLocation(file);
      if (!module) throw new Error(`${door} exports nothing.`);
      const exported = checker.getExportsOfModule(module).sort((a, b) => (a.name < b.name ? -1 : 1));
      return [door, `${exported.map((symbol) => describe(symbol, checker)).join('\n\n')}\n`];
    }),
  );
}

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  rewriteRelativeImportExtensions: false,
  declaration: true,
  emitDeclarationOnly: true,
  skipLibCheck: true,
};

/** The declaration files of the doors and all they import, by path, kept in memory. */
function emitDeclarations(doors: readonly string[]): Map<string, string> {
  const emitted = new Map<string, string>();
  const program = ts.createProgram(doors, compilerOptions);
  program.emit(undefined, (file, text) => emitted.set(file, text));
  return emitted;
}

function programOf(declarations: ReadonlyMap<string, string>, doors: readonly string[]): ts.Program {
  const host = ts.createCompilerHost(compilerOptions);
  const { fileExists, readFile, getSourceFile } = host;
  // Where a declaration was emitted it hides its source, so that imports of `./x.ts` lead to it.
  host.fileExists = (file) => declarations.has(file) || (!declarations.has(asDeclaration(file)) && fileExists(file));
  host.readFile = (file) => declarations.get(file) ?? readFile(file);
  host.getSourceFile = (file, language) => {
    const text = declarations.get(file);
    return text === undefined ? getSourceFile(file, language) : ts.createSourceFile(file, text, language, true);
  };
  return ts.createProgram(doors.map(asDeclaration), compilerOptions, host);
}

function asDeclaration(source: string): string {
  return source.replace(/\.ts$/, '.d.ts');
}

/** `export …` as it stands in the declaration file; a name exported under another name says so. */
function describe(exported: ts.Symbol, checker: ts.TypeChecker): string {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const texts = (symbol.declarations ?? []).map((declaration) => {
    // A variable's declaration is `name: type`; its statement has the keywords.
    const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    return withoutComments(statement);
  });
  if (texts.length === 0) throw new Error(`${exported.name} is exported and has no declaration.`);
  const rename = symbol.name === exported.name ? '' : `// exported as ${exported.name}\n`;
  return `${rename}${texts.join('\n')}`;
}

function withoutComments(node: ts.Node): string {
  const printer = ts.createPrinter({ removeComments: true });
  const text = printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
  return text.replace(/^export declare |^declare /, 'export ').replace(/^(?!export )/, 'export ');
}
