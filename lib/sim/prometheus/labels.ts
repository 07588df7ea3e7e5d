/** Labels of a series; its name is `__name__`. */
export type Labels = Readonly<Record<string, string>>;

/** Equal labels give equal text, and others another: no label holds a NUL. */
export function signature(labels: Labels): string {
  let text = '';
  for (const name of Object.keys(labels).sort()) text += `${name}\0${labels[name]}\0`;
  return text;
}

export function pick(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(
    names.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])),
  );
}

export function omit(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

/** `derive`, computed once an object of labels: those of a series, and what was derived of them, are asked for again. */
export function once<T extends object>(derive: (labels: Labels) => T): (labels: Labels) => T {
  const known = new WeakMap<Labels, T>();
  return (labels) => {
    const found = known.get(labels) ?? derive(labels);
    known.set(labels, found);
    return found;
  };
}

/** The labels without the name of the metric. */
export const unnamed = once((labels) => omit(labels, ['__name__']));
