"""Import from files and export to them: buttons over the lists, and the pages behind them."""

from bookings.admin.exchange.exports import Exportable
from bookings.admin.exchange.imports import Importable

__all__ = ["Exportable", "Importable"]
