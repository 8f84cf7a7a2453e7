"""Views of Django REST framework."""

from rest_framework import generics, permissions, viewsets
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.decorators import action, api_view
from rest_framework.filters import BaseFilterBackend, OrderingFilter, SearchFilter
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from .models import Category, Order, Product, Review, Tag
from .serializers import (
    CategorySerializer,
    FlatSerializer,
    OrderSerializer,
    PlainSerializer,
    ProductSerializer,
    ReviewSerializer,
    ShapedSerializer,
    TagSerializer,
)


class Open:
    authentication_classes = ()
    permission_classes = ()


class Pages(PageNumberPagination):
    page_size = 20


class HasProfile(permissions.BasePermission):
    def has_permission(self, request, view):
        return bool(request.user.profile)

    def has_object_permission(self, request, view, obj):
        return obj.product.stock > 0


class OwnRows(BaseFilterBackend):
    def filter_queryset(self, request, queryset, view):
        return queryset.filter(reviews__author=request.user)


class Tags(Open, generics.ListAPIView):
    queryset = Tag.objects.all()
    serializer_class = TagSerializer


class Products(Open, generics.ListAPIView):
    queryset = Product.objects.all()
    serializer_class = ProductSerializer


class Joined(Open, generics.ListAPIView):
    queryset = Product.objects.select_related("category").prefetch_related("tags")
    serializer_class = ProductSerializer


class Paged(Open, generics.ListCreateAPIView):
    queryset = Tag.objects.all()
    serializer_class = TagSerializer
    pagination_class = Pages


class Flat(Open, generics.RetrieveAPIView):
    queryset = Product.objects.all()
    serializer_class = FlatSerializer


class Searched(Open, generics.ListAPIView):
    queryset = Product.objects.all()
    serializer_class = ShapedSerializer
    filter_backends = [SearchFilter, OrderingFilter, OwnRows]
    search_fields = ["^category__name"]


class Change(generics.RetrieveUpdateDestroyAPIView):
    queryset = Review.objects.all()
    serializer_class = ReviewSerializer
    authentication_classes = [SessionAuthentication]
    permission_classes = [permissions.IsAuthenticated, HasProfile]

    def perform_update(self, serializer):
        Tag.objects.update(name="changed")
        serializer.save(author=self.request.user)


class Tokens(APIView):
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [permissions.IsAuthenticated | HasProfile]
    throttle_classes = [UserRateThrottle]

    def get(self, request):
        return Response({"user": request.user.pk, "tags": Tag.objects.count()})


class NewOrder(Open, generics.CreateAPIView):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer


class Orders(viewsets.ModelViewSet):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    authentication_classes = ()
    permission_classes = ()

    @action(detail=True, methods=["post"], permission_classes=[HasProfile])
    def close(self, request, pk=None):
        order = self.get_object()
        order.total = 0
        order.save()
        return Response(status=204)


class Categories(viewsets.ReadOnlyModelViewSet):
    serializer_class = CategorySerializer
    authentication_classes = ()
    permission_classes = ()

    def get_queryset(self):
        return Category.objects.select_related("parent")


@api_view(["GET", "POST"])
def words(request):
    serializer = PlainSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    return Response({"user": request.user.pk, "tags": Tag.objects.count()})


@api_view(["GET"])
def shown(request):
    return Response(ProductSerializer(Product.objects.all()[:3], many=True).data)


class ByAction(viewsets.ModelViewSet):
    queryset = Product.objects.all()
    authentication_classes = ()

    def get_permissions(self):
        if self.action == "list":
            classes = [permissions.AllowAny]
        else:
            classes = [permissions.IsAuthenticated, HasProfile]
        return [permission() for permission in classes]

    def get_serializer_class(self):
        if self.action in ("list", "retrieve"):
            return ShapedSerializer
        return FlatSerializer
