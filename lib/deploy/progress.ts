import type { Item } from './manifest.js';
import type { Step } from './trial.js';

/** What a deployment tells while it goes on. */
export type Progress =
  | { readonly what: 'applied'; readonly step: Step }
  | { readonly what: 'deleted'; readonly item: Item }
  /** `subject` is a Kubernetes object's title, `state` what it is waited in. */
  | { readonly what: 'waiting'; readonly subject: string; readonly state: string }
  | { readonly what: 'ready'; readonly subject: string; readonly state: string };

export type Report = (progress: Progress) => void;
