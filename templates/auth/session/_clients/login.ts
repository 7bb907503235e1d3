import createClient, { type Client } from "openapi-fetch";

import type { paths } from "./openapi.js";

export async function logIn(baseUrl: string, username: string): Promise<Client<paths>> {
  const api = createClient<paths>({ baseUrl });
  const headers = new Headers({ Origin: baseUrl });
  const cookies = new Map<string, string>();
  api.use({
    onRequest({ request }) {
      for (const [name, value] of headers) request.headers.set(name, value);
    },
    // Unlike browsers, Node.js does not keep cookies.
    onResponse({ response }) {
      for (const cookie of response.headers.getSetCookie()) {
        const [, name, value] = /^(.+?)=(.*?);/.exec(cookie) as unknown as [string, string, string];
        cookies.set(name, value);
      }
      headers.set("Cookie", [...cookies].map((cookie) => cookie.join("=")).join("; "));
    },
  });

  const csrf = await api.GET("/api/v1/auth/csrf/");
  if (csrf.error) throw new Error(csrf.error.detail);
  headers.set("X-CSRFToken", csrf.data.csrf_token);

  const [email, password] = [`${username}@example.com`, "correct-horse-battery"];
  const user = await api.POST("/api/v1/auth/register/", { body: { username, email, password } });
  if (user.error) throw new Error(JSON.stringify(user.error));
  const login = await api.POST("/api/v1/auth/login/", { body: { username, password } });
  if (login.error) throw new Error(JSON.stringify(login.error));
  headers.set("X-CSRFToken", login.data.csrf_token);
  return api;
}
