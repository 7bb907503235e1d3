# Swagger UI reads the CSRF token from the cookie for every request, because it changes at login.
SPECTACULAR_SETTINGS["SWAGGER_UI_SETTINGS"] = """{
    deepLinking: true,
    requestInterceptor: (request) => {
        const cookies = new Map(document.cookie.split("; ").map((cookie) => cookie.split("=")));
        request.headers["X-CSRFToken"] = cookies.get("CSRF_COOKIE_NAME");
        return request;
    },
}""".replace("CSRF_COOKIE_NAME", CSRF_COOKIE_NAME)
