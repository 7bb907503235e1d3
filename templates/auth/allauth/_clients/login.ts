import createClient, { type Client } from "openapi-fetch";

import type { paths } from "./openapi.js";

export async function logIn(baseUrl: string, username: string): Promise<Client<paths>> {
  // A document of its own describes allauth's endpoints.
  const response = await fetch(`${baseUrl}/api/v1/auth/app/v1/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password: "correct-horse-battery" }),
  });
  if (!response.ok) throw new Error(await response.text());
  const { meta } = (await response.json()) as { meta: { session_token: string } };
  return createClient<paths>({ baseUrl, headers: { "X-Session-Token": meta.session_token } });
}
