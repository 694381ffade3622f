"""EncryptedTextField: text that the database holds only sealed; and the base of rows that have some."""

import logging
from collections.abc import Iterable
from typing import Any, NoReturn

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from records.errors import RecordsSealed
from records.models.keyring import Key, opening_key, sealing, sealing_key
from records.rules.envelope import DoesNotOpen, key_of, open_text, place_of, seal_text
from tenants.context import current_schema

logger = logging.getLogger(__name__)


class Sealed:
    """A text as the database holds it. Says nothing of itself, wherever it is printed."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def __repr__(self) -> str:
        return "<sealed>"


class _Opening(DeferredAttribute):
    """Opens a text when it is first asked for; a list that shows titles opens nothing else."""

    field: "EncryptedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = self._opened(instance, value)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value

    def _opened(self, instance: Any, sealed: Sealed) -> str:
        try:
            return self.field.open(instance, sealed)
        except RecordsSealed:
            # Since the row was read, it may have been sealed anew and the key destroyed.
            rows = type(instance)._base_manager.filter(pk=instance.pk)  # noqa: SLF001
            now = rows.values_list(self.field.attname, flat=True).first()
            if now is None or now.raw == sealed.raw:
                raise
            return self.field.open(instance, now)


class EncryptedTextField(models.TextField):
    """Text, sealed with the hospital's data key and bound to its schema, table, column and row.

    It cannot be searched, sorted by or set by `update`: whoever writes it saves a row, and rows of several
    at once are made by `bulk_create`. Reading it raises `RecordsSealed` where it does not open.
    """

    descriptor_class = _Opening

    def get_internal_type(self) -> str:
        """Bytes, for the database."""
        return "BinaryField"

    def from_db_value(self, value: Any, *_: Any) -> Sealed | None:
        """What is stored, unopened: which row it belongs to is not known here."""
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002, FBT001  -- Django's signature
        """The row's text, sealed anew."""
        return self.seal(model_instance, getattr(model_instance, self.attname), sealing_key())

    def get_prep_value(self, value: Any) -> bytes | None:
        """Sealed bytes. Raises `TypeError` for text, which would reach the database as it is."""
        if value is None or isinstance(value, Sealed):
            return value.raw if value is not None else None
        raise TypeError(f"{self.name} is sealed by its row: it cannot be set or searched by a query.")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002  -- Django's signature
        """Bytes as the driver takes them."""
        raw = value if prepared else self.get_prep_value(value)
        return None if raw is None else connection.Database.Binary(raw)

    def get_lookup(self, lookup_name: str) -> Any:
        """No lookup but whether there is anything. Raises `FieldError`."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: it cannot be searched.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> NoReturn:
        """No part of it either. Raises `FieldError`."""
        raise FieldError(f"{self.name} is sealed: {lookup_name} cannot be had of it.")

    def value_to_string(self, obj: models.Model) -> NoReturn:  # noqa: ARG002  -- Django's signature
        """Raises `TypeError`: clinical text does not go into files of fixtures."""
        raise TypeError(f"{self.name} is sealed and is not written into fixtures.")

    def seal(self, row: models.Model, text: str, key: Key) -> Sealed:
        """A text of a row as it is stored."""
        return Sealed(seal_text(text, cipher=key.cipher, key_id=key.id, place=self._place(row)))

    def open(self, row: models.Model, sealed: Sealed) -> str:
        """The text of a row. Raises `RecordsSealed`."""
        try:
            key = opening_key(key_of(sealed.raw))
            return open_text(sealed.raw, cipher=key.cipher, place=self._place(row))
        except DoesNotOpen as error:
            logger.error(  # noqa: TRY400  -- the traceback would hold nothing more
                "a sealed text of %s does not open",
                self.model._meta.db_table,  # noqa: SLF001
            )
            raise RecordsSealed from error

    def _place(self, row: models.Model) -> str:
        return place_of(current_schema(), self.model._meta.db_table, str(self.column), row.pk)  # noqa: SLF001


class SealedRows(models.QuerySet[Any]):
    """Rows with sealed text."""

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Django's, each text sealed for its row."""
        with sealing():
            return super().bulk_create(*args, **kwargs)


class SealedRow(models.Model):
    """A row with sealed text."""

    objects = SealedRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, its texts sealed with the newest key."""
        with sealing():
            super().save(*args, **kwargs)


def open_texts(rows: Iterable[models.Model], *names: str) -> None:
    """Open the sealed texts of rows now, those of these names or all. Raises `RecordsSealed`."""
    for row in rows:
        for field in sealed_fields(type(row)):
            if not names or field.name in names:
                getattr(row, field.attname)


def sealed_fields(model: type[models.Model]) -> list[EncryptedTextField]:
    """The sealed fields of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]  # noqa: SLF001
