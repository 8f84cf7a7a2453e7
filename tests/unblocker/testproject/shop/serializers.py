from rest_framework import serializers

from .models import Category, Order, OrderItem, Product, Profile, Review, Tag


class TagSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        fields = ["id", "name"]


class CategorySerializer(serializers.ModelSerializer):
    class Meta:
        model = Category
        fields = "__all__"


class ProductSerializer(serializers.ModelSerializer):
    category = CategorySerializer(read_only=True)
    tags = TagSerializer(many=True, read_only=True)
    stars = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = ["id", "name", "category", "tags", "stars"]

    def get_stars(self, product):
        return product.reviews.count()


class FlatSerializer(serializers.ModelSerializer):
    parent = serializers.CharField(source="category.parent.name")

    class Meta:
        model = Product
        fields = ["name", "category", "parent"]


class ReviewSerializer(serializers.ModelSerializer):
    author = serializers.StringRelatedField()

    class Meta:
        model = Review
        fields = ["product", "author", "rating"]

    def validate_rating(self, rating):
        if Review.objects.filter(rating=rating).exists():
            raise serializers.ValidationError
        return rating


class ItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = OrderItem
        exclude = ["order"]


class OrderSerializer(serializers.ModelSerializer):
    items = ItemSerializer(many=True)

    class Meta:
        model = Order
        fields = ["id", "items"]

    def create(self, validated_data):
        items = validated_data.pop("items")
        order = Order.objects.create(**validated_data)
        for item in items:
            OrderItem.objects.create(order=order, **item)
        return order


class UserKeySerializer(serializers.ModelSerializer):
    class Meta:
        model = Profile
        fields = ["user", "phone"]


class ShapedSerializer(serializers.ModelSerializer):
    class Meta:
        model = Product
        fields = ["name"]

    def to_representation(self, instance):
        shown = super().to_representation(instance)
        shown["category"] = instance.category.name
        return shown


class PlainSerializer(serializers.Serializer):
    words = serializers.CharField()
