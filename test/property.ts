import fc from 'fast-check';

// One seed for all properties of a run, so that `npm test -- --seed N` tries the same values again.
fc.configureGlobal({ seed: jest.getSeed() });

export default fc;
