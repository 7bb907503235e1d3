import createClient, { type Client } from "openapi-fetch";

import type { paths } from "./openapi.js";

export async function logIn(baseUrl: string, username: string): Promise<Client<paths>> {
  const headers = { Authorization: `Api-Key ${process.env["API_KEY"]}` };
  return createClient<paths>({ baseUrl, headers });
}
