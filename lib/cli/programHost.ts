import type nodeFs from 'node:fs';
import type nodeModule from 'node:module';

/** What a failed program tells its parent, as JSON on file descriptor 3. */
export interface FailureReport {
  readonly name?: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly remedy?: string;
  readonly path?: string;
}

/** The channel that a FailureReport comes through. */
export const reportChannel = 3;

/** Written beside the manifests: the constructs' paths of each object, by `apiVersion kind namespace name`. */
export const pathsFile = 'construct-paths.json';

/**
 * A module URL for `node --import` that prepares a process for a user's program: TypeScript is understood with or
 * without file extensions in imports, whatever `type` the package.json says, and an uncaught error is reported.
 */
export function programHostUrl(): string {
  // A name for stack traces, which would show the whole URL.
  const source = `import module from 'node:module'; import fs from 'node:fs';
(${host.toString()})(module, fs, ${reportChannel}, '${pathsFile}');
//# sourceURL=perch-program-host`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

/** Runs in the child as text: nothing but its parameters and Node's globals may be named in here. */
function host(module: typeof nodeModule, fs: typeof nodeFs, channel: number, pathsFile: string): void {
  process.on('uncaughtException', (error: Error & Partial<Record<'code' | 'remedy' | 'path', string>>) => {
    const { name, message, stack, code, remedy, path } = error;
    fs.writeSync(
      channel,
      JSON.stringify({ name, message: message ?? String(error), stack, code, remedy, path }),
    );
    process.exit(1);
  });

  const strip = (source: string, url: string): string => {
    try {
      return module.stripTypeScriptTypes(source);
    } catch {
      // Enums and parameter properties need more than blanks; source positions are lost with them. What is no
      // TypeScript either way is told with its line in that file.
      return module.stripTypeScriptTypes(source, { mode: 'transform', sourceUrl: url });
    }
  };
  const formatOf = (url: string, source: string): 'module' | 'commonjs' => {
    if (/\.[mc]ts$/.test(url)) return url.endsWith('.mts') ? 'module' : 'commonjs';
    return /^\s*(import\s*[\w{*'"]|export\s)/m.test(source) ? 'module' : 'commonjs';
  };
  module.registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!/^\.{1,2}\//.test(specifier)) throw error;
        const written = specifier.replace(/\.js$/, '');
        for (const guess of [`${written}.ts`, `${written}/index.ts`]) {
          const url = new URL(guess, context.parentURL);
          if (fs.existsSync(url)) return next(url.href, context);
        }
        throw error;
      }
    },
    load(url, context, next) {
      if (!/^file:.*\.[mc]?ts$/.test(url) || url.includes('/node_modules/')) return next(url, context);
      const source = strip(fs.readFileSync(new URL(url), 'utf8'), url);
      return { format: formatOf(url, source), source, shortCircuit: true };
    },
  });

  // An object that is rendered leaves its construct's path, for those who will have something to say about it.
  const { App, ApiObject } = requireFrom(process.argv[1] ?? '', 'cdk8s');
  if (!App || !ApiObject) return;
  const paths: Record<string, string[]> = {};
  const { toJson } = ApiObject.prototype;
  ApiObject.prototype.toJson = function (this: { node: { path: string } }) {
    const json = toJson.call(this);
    const { apiVersion, kind, metadata = {} } = json;
    const key = [apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' ');
    // Two constructs may declare one object, and one may be rendered twice.
    paths[key] = [...new Set([...(paths[key] ?? []), this.node.path])];
    return json;
  };
  const { synth } = App.prototype;
  App.prototype.synth = function (this: { outdir: string }) {
    synth.call(this);
    fs.writeFileSync(`${this.outdir}/${pathsFile}`, JSON.stringify(paths));
  };

  function requireFrom(program: string, name: string) {
    try {
      return module.createRequire(program)(name);
    } catch (error) {
      // A program that has no cdk8s says so itself, if it minds.
      if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return {};
      throw error;
    }
  }
}
