import { checkKinds } from '../../lib/cli/controllerKinds.js';
import { ApiError } from '../../lib/ports/cluster.js';

const server = (serves: (plural: string) => Promise<boolean>) => ({
  serves: ({ plural }: { plural: string }) => serves(plural),
});

test('a cluster that has the three kinds is taken', async () => {
  await expect(checkKinds(server(async () => true))).resolves.toBeUndefined();
});

test.each(['canaries', 'metrictemplates', 'alertproviders'])(
  'a missing CRD of %s is named',
  async (missing) => {
    await expect(checkKinds(server(async (plural) => plural !== missing))).rejects.toMatchObject({
      code: 'CLI_CRD_MISSING',
      message: expect.stringContaining(`${missing}.flagger.app`),
      remedy: expect.stringContaining('perch crds'),
    });
  },
);

test.each([
  [new ApiError(0, '', 'GET https://api/apis: connect ECONNREFUSED'), 'when the API server answers'],
  [new ApiError(503, 'ServiceUnavailable', 'starting'), 'when the API server answers'],
  [new ApiError(401, 'Unauthorized', 'Unauthorized'), 'let the account'],
])('an API server that does not say is no defect: %s', async (error, remedy) => {
  await expect(checkKinds(server(() => Promise.reject(error)))).rejects.toMatchObject({
    code: 'CLI_API_SERVER',
    message: expect.stringContaining(error.message),
    remedy: expect.stringContaining(remedy),
  });
});
