/** The header of basic authentication. */
export function basicAuthorization(username: string, password: string): { readonly Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** The header that credentials within an address ask for, `http://name:password@host`, if there are any. */
export function addressAuthorization(address: string): Readonly<Record<string, string>> {
  const { username, password } = new URL(address);
  return username ? basicAuthorization(decode(username), decode(password)) : {};
}

/** Percent escapes undone; one that is none stays as it is. */
function decode(text: string): string {
  return new URLSearchParams(`text=${text.replaceAll('+', '%2B').replaceAll('&', '%26')}`).get('text') ?? '';
}
