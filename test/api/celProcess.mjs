// Judges CEL rules: a child process, since the evaluator is an ES module, which jest cannot load.
import { readFileSync } from 'node:fs';
import { parse } from '@marcbachmann/cel-js';

const { rules, values } = JSON.parse(readFileSync(0, 'utf8'));
const programs = rules.map((rule) => parse(rule));
process.stdout.write(JSON.stringify(values.map((self) => programs.map((program) => program({ self })))));
