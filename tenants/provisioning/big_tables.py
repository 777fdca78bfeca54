"""Tables that grow without end or are large from the start: a lock that lasts as long as a scan stops a mall.

Every other table of ours stays at thousands of rows, where a scan takes milliseconds.
"""

from __future__ import annotations

BIG_TABLES = {
    # each tenant
    "orders.Order": "every purchase for fifteen years",
    "orders.OrderLine": "several to an order",
    "orders.OrderFunding": "several to an order line",
    "orders.OrderDecision": "every rule decided, for each submission and approval",
    "orders.LineProgress": "one to an order line",
    "orders.Shipment": "one or more to an order",
    "orders.AcceptanceCertificate": "one or more to an order",
    "payments.PaymentInstruction": "one or more to an order",
    "invoices.Invoice": "one or more to an order",
    "contracts.Contract": "up to one to an order",
    "contracts.ContractVersion": "one or more to a contract",
    "contracts.ContractDocument": "one to a version that was offered",
    "contracts.Signature": "two or more to a version",
    "budgets.BudgetEntry": "several to an order line",
    "budget_system.BudgetReport": "one to each entry of an order's money",
    "journal.JournalEntry": "every change of a state",
    "idempotency.IdempotencyKey": "every write of a client, for days",
    # the region
    "products.Product": "a million products",
    "products.Offer": "several to a product",
    "products.OfferArea": "several to an offer",
    "products.OnSale": "one or more to an offer",
    "products.ProductPicture": "several to a product",
    "fees.UsageEvent": "several to an order, of every mall",
    "fees.StatementUse": "one or more to a metered use",
    "inbox.InboxItem": "every step of an order, of every mall",
    "insight.OrderFact": "every order of every mall",
    "invoice_numbers.NumberUse": "one or more to an order, of every mall",
    "workbench.SupplierOrder": "every order of every mall",
    "region_journal.RegionJournalEntry": "every change of a state",
    "region_idempotency.RegionIdempotencyKey": "every write of a client, for days",
    "journaling.RelayReceipt": "every journal row of every mall",
    "accounts.SecurityEvent": "every sign-in and refusal",
    "accounts.MallSession": "every visit to a mall",
    "accounts.HandOff": "every way from the region into a mall",
}
