os.environ["TOKEN_TTL_DAYS"] = "30"
