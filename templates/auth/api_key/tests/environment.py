os.environ["API_KEY_TTL_DAYS"] = "365"
