import { createMemo } from '../../api/memo.js';
import { headerOf } from '../models/matching.js';
import type { RequestLine } from '../models/request.js';
import { unreadable } from './unreadable.js';

interface Rule {
  readonly hosts: readonly string[];
  readonly takes: (request: RequestLine) => boolean;
}

type Matcher = (values: readonly string[], request: RequestLine) => boolean;

const pathOf = ({ path }: RequestLine) => path.split('?')[0] ?? '/';

const matchers: Readonly<Record<string, Matcher>> = {
  Host: (hosts, { host }) => hosts.includes(host),
  Path: (paths, request) => paths.includes(pathOf(request)),
  PathPrefix: (prefixes, request) => prefixes.some((prefix) => pathOf(request).startsWith(prefix)),
  Method: (methods, { method = 'GET' }) => methods.includes(method),
  Header: ([name = '', value], request) => headerOf(request, name) === value,
};

const rules = createMemo<Rule>(64);

/** Reads a rule such as Host(`a.example.com`) && PathPrefix(`/b`). Throws for one that says more than these. */
export function readRule(text: string): Rule {
  return rules(text, () => parse(text));
}

function parse(text: string): Rule {
  const alternatives = text
    .split('||')
    .map((alternative) => alternative.split('&&').map((term) => readTerm(term, text)));
  return {
    hosts: alternatives.flat().flatMap(({ name, values }) => (name === 'Host' ? values : [])),
    takes: (request) =>
      alternatives.some((terms) => terms.every(({ matcher, values }) => matcher(values, request))),
  };
}

function readTerm(term: string, rule: string) {
  const [, name = '', inner = ''] = /^\s*(\w+)\(((?:\s*[`"][^`"]*[`"]\s*,?)+)\)\s*$/.exec(term) ?? [];
  const matcher = matchers[name];
  if (!matcher)
    throw unreadable('a rule of an IngressRoute', `${Object.keys(matchers).join(', ')} with && and ||`, rule);
  return { name, matcher, values: [...inner.matchAll(/[`"]([^`"]*)[`"]/g)].map(([, value = '']) => value) };
}
