# {# No login: a session would not authenticate anyone to the API. #}
