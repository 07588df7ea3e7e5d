/**
 * perch with a wall clock that can be set from outside while it runs, as an administrator or NTP sets one: a message
 * `{ clockErrorMs }` from the parent process makes it that much wrong. Timers are monotonic and run on.
 */
const trueNow = Date.now;
let clockErrorMs = 0;
Date.now = () => trueNow() + clockErrorMs;
process.on('message', (message: { readonly clockErrorMs: number }) => {
  clockErrorMs = message.clockErrorMs;
});
process.channel?.unref();

// after the clock is in place
void import('../../lib/cli/main.js');
