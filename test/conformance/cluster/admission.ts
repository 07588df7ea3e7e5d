import { defineKind } from '../../../lib/api/kinds.js';
import { Deployments, type Service, Services } from '../../../lib/api/workloads.js';
import { type ClusterBed, Gadgets, refusal } from './bed.js';

export function admissionCases(bed: ClusterBed): void {
  describe('defaults and validation', () => {
    it('fills in what a Deployment leaves out', async () => {
      const { spec } = await bed.cluster.create(Deployments, bed.deployment('filled'));
      expect(spec).toMatchObject({
        progressDeadlineSeconds: 600,
        revisionHistoryLimit: 10,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: {
          spec: {
            restartPolicy: 'Always',
            dnsPolicy: 'ClusterFirst',
            terminationGracePeriodSeconds: 30,
            containers: [
              {
                imagePullPolicy: 'IfNotPresent',
                terminationMessagePolicy: 'File',
                ports: [{ protocol: 'TCP' }],
              },
            ],
          },
        },
      });
    });

    it('gives a Service an address that it keeps over a PUT', async () => {
      const service: Service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'addressed', namespace: bed.namespace },
        spec: { ports: [{ port: 80 }], selector: { app: 'x' } },
      };
      const created = await bed.cluster.create(Services, service);
      expect(created.spec).toMatchObject({
        type: 'ClusterIP',
        ports: [{ protocol: 'TCP', targetPort: 80 }],
      });
      expect(created.spec.clusterIP).toMatch(/^[0-9a-f.:]+$/);
      const updated = await bed.cluster.update(Services, {
        ...service,
        spec: { ...service.spec, selector: { app: 'y' } },
      });
      expect(updated.spec.clusterIP).toBe(created.spec.clusterIP);
    });

    it('refuses a Deployment whose selector misses its pods', async () => {
      const wrong = bed.deployment('wrong');
      wrong.spec.template.metadata = { labels: { app: 'other' } };
      const error = await refusal(bed.cluster.create(Deployments, wrong));
      expect(error).toMatchObject({ status: 422, reason: 'Invalid' });
      expect(error.message).toContain('`selector` does not match template `labels`');
    });

    it('refuses to change the selector of a Deployment', async () => {
      await bed.cluster.create(Deployments, bed.deployment('fixed'));
      const patch = {
        spec: {
          selector: { matchLabels: { app: 'new' } },
          template: { metadata: { labels: { app: 'new' } } },
        },
      };
      const error = await refusal(bed.cluster.patch(Deployments, bed.key('fixed'), 'merge', patch));
      expect(error.status).toBe(422);
      expect(error.message).toContain('field is immutable');
    });
  });

  describe('custom kinds', () => {
    it('prunes what the schema does not name, and fills in its defaults', async () => {
      await bed.serveGadgets();
      const created = await bed.cluster.create(Gadgets, bed.gadget('pruned', { size: 1, wings: true }));
      expect(created.spec).toEqual({ size: 1, color: 'grey' });
    });

    it('refuses what the schema forbids, naming the field', async () => {
      await bed.serveGadgets();
      const error = await refusal(
        bed.cluster.create(Gadgets, bed.gadget('small', { size: 0, note: 'far too long' })),
      );
      expect(error).toMatchObject({ status: 422, reason: 'Invalid' });
      expect(error.message).toContain('Gadget.conformance.perch.dev "small" is invalid');
      expect(error.message).toContain('spec.size');
      expect(error.message).toContain('spec.note');
      expect((await refusal(bed.cluster.create(Gadgets, bed.gadget('sizeless', {})))).message).toContain(
        'spec.size',
      );
    });

    it('judges an object from before an upgrade of its definition by the new one', async () => {
      await bed.serveGadgets();
      const old = await bed.cluster.create(Gadgets, bed.gadget('old', { size: 1 }));
      await bed.withUpgradedGadgets(async () => {
        const widened = (spec: object) => bed.cluster.patch(Gadgets, bed.key('old'), 'merge', { spec });
        await bed.eventually(async () => 'wings' in (await widened({ wings: true })).spec, 30_000);
        const { metadata } = await bed.cluster.get(Gadgets, bed.key('old'));
        const put = (spec: Record<string, unknown>) =>
          bed.cluster.update(Gadgets, { ...old, metadata, spec: { ...old.spec, ...spec } });
        expect((await refusal(put({ size: 10 }))).message).toContain('spec.size');
        expect((await put({ size: 9, wings: false })).spec).toEqual({ size: 9, color: 'grey', wings: false });
      });
    });

    it('refuses a PUT without a version', async () => {
      await bed.serveGadgets();
      await bed.cluster.create(Gadgets, bed.gadget('versioned', { size: 1 }));
      const error = await refusal(bed.cluster.update(Gadgets, bed.gadget('versioned', { size: 2 })));
      expect(error.status).toBe(422);
      expect(error.message).toContain('must be specified for an update');
    });

    it('answers 404 for a kind that nobody defined', async () => {
      const Unknown = defineKind('conformance.perch.dev', 'v1', 'Widget', 'widgets');
      const error = await refusal(bed.cluster.list(Unknown, { namespace: bed.namespace }));
      expect(error.status).toBe(404);
    });
  });
}
