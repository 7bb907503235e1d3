os.environ["JWT_SIGNING_KEY"] = "a-key-for-tests-alone-that-protects-nothing-at-all-" * 2
