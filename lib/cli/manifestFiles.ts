import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PerchError } from '../api/errors.js';
import type { Sourced, Unread } from '../migrate/report.js';
import { parseObjects } from './parseObjects.js';

export interface ManifestFiles {
  readonly manifests: readonly Sourced[];
  /** Files that hold something else. */
  readonly unread: readonly Unread[];
}

/** The objects of a file, of a folder and all below it, or of standard input (`-`), each with its file. */
export async function readManifestFiles(place: string): Promise<ManifestFiles> {
  const manifests: Sourced[] = [];
  const unread: Unread[] = [];
  for (const { source, content } of await readTexts(place)) {
    try {
      manifests.push(...parseObjects(content, source).map((object) => ({ object, source })));
    } catch (error) {
      if (!(error instanceof PerchError)) throw error;
      unread.push({ source, message: error.message, broken: error.code === 'SYNTH_YAML' });
    }
  }
  return { manifests, unread };
}

async function readTexts(place: string): Promise<{ source: string; content: string }[]> {
  if (place === '-') return [{ source: 'standard input', content: await text(process.stdin) }];
  const files = await listFiles(place);
  return files.map((source) => ({ source, content: readFileSync(source, 'utf8') }));
}

async function listFiles(place: string): Promise<string[]> {
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found) throw missing(place, 'which does not exist');
  if (!found.isDirectory()) return [place];
  const names = (await readdir(place, { recursive: true })).filter(
    (name) => /\.ya?ml$/.test(name) && !/(^|[\\/])node_modules[\\/]/.test(name),
  );
  if (names.length === 0) throw missing(place, 'which holds no .yaml');
  return names.sort().map((name) => join(place, name));
}

function missing(place: string, why: string): PerchError {
  return new PerchError({
    code: 'MIGRATE_NO_MANIFESTS',
    message: `expected a folder or a file of manifests, got ${place}, ${why}`,
    remedy: 'name a folder of YAML, or - for standard input; without one the cluster is read',
    path: place,
  });
}
