"""Where a row stands in the order in which transactions end: values that the database itself fills in."""

from django.db.models import BigIntegerField, Func


class CurrentTransaction(Func):
    """The number of the transaction at hand: never used twice in the life of a database cluster."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = BigIntegerField()


class ThisCluster(Func):
    """The number that the database cluster got when it was made: elsewhere transactions are counted anew."""

    template = "(pg_control_system()).system_identifier"
    output_field = BigIntegerField()
