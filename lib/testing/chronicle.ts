import type { Posted } from '../sim/network/sinks.js';
import type { Stage } from './stage.js';

/** Something that happened, and how things stood. */
export interface TimelineEntry {
  /** Milliseconds since the chronicle began. */
  readonly atMs: number;
  readonly kind: 'scene' | 'event' | 'alert';
  readonly phase: string;
  /** Percent of the traffic on the new version. */
  readonly weight: number;
  readonly text: string;
  readonly bad: boolean;
}

/** What was sent to people. */
export interface SentAlert {
  /** Milliseconds since the chronicle began. */
  readonly atMs: number;
  readonly host: string;
  readonly message: string;
  /** As it was posted. */
  readonly body: string;
}

interface Card {
  readonly text?: string;
  readonly sections?: readonly { readonly activityTitle?: string }[];
  readonly embeds?: readonly { readonly title?: string; readonly description?: string }[];
  readonly attachments?: readonly {
    readonly text?: string;
    readonly content?: { readonly body?: readonly { readonly text?: string }[] };
  }[];
}

/** The message of a posted alert, whatever the chat's format. */
export function messageOf({ body }: Pick<Posted, 'body'>): string {
  const card = JSON.parse(body) as Card;
  const attachment = card.attachments?.[0];
  return (
    card.sections?.[0]?.activityTitle ??
    attachment?.text ??
    attachment?.content?.body?.find(({ text }) => text)?.text ??
    card.embeds?.[0]?.description ??
    card.text ??
    'a message'
  );
}

const bad = /^(Halt|Rolling back|Canary failed)/;

/** Writes down what happens on the stage while its clock runs. */
export class Chronicle {
  readonly entries: TimelineEntry[] = [];
  private readonly beganAt: number;
  private records: number;
  private posts: number;

  constructor(private readonly stage: Stage) {
    this.beganAt = stage.world.clock.now();
    this.records = stage.world.log.records.length;
    this.posts = stage.world.alerts().length;
  }

  scene(text: string): void {
    this.note('scene', text, false, this.stage.world.clock.now());
  }

  /** Notes what was said since it was last called. */
  catchUp(): void {
    const { world, canary, namespace } = this.stage;
    const { records } = world.log;
    for (; this.records < records.length; this.records++) {
      const { fields, level, message, at } = records[this.records]!;
      if (fields.canary === `${canary.metadata.name}.${namespace}`)
        this.note('event', message, level !== 'info' || bad.test(message), at);
    }
    const posts = world.alerts();
    for (; this.posts < posts.length; this.posts++) {
      const posted = posts[this.posts]!;
      this.note('alert', `alert to ${posted.host}: ${messageOf(posted)}`, false, posted.at);
    }
  }

  /** The alerts since the chronicle began. */
  alerts(): SentAlert[] {
    return this.stage.world
      .alerts()
      .filter(({ at }) => at >= this.beganAt)
      .map((posted) => ({
        atMs: posted.at - this.beganAt,
        host: posted.host,
        message: messageOf(posted),
        body: posted.body,
      }));
  }

  private note(kind: TimelineEntry['kind'], text: string, isBad: boolean, at: number): void {
    const { stage } = this;
    const standing = { phase: stage.phase(), weight: stage.weight() };
    this.entries.push({ atMs: at - this.beganAt, kind, ...standing, text, bad: isBad });
  }
}
