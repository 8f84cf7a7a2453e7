"""What every environment shares."""

SECRET_KEY = "for tests"
USE_TZ = True
RATES_URL = "https://rates.example/v1"
SHOP_CLOSED = False
SHOP_NAME = "shop"
SHOP_WORDS = ["open", "new"]
