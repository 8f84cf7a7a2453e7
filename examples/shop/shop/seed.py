"""A shop's worth of data, the same in every database that starts empty.

Everyone's password is `PASSWORD`. Known users: alice and bob are customers, carol has neither
orders nor addresses, dave's account is closed in the billing system, mallory may not log in,
staff manages the shop, editor writes its articles, admin may do all.
"""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission, User

from accounts.models import Notification, Profile
from articles.models import Article
from catalog.models import Category, Product, Review, Supplier, Tag
from media_library.models import Document
from orders.models import Address, Order, OrderItem, Payment

PASSWORD = "correct-horse-battery"
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
USERS, PRODUCTS, REVIEWS, ORDERS, ITEMS = 200, 320, 5200, 3000, 9000
KNOWN_USERS = ["alice", "bob", "carol", "dave", "mallory", "staff", "editor", "admin"]
MANAGER_PERMISSIONS = [
    "view_sales_report", "add_category", "change_category", "delete_category",
]  # fmt: skip
EDITOR_PERMISSIONS = ["add_article", "change_article", "delete_article"]

CATEGORIES = [
    "Bags", "Bicycles", "Books", "Cameras", "Candles", "Chairs", "Clocks", "Coffee", "Desks",
    "Games", "Garden", "Headphones", "Kettles", "Knives", "Lamps", "Paper", "Pens", "Rugs",
    "Tea", "Watches",
]  # fmt: skip
TAGS = ["gift", "handmade", "new", "organic", "outlet", "recycled"]
SUPPLIERS = [
    "Anchor Supply", "Borealis Goods", "Cobalt Imports", "Delta Direct",
    "Fairway Partners", "Harbour House", "Lantern Wholesale", "Meridian Trade",
]  # fmt: skip
ADJECTIVES = ["Blue", "Compact", "Everyday", "Green", "Heavy", "Light", "Nordic", "Old", "Plain"]
MATERIALS = ["Ash", "Bamboo", "Brass", "Cotton", "Felt", "Linen", "Oak", "Steel", "Stone", "Wool"]
FIRST_NAMES = ["Ana", "Bram", "Chloe", "Daan", "Eva", "Femke", "Gijs", "Hana", "Ivo", "Jette"]
LAST_NAMES = ["Bakker", "de Vries", "Jansen", "Kaya", "Meyer", "Novak", "Peters", "Smit", "Visser"]
STREETS = ["Canal Street", "Mill Lane", "Station Road", "The Quay", "Church Walk", "High Street"]
CITIES = ["Amsterdam", "Delft", "Groningen", "Haarlem", "Leiden", "Utrecht"]
OPINIONS = ["Just right", "Very good", "Not bad", "Could be better", "Broke in a week", "Superb"]


def fill():
    """Write everything; the tables must be empty."""
    rng = random.Random(20260630)
    users = make_users(rng)
    products = make_catalogue(rng)
    make_reviews(rng, users, products)
    make_orders(rng, users, products)
    make_notifications(rng, users)
    make_documents(users)
    make_articles(rng, products)


def moment(rng, days):
    """Some second of the ``days`` before `NOW`."""
    return NOW - timedelta(seconds=rng.randrange(days * 24 * 3600))


def make_users(rng):
    # One hash for all: hashing is slow by design.
    password = make_password(PASSWORD, salt="theseedsalthas22letter")
    users = []
    for number in range(USERS):
        known = number < len(KNOWN_USERS)
        username = KNOWN_USERS[number] if known else f"customer{number:03d}"
        users.append(
            User(
                username=username,
                password=password,
                email=f"{username}@mail.example",
                first_name=rng.choice(FIRST_NAMES),
                last_name=rng.choice(LAST_NAMES),
                is_active=username != "mallory",
                is_staff=username in {"staff", "editor", "admin"},
                is_superuser=username == "admin",
                date_joined=moment(rng, 700),
            )
        )
    User.objects.bulk_create(users)
    Profile.objects.bulk_create(
        Profile(
            user=user,
            billing_id=f"cus_closed{user.pk}" if user.username == "dave" else f"cus_{user.pk:05d}",
            phone=f"+3120{rng.randrange(10**7):07d}",
            newsletter=rng.random() < 0.4,
        )
        for user in users
    )
    known = {user.username: user for user in users[: len(KNOWN_USERS)]}
    make_group("Managers", MANAGER_PERMISSIONS, known["staff"])
    make_group("Editors", EDITOR_PERMISSIONS, known["editor"])
    return users


def make_group(name, codenames, *members):
    group = Group.objects.create(name=name)
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    group.user_set.set(members)


def make_catalogue(rng):
    categories = Category.objects.bulk_create(
        Category(name=name, slug=name.lower(), description=f"All our {name.lower()}.")
        for name in CATEGORIES
    )
    suppliers = Supplier.objects.bulk_create(
        Supplier(name=name, slug=slug, contact_email=f"sales@{slug}.example")
        for name in SUPPLIERS
        for slug in [name.lower().replace(" ", "-")]
    )
    tags = Tag.objects.bulk_create(Tag(name=name) for name in TAGS)
    products = Product.objects.bulk_create(
        make_product(rng, number, categories, suppliers) for number in range(PRODUCTS)
    )
    labels = Product.tags.through
    labels.objects.bulk_create(
        labels(product=product, tag=tag)
        for product in products
        for tag in rng.sample(tags, rng.randrange(3))
    )
    return products


