import { App } from 'cdk8s';
import { Shop } from './shop.ts';

const app = new App();
new Shop(app);
app.synth();
