"""What the shop can deliver."""


class OutOfStock(Exception):
    """There is not enough of these articles; ``skus`` names them."""

    def __init__(self, skus):
        super().__init__(f"Out of stock: {', '.join(skus)}")
        self.skus = skus


def check_stock(products, cart):
    """Raise `OutOfStock` unless ``products`` cover ``cart``, a dict of SKU to quantity."""
    stock = {product.sku: product.stock for product in products}
    short = [sku for sku, quantity in cart.items() if stock.get(sku, 0) < quantity]
    if short:
        raise OutOfStock(short)
