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
  const authenticated = createClient<paths>({ baseUrl, headers });

  // This DELETE has a body.
  const { error } = await authenticated.DELETE("/api/v1/auth/users/me/", {
    body: { current_password: "wrong" },
  });
  if (!error || !("current_password" in error)) throw new Error("The password is not wrong.");
  if (error.current_password?.[0] !== "The password is incorrect.") throw new Error("No message");
  return authenticated;
}