def make_product(rng, number, categories, suppliers):
    """The recorded traffic counts on the first four: all for sale, the third one sold out."""
    category = categories[number % len(categories)]
    name = f"{rng.choice(ADJECTIVES)} {rng.choice(MATERIALS).lower()} {category.name.lower()}"
    stock = {0: 1_000_000, 1: 500, 2: 0}.get(number, rng.randrange(5, 400))
    return Product(
        category=category,
        supplier=rng.choice(suppliers),
        sku=f"{category.name[:3].upper()}-{number + 1:04d}",
        name=name,
        description=f"{name}, made to last. Comes in number {rng.randrange(1, 9)} packaging.",
        price=Decimal(rng.randrange(300, 25000)) / 100,
        stock=stock,
        units_sold=rng.randrange(1500),
        is_active=number < 4 or rng.random() < 0.95,
        created=moment(rng, 700),
    )


def make_reviews(rng, users, products):
    authors = [user for user in users if user.username not in {"carol", "mallory"}]
    # A customer reviews a product once.
    pairs = rng.sample(range(len(authors) * len(products)), REVIEWS)
    Review.objects.bulk_create(
        Review(
            product=products[pair % len(products)],
            author=authors[pair // len(products)],
            rating=rng.choice([1, 2, 3, 3, 4, 4, 4, 5, 5, 5]),
            title=rng.choice(OPINIONS),
            body=f"I have used it for {rng.randrange(2, 40)} days now.",
            created=moment(rng, 600),
        )
        for pair in pairs
    )


def make_orders(rng, users, products):
    """Alice has the first order, Bob the second; everybody but carol has an address."""
    customers = [user for user in users if user.username != "carol"]
    addresses = Address.objects.bulk_create(
        Address(
            user=user,
            recipient=user.get_full_name(),
            street=f"{rng.choice(STREETS)} {rng.randrange(1, 200)}",
            postcode=f"{rng.randrange(1000, 9999)} AB",
            city=rng.choice(CITIES),
        )
        for user in customers
    )
    numbers = [0, 1] + [rng.randrange(len(customers)) for _ in range(ORDERS - 2)]
    baskets = make_baskets(rng, products)
    orders = Order.objects.bulk_create(
        make_order(rng, customers[number], addresses[number], basket)
        for number, basket in zip(numbers, baskets, strict=True)
    )
    OrderItem.objects.bulk_create(
        OrderItem(order=order, product=product, quantity=quantity, unit_price=product.price)
        for order, basket in zip(orders, baskets, strict=True)
        for product, quantity in basket
    )
    Payment.objects.bulk_create(make_payment(rng, order) for order in orders)


def make_baskets(rng, products):
    """For each order its products and quantities, `ITEMS` lines in all."""
    sizes = [1] * ORDERS
    for _ in range(ITEMS - ORDERS):
        sizes[rng.randrange(ORDERS)] += 1
    return [
        [(product, rng.randrange(1, 4)) for product in rng.sample(products, size)] for size in sizes
    ]


def make_order(rng, user, address, basket):
    statuses = [Order.Status.PENDING, Order.Status.PAID, Order.Status.CANCELLED]
    statuses += [Order.Status.SHIPPED] * 5
    return Order(
        user=user,
        shipping_address=address,
        status=rng.choice(statuses),
        total=sum(product.price * quantity for product, quantity in basket),
        created=moment(rng, 365),
    )


def make_payment(rng, order):
    status = {
        Order.Status.PENDING: Payment.Status.OPEN,
        Order.Status.CANCELLED: Payment.Status.REFUNDED,
    }.get(order.status, Payment.Status.PAID)
    return Payment(
        order=order,
        method=rng.choice(["card", "iDEAL", "invoice", "transfer"]),
        status=status,
        amount=order.total,
        created=order.created + timedelta(minutes=5),
    )


def make_notifications(rng, users):
    Notification.objects.bulk_create(
        Notification(
            user=user,
            message=rng.choice(["Your parcel is on its way.", "New in: tea.", "Rate your order."]),
            is_read=rng.random() < 0.5,
            created=moment(rng, 90),
        )
        for user in users
        for _ in range(rng.randrange(8))
    )


def make_documents(users):
    """Bob's documents leave him no room for another."""
    quota = Profile._meta.get_field("document_quota").default
    sizes = {"alice": 48_213, "bob": quota}
    Document.objects.bulk_create(
        Document(
            owner=user,
            title="Invoice",
            key=f"documents/{user.pk}/invoice",
            content_type="application/pdf",
            size=sizes[user.username],
            created=NOW,
        )
        for user in users
        if user.username in sizes
    )


def make_articles(rng, products):
    """Forty articles; the last is a draft."""
    editor = User.objects.get(username="editor")
    articles = Article.objects.bulk_create(
        Article(
            author=editor,
            title=f"{rng.choice(ADJECTIVES)} {category.lower()} for {when}",
            summary=f"What to look for in {category.lower()}.",
            body="\n\n".join(f"Look at the {material.lower()} first." for material in MATERIALS),
            is_published=not (category == CATEGORIES[-1] and when == "winter"),
            created=moment(rng, 365),
        )
        for when in ["summer", "winter"]
        for category in CATEGORIES
    )
    mentions = Article.products.through
    mentions.objects.bulk_create(
        mentions(article=article, product=product)
        for article in articles
        for product in rng.sample(products, 3)
    )
