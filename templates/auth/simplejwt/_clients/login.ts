import createClient, { type Client } from "openapi-fetch";

import type { paths } from "./openapi.js";

export async function logIn(baseUrl: string, username: string): Promise<Client<paths>> {
  const api = createClient<paths>({ baseUrl });
  const [email, password] = [`${username}@example.com`, "correct-horse-battery"];
  const user = await api.POST("/api/v1/auth/register/", { body: { username, email, password } });
  if (user.error) throw new Error(JSON.stringify(user.error));
  const login = await api.POST("/api/v1/auth/token/", { body: { username, password } });
  if (login.error) throw new Error(JSON.stringify(login.error));
  const { refresh } = login.data;
  const pair = await api.POST("/api/v1/auth/token/refresh/", { body: { refresh } });
  if (pair.error) throw new Error(JSON.stringify(pair.error));
  return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${pair.data.access}` } });
}
