if settings.DEBUG:
    from django.contrib.auth.views import LoginView

    login = LoginView.as_view(template_name="rest_framework/login.html")
    urlpatterns += [
        path("api-auth/login/", throttle_form(login, LoginThrottle)),
        path("api-auth/", include("rest_framework.urls")),
    ]
