import { stringify } from 'yaml';

/** Objects as YAML documents in one text, for `kubectl apply -f -`. */
export function yamlDocuments(objects: readonly object[]): string {
  return objects
    .map((object) => stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 }))
    .join('---\n');
}
