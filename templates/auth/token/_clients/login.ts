import createClient, { type Client } from "openapi-fetch";

import type { paths } from "./openapi.js";

export async function logIn(baseUrl: string, username: string): Promise<Client<paths>> {
  const api = createClient<paths>({ baseUrl });
  const [email, password] = [`${username}@example.com`, "correct-horse-battery"];
  const user = await api.POST("/api/v1/auth/register/", { body: { username, email, password } });
  if (user.error) throw new Error(JSON.stringify(user.error));
  const login = await api.POST("/api/v1/auth/login/", { body: { username, password } });
  if (login.error) throw new Error(JSON.stringify(login.error));
  return createClient<paths>({ baseUrl, headers: { Authorization: `Token ${login.data.token}` } });
}
