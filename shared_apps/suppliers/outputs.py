"""What the API shows of suppliers and of their applications."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from shared_apps.suppliers.models import SupplierApplication


class SupplierSerializer(serializers.Serializer[Any]):
    """What everybody may know of a supplier."""

    id = serializers.IntegerField()
    uscc = serializers.CharField()
    name = serializers.CharField()
    division_code = serializers.CharField()
    size = serializers.CharField()
    is_sme = serializers.BooleanField()
    standing = serializers.CharField()
    is_demo = serializers.BooleanField()


class SupplierListSerializer(serializers.Serializer[Any]):
    """A page of the library; pass `next_after` as `after` for the next one."""

    suppliers = SupplierSerializer(many=True)
    next_after = serializers.IntegerField(allow_null=True)


class BegunOutput(serializers.Serializer[Any]):
    """Where the letter went is not repeated; the number is."""

    number = serializers.CharField()


class SupplierApplicationOutput(serializers.ModelSerializer[SupplierApplication]):
    """An application in a list."""

    class Meta:
        model = SupplierApplication
        fields: tuple[str, ...] = (
            "id", "number", "kind", "state", "version", "uscc", "name", "division_code", "collecting_code",
            "submitted_at", "due_on", "vetted_at", "decided_at", "reason",
        )  # fmt: skip


class DocumentOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    number = serializers.CharField()
    expires_on = serializers.DateField(allow_null=True)
    file_key = serializers.CharField()
    file_name = serializers.CharField()


class ShareholderOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    share = serializers.CharField()


class WholeSupplierApplicationOutput(SupplierApplicationOutput):
    """With everything it says: for its reviewers and whoever applied."""

    shareholders = ShareholderOutput(many=True)
    scope = serializers.ListField(child=serializers.CharField(), allow_null=True)
    findings = serializers.DictField(child=serializers.CharField())
    documents = serializers.SerializerMethodField()

    class Meta(SupplierApplicationOutput.Meta):
        fields = (
            *SupplierApplicationOutput.Meta.fields, "legal_representative", "address", "phone", "size", "sme_declared",
            "record_declared", "shareholders", "scope", "findings", "documents",
        )  # fmt: skip

    def get_documents(self, row: SupplierApplication) -> list[dict[str, Any]]:
        return [dict(DocumentOutput(one).data) for one in row.documents.order_by("pk")]


class SupplierPageSerializer(serializers.Serializer[Any]):
    """A supplier's public page. `sections` holds what sanctions, scores and others add, by their key."""

    supplier = SupplierSerializer()
    sections = serializers.DictField(child=serializers.JSONField())


class RelatedOneOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    uscc = serializers.CharField()
    name = serializers.CharField()
    standing = serializers.CharField()


class RelatedOutput(serializers.Serializer[Any]):
    """Suppliers with one tie; `shown` is what is the same."""

    tie = serializers.CharField()
    shown = serializers.CharField()
    suppliers = RelatedOneOutput(many=True)
