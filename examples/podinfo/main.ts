import { App } from 'cdk8s';
import { Podinfo } from './stack.ts';

const app = new App();
new Podinfo(app);
app.synth();
