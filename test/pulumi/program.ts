import * as pulumi from '@pulumi/pulumi';
import type { KubeObject } from '../../lib/api/kinds.js';

/** A resource as it was registered. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly object: KubeObject & { readonly spec?: Record<string, never> };
}

/** Runs Pulumi programs as a preview and without an engine: what they register is taken down, nobody waits. */
export function mockPulumi(): {
  registered: Registered[];
  settled(resources: readonly pulumi.Resource[]): Promise<void>;
} {
  const registered: Registered[] = [];
  pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        // Pulumi names what has no name.
        const metadata = { name: `${name}-1a2b3c`, ...inputs.metadata };
        const object = { ...inputs, metadata };
        if (type.startsWith('kubernetes:')) registered.push({ type, name, object });
        return { id: `${name}-id`, state: object };
      },
      call: ({ inputs }) => inputs,
    },
    'project',
    'stack',
    true,
  );
  return {
    registered,
    async settled(resources) {
      for (const { urn } of resources) await outcomeOf(urn);
    },
  };
}

/** What an Output comes to. */
export function outcomeOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const seen = output.apply(resolve) as unknown as { promise(): Promise<unknown> };
    seen.promise().catch(reject);
  });
}

/** The object without what is said to Pulumi alone. */
export function withoutManners({ metadata, ...rest }: KubeObject): KubeObject {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([name]) => !name.startsWith('pulumi.com/'),
  );
  const { annotations: _, ...kept } = metadata;
  return {
    ...rest,
    metadata: { ...kept, ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }) },
  };
}
