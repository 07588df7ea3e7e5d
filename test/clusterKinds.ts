// Kinds outside of namespaces that tests create, and the controller never touches.
import { defineKind, type Kind } from '../lib/api/kinds.js';

export const Namespaces: Kind = defineKind('', 'v1', 'Namespace', 'namespaces', false);

export const Definitions: Kind = defineKind(
  'apiextensions.k8s.io',
  'v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  false,
);
