/** What a request says of itself. */
export interface RequestLine {
  readonly host: string;
  /** With the query, if there is one. */
  readonly path: string;
  /** @default GET */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
}

/** Who is asked. */
export interface Ask extends RequestLine {
  /** A Service, from within the cluster: past every router, by the mesh if there is one. @default - the host */
  readonly service?: { readonly namespace: string; readonly name: string };
}
