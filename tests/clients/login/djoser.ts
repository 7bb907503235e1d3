import createClient, { type Client } from "openapi-fetch";

import type { paths } from "./openapi.js";

export async function logIn(baseUrl: string, username: string): Promise<Client<paths>> {
  const api = createClient<paths>({ baseUrl });
  const [email, password] = [`${username}@example.com`, "correct-horse-battery"];
  const user = await api.POST("/api/v1/auth/users/", { body: { username, email, password } });
  if (user.error) throw new Error(JSON.stringify(user.error));
  const login = await api.POST("/api/v1/auth/token/login/", { body: { username, password } });
  if (login.error) throw new Error(JSON.stringify(login.error));
  const headers = { Authorization: `Token ${login.data.auth_token}` };
  return createClient<paths>({ baseUrl, headers });
}
