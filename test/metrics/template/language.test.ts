import { PerchError } from '../../../lib/api/errors.js';
import { queries } from '../../../lib/metrics/queries.js';
import fc from '../../property.js';
import { model } from '../queryModel.js';
import { refused, vectors } from './vectors.js';

const render = (template: string): string => queries.render(template, model);

function attempt(template: string): string | PerchError {
  try {
    return render(template);
  } catch (error) {
    if (error instanceof PerchError) return error;
    throw error;
  }
}

test.each(vectors.map(([template, output]) => ({ template, output })))(
  'as in Go: $template',
  ({ template, output }) => {
    const given = attempt(template);
    if (output === refused) expect(given).toBeInstanceOf(PerchError);
    else expect(given).toBe(output);
  },
);

const fragments = fc.constantFrom(
  ...[
    '{{',
    '}}',
    '{{- ',
    ' -}}',
    '{{/*',
    '*/}}',
    'if ',
    'else ',
    'end',
    'range ',
    'with ',
    'define ',
    'template ',
  ],
  ...[
    '"t"',
    '$x ',
    ':= ',
    '= ',
    '| ',
    ', ',
    '(',
    ')',
    '.',
    '.a ',
    'name ',
    'variables',
    'variables.a ',
    'printf ',
  ],
  ...[
    '"%5.2f" ',
    '"%*d" ',
    '"%q" ',
    '1 ',
    '-0.5 ',
    '1e300 ',
    "'a' ",
    'nil ',
    'true ',
    'index ',
    'slice ',
    'len ',
  ],
  ...['eq ', 'and ', 'not ', 'break', 'text', ' ', '\n', '`raw`', '"\\u00e9"', '9223372036854775807 '],
);
const action = fc.array(fragments, { maxLength: 8 }).map((words) => `{{${words.join('')}}}`);
const anything = fc.oneof(
  fc.string(),
  fc.array(fc.oneof(fragments, action), { maxLength: 12 }).map((all) => all.join('')),
);

test('whatever the text, rendering gives a text or a PerchError', () => {
  fc.assert(
    fc.property(anything, (template) => {
      const given = attempt(template);
      expect(typeof given === 'string' || given instanceof PerchError).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('text without actions comes back as it is', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('{{')),
      (text) => {
        expect(render(text)).toBe(text);
      },
    ),
  );
});

test('a quoted string comes back as it was, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const quoted = render(`{{ printf "%q" ${JSON.stringify(text).replaceAll('\\/', '/')} }}`);
      expect(render(`{{ ${quoted} }}`)).toBe(text);
    }),
  );
});

test('a float in the fewest digits is the float again', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(render(`{{ printf "%g" ${value.toExponential()} }}`))).toBe(value + 0); // JavaScript prints -0 as 0
    }),
  );
});

const faults: [template: string, code: string, message: string][] = [
  ['{{ foo }}', 'METRIC_TEMPLATE_SYNTAX', 'template: 1:4: function "foo" not defined; expected one of'],
  ['a\nb {{ if }}', 'METRIC_TEMPLATE_SYNTAX', 'template: 2:3: expected a value, given the end of the action'],
  ['{{ if name }}x', 'METRIC_TEMPLATE_SYNTAX', 'template: 1:1: {{if}} has no {{end}}'],
  [
    'x {{ name',
    'METRIC_TEMPLATE_SYNTAX',
    'template: 1:5: unclosed action: expected "}}", given the end of the text',
  ],
  ['{{ $y }}', 'METRIC_TEMPLATE_SYNTAX', 'template: 1:4: undefined variable "$y"'],
  ['{{ "a }}', 'METRIC_TEMPLATE_SYNTAX', 'template: 1:4: unterminated quoted string'],
  [
    '{{ variables.c }}',
    'METRIC_TEMPLATE_EXECUTION',
    'template: 1:4: map has no entry for key "c"; it has a, b',
  ],
  ['{{ name.c }}', 'METRIC_TEMPLATE_EXECUTION', 'template: 1:4: can’t evaluate field c in type string'],
  [
    '{{ name "x" }}',
    'METRIC_TEMPLATE_EXECUTION',
    'template: 1:4: wrong number of args for name: want 0 got 1',
  ],
  ['{{ printf "%[1]d" 1 }}', 'METRIC_TEMPLATE_EXECUTION', 'template: 1:4: printf: argument indexes such as'],
];

test.each(faults)('%s is refused with its place', (template, code, message) => {
  const error = attempt(template);
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  expect((error as PerchError).remedy).not.toBe('');
});

test.each([
  ['a loop over a huge number', '{{range 9223372036854775807}}{{end}}'],
  ['a loop that prints much', '{{range 90000}}{{printf "%100000d" .}}{{end}}'],
  ['text that doubles itself', '{{$x := "xx"}}{{range 60}}{{$x = print $x $x}}{{end}}'],
  [
    'templates that include each other',
    '{{define "a"}}{{template "b"}}{{end}}{{define "b"}}{{template "a"}}{{end}}{{template "a"}}',
  ],
  ['parentheses without measure', `{{${'('.repeat(50_000)}1${')'.repeat(50_000)}}}`],
  ['branches without measure', `${'{{if 1}}'.repeat(50_000)}${'{{end}}'.repeat(50_000)}`],
  ['alternatives without measure', `{{if 0}}${'{{else if 0}}'.repeat(50_000)}{{end}}`],
])('%s ends with an error, soon', (_what, template) => {
  expect(attempt(template)).toBeInstanceOf(PerchError);
});

test('functions of the object prototype are no functions of the language', () => {
  for (const word of ['constructor', 'toString', '__proto__', 'word']) {
    expect(attempt(`{{ ${word} }}`)).toMatchObject({ code: 'METRIC_TEMPLATE_SYNTAX' });
  }
});
