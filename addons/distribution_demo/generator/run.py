"""The whole reference case, in the order in which a company would come to it."""

import logging
import time

from .plan import build_plan
from .settings import Settings
from .writer import Book
from .writer_account import ChartWriter
from .writer_account_close import ClosingWriter
from .writer_account_contract import (
    ContractCustomerWriter,
    ContractPurchaseWriter,
    ContractSaleWriter,
)
from .writer_account_cost import OverheadWriter
from .writer_account_loss import ScrapWriter
from .writer_aged import AgedWriter
from .writer_approval import ApprovalWriter
from .writer_batch import BatchWriter
from .writer_catalogue import CatalogueWriter
from .writer_company import CompanyWriter, OpeningEntryWriter
from .writer_count import CountWriter
from .writer_difference import DifferenceWriter
from .writer_exception import ExceptionWriter
from .writer_exception_past import PastExceptionWriter
from .writer_governed import GovernedWriter
from .writer_history import TransferHistoryWriter
from .writer_kpi import KpiWriter, TargetWriter
from .writer_lane import LaneWriter
from .writer_lead import LeadWriter
from .writer_lot import LotWriter
from .writer_network import NetworkWriter, NewDatabaseCheck, PutawayWriter, UserWriter
from .writer_partner import PartnerWriter
from .writer_purchase import PurchaseWriter
from .writer_review import ReviewWriter
from .writer_sale import SaleWriter
from .writer_situation import SituationWriter
from .writer_stock import OrderpointWriter, ReplenishmentWriter, StockWriter
from .writer_transfer import TransferWriter
from .writer_value import ValueWriter

_logger = logging.getLogger(__name__)

# What works in any Odoo 19 with Sales, Purchase, Inventory and Accounting.
MASTER_DATA = (PartnerWriter, CatalogueWriter, StockWriter)
DOCUMENTS = (SaleWriter, TransferWriter, PurchaseWriter, ValueWriter)
SUITE = (
    NewDatabaseCheck,
    CompanyWriter,
    UserWriter,
    NetworkWriter,
    PartnerWriter,
    CatalogueWriter,
    PutawayWriter,
    StockWriter,
    AgedWriter,
    LotWriter,
    ChartWriter,
    ContractCustomerWriter,
    OpeningEntryWriter,
    LaneWriter,
    SaleWriter,
    TransferHistoryWriter,
    PurchaseWriter,
    ContractPurchaseWriter,
    ContractSaleWriter,
    ValueWriter,
    ScrapWriter,
    CountWriter,
    OverheadWriter,
    OrderpointWriter,
    ReplenishmentWriter,
    BatchWriter,
    LeadWriter,
    ApprovalWriter,
    GovernedWriter,
    DifferenceWriter,
    SituationWriter,
    ClosingWriter,
    TargetWriter,
    PastExceptionWriter,
    ExceptionWriter,
    KpiWriter,
    ReviewWriter,
)


def generate(env, settings=None, **overrides):
    """Create the reference case in a database that has the suite.

    Return the book, which says which record stands for which entry of the plan.
    """
    settings = settings or Settings(**overrides)
    book = Book(env, build_plan(settings))
    return write(book, SUITE)


def generate_stock(env, warehouses, settings=None, routes=None, documents=False):
    """Create partners, products, stock and reordering rules in plain Odoo.

    ``warehouses`` are the central one and the depots, in this order, and ``routes`` the
    routes that supply the depots, in the depots' order. With ``documents`` the orders,
    receipts and deliveries are made as well.
    """
    plan = build_plan(settings or Settings(branches=len(warehouses)))
    keys = [branch.key for branch in plan.branches]
    book = Book(env, plan, warehouses=dict(zip(keys, warehouses, strict=True)))
    book.routes = dict(zip(keys[1:], routes or (), strict=bool(routes)))
    return write(book, (*MASTER_DATA, *(DOCUMENTS * documents), OrderpointWriter))


def write(book, writers):
    start = time.monotonic()
    for writer in writers:
        began = time.monotonic()
        writer(book).run()
        book.env.flush_all()
        _logger.info("%s in %.1f s", writer.theme, time.monotonic() - began)
    _logger.info(
        "%s products in %s warehouses, %.1f s",
        len(book.products),
        len(book.warehouses),
        time.monotonic() - start,
    )
    return book
