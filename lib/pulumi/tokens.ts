import * as pulumi from '@pulumi/pulumi';

/** A DNS label, or a URL, so that it passes where names, hosts and addresses are checked. */
const pattern = /(?:https:\/\/)?perch-output-(\d+)-end/g;

/** Props that are checked to be URLs. */
const addresses: ReadonlySet<string> = new Set(['address', 'proxy', 'url']);

/**
 * Texts that stand for Outputs while constructs make objects of them. A construct is given a text, may put it into
 * other texts, and what comes out has the Output in its place: secret if it was secret, unknown if it was unknown.
 */
class Tokens {
  private readonly outputs: pulumi.Output<unknown>[] = [];

  /** The value with a token for each Output and Promise within its plain objects and lists. */
  encode<T>(value: unknown): T {
    return this.replace(value) as T;
  }

  /** The value with the Outputs put back. */
  decode(value: unknown): unknown {
    if (typeof value === 'string') return this.decodeText(value);
    if (Array.isArray(value)) return value.map((item) => this.decode(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, field]) => [this.decodeText(name), this.decode(field)]);
    if (entries.every(([name]) => typeof name === 'string')) return Object.fromEntries(entries);
    // A name that is known later holds up the object that it is in, not what that is part of.
    return pulumi.output(entries).apply((known) => Object.fromEntries(known));
  }

  decodeText(text: string): string | pulumi.Output<string> {
    const pieces = text.split(pattern);
    if (pieces.length === 1) return text;
    const [before, only, after] = pieces;
    if (pieces.length === 3 && before === '' && after === '') {
      return this.outputs[Number(only)] as pulumi.Output<string>;
    }
    // Between two tokens there is a text, and the other way round; what is captured is a token's number.
    const values = pieces.map((piece, index) => (index % 2 === 0 ? piece : this.outputs[Number(piece)]));
    return pulumi.all(values).apply((parts) => parts.join(''));
  }

  private replace(value: unknown, name = ''): unknown {
    if (pulumi.Output.isInstance(value) || value instanceof Promise) {
      const token = `perch-output-${this.outputs.push(pulumi.output(value)) - 1}-end`;
      return addresses.has(name) ? `https://${token}` : token;
    }
    if (Array.isArray(value)) return value.map((item) => this.replace(item));
    if (!isPlain(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, this.replace(field, key)]));
  }
}

/** Of the whole program: what a factory was given comes out of any component that it is given to. */
export const tokens = new Tokens();

/** Without the numbers of tokens, which change with the order of a program: for names that must not. */
export function withoutTokens(text: string): string {
  return text.replaceAll(pattern, 'output');
}

/** The text for people, with words for each Output; undefined when it holds none. */
export function describeTokens(text: string, words: string): string | undefined {
  const described = text.replaceAll(new RegExp(`"?${pattern.source}"?`, 'g'), words);
  return described === text ? undefined : described;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
