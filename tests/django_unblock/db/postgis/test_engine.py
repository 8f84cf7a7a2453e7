import pytest
from django.contrib.gis.measure import D
from django.db import connection, connections, models
from django.test.utils import isolate_apps
from pools import interval, overlap

from django_unblock import aatomic, gather, unblock


def point(*coordinates):
    from django.contrib.gis.geos import Point

    return Point(*coordinates, srid=4326)


@pytest.fixture
def here():
    return point(8.54, 47.37)


@pytest.fixture
def there():
    return point(13.4, 52.5)


@pytest.fixture
def place():
    """A model with a point on the globe, and its table."""
    from django.contrib.gis.db.models import PointField

    with isolate_apps("testapp"):

        class Place(models.Model):
            at = PointField(geography=True)

            class Meta:
                app_label = "testapp"

    with connection.schema_editor() as editor:
        editor.create_model(Place)
    yield Place
    with connection.schema_editor() as editor:
        editor.delete_model(Place)


def test_in_plain_synchronous_code_it_is_the_stock_backend(place, here):
    from django.contrib.gis.db.backends.postgis.base import DatabaseWrapper as Stock

    assert isinstance(connections["default"], Stock)
    assert connection.scope is None
    place.objects.create(at=here)
    assert place.objects.get().at == here


async def test_geometries_go_and_come_back_through_the_pool(place, here, there):
    async def near(where):
        return await place.objects.filter(at__distance_lte=(where, D(km=1))).acount()

    async with aatomic():
        await place.objects.acreate(at=here)
        await place.objects.acreate(at=there)
    assert [found.at async for found in place.objects.order_by("pk")] == [here, there]
    assert await gather(near(here), near(there), near(point(0, 0))) == (1, 1, 0)


async def test_every_connection_of_the_pool_knows_the_geometry_types(place, here):
    await place.objects.acreate(at=here)

    def slowly():
        started_and_ended = interval(0.1)
        return started_and_ended, place.objects.get(at=here).at

    answers = await gather(*(unblock(slowly)() for _ in range(3)))
    assert overlap([times for times, _ in answers])
    assert [at for _, at in answers] == [here] * 3


def test_a_connection_made_beneath_a_one_off_loop_knows_them_too(place, here):
    from asgiref.sync import async_to_sync

    async def make():
        await place.objects.acreate(at=here)
        return await place.objects.aget()

    connection.close()
    assert async_to_sync(make)().at == here


def test_without_a_database_it_is_the_plain_wrapper():
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.db.ops.__class__.__module__ == "django.db.backends.postgresql.operations"
        assert cursor.fetchone() == (1,)
