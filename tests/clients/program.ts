// Use the API with the types that openapi-typescript generated, and openapi-fetch.

import { logIn } from "./login.js";
import type { components } from "./openapi.js";

const [url, username] = process.argv.slice(2) as [string, string];
const api = await logIn(url, username);

const me = await api.GET("/api/v1/me/");
if (me.error) throw new Error(me.error.detail);
console.log(`${me.data.username} has logged in.`);

const authors = await api.GET("/api/v1/authors/", { params: { query: { page_size: 1 } } });
if (authors.error) throw new Error(authors.error.detail);
const [author] = authors.data.results;
if (!author) throw new Error("There are no authors.");

const created = await api.POST("/api/v1/books/", {
  body: { title: "Kindred", year_published: 1979, author: author.id },
});
if (created.error) throw new Error(JSON.stringify(created.error));
const book: components["schemas"]["Book"] = created.data;
console.log(
  `Created ${book.title} (${book.year_published}) by ${book.author_name} in ${book.category}, ` +
    `owned by ${book.owner}`,
);

const found = await api.GET("/api/v1/books/", {
  params: { query: { author: author.id, category: "fiction", search: "kind" } },
});
if (found.error) throw new Error(JSON.stringify(found.error));
const { count, next, results } = found.data;
const titles = results.map((result) => result.title);
console.log(`Found ${count}: ${titles.join(", ")}; ${next ?? "last page"}`);

const byYear = await api.GET("/api/v1/books/", {
  params: { query: { ordering: ["-year_published", "title"] } },
});
if (byYear.error) throw new Error(JSON.stringify(byYear.error));
console.log(`Latest: ${byYear.data.results[0]?.title}`);

const { error } = await api.POST("/api/v1/books/", {
  body: { title: "", year_published: 1979, author: 0 },
});
if (!error || !("title" in error)) throw new Error("The book is not invalid.");
console.log("title:", error.title?.[0] ?? "no errors");
console.log("author:", error.author?.[0] ?? "no errors");
console.log("description:", error.description?.[0] ?? "no errors");

const params = { path: { id: book.id } };
const moved = await api.PATCH("/api/v1/books/{id}/", { params, body: { category: "reference" } });
if (moved.error) throw new Error(JSON.stringify(moved.error));
console.log(`Moved ${moved.data.title} to ${moved.data.category}`);

const deleted = await api.DELETE("/api/v1/books/{id}/", { params });
console.log(`Deleted: ${deleted.response.status}`);
const missing = await api.GET("/api/v1/books/{id}/", { params });
if (!missing.error) throw new Error("The book was not deleted.");
console.log(missing.error.detail);
