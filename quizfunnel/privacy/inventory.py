"""Inventory of personal data: every column of every table, whether it tells of a person, and how it is erased; pure.

A test holds it to the schema: a column that is added without a word here fails.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

Erasure = Literal["deleted", "cut", "kept"]


class TableInventory(NamedTuple):
    """One table: of whom its rows are, how they are erased, and its columns, those that tell of a person apart.

    `deleted` rows go whole, of `cut` ones the personal columns are emptied, and `kept` ones tell of nobody.
    """

    holds: str
    erased: Erasure
    personal: str = ""  # names of columns, apart by a space
    plain: str = ""

    @property
    def personal_columns(self) -> tuple[str, ...]:
        """Return the columns that tell of a person."""
        return tuple(self.personal.split())

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every column that has a word here."""
        return (*self.personal_columns, *self.plain.split())


INVENTORY: Mapping[str, TableInventory] = {
    # visit
    "visitor": TableInventory(
        "a browser that agreed to be remembered",
        "deleted",
        "id first_seen kind kind_reason device channel landing_page",
        "simulated",
    ),
    "page_view": TableInventory("a page that a visitor saw", "deleted", "id month visitor_id at path visible_ms", ""),
    "assignment": TableInventory(
        "a visitor's arm in an experiment",
        "deleted",
        "visitor_id arm t0",
        "quiz experiment holdout_share window_days",
    ),
    "visitor_event": TableInventory(
        "an event of a visitor",
        "deleted",
        "event_id name visitor_id at value_minor currency",
        "source late simulated",
    ),
    "rate_count": TableInventory("a count under a keyed digest", "kept", "", "kind digest window count"),
    "day_count": TableInventory("a count of a day", "kept", "", "kind key day count"),
    "used_token": TableInventory("the digest of a token", "kept", "", "digest kind used_at expires_at"),
    "revoked_token": TableInventory(
        "the digest of a token that was taken back; a visitor's goes with the visitor",
        "deleted",
        "digest revoked_at",
        "kind expires_at",
    ),
    "erasure": TableInventory("the keyed digest of one who was erased", "kept", "", "digest kind at"),
    # journey
    "attempt": TableInventory(
        "a run through a quiz",
        "deleted",
        "id visitor_id first_question started_at finished_at kind language entry token_kind",
        "quiz version simulated",
    ),
    "answer": TableInventory(
        "an answer and the time it took",
        "deleted",
        "attempt_id question revision value nonce shown_at answered_at wall_ms active_ms active10_ms source wall_clock "
        "next_question",
    ),
    "question_view": TableInventory(
        "the time at a question",
        "deleted",
        "attempt_id question nonce month seq received_at wall_ms active_ms active10_ms source",
    ),
    # offer
    "offer": TableInventory(
        "what was recommended, and for which answers",
        "deleted",
        "id attempt_id finished_at answers_hash revision chosen_at answers seed eligible rejected_at rejected_why "
        "sections",
        "show model fallback rival model_share policy catalog_version",
    ),
    "offer_item": TableInventory(
        "a recommended product and its reasons",
        "deleted",
        "offer_id section rank product score propensity price_minor currency reasons",
    ),
    "offer_view": TableInventory("a look at an offer", "deleted", "id month offer_id at up_to"),
    "click": TableInventory("a way from an offer to the shop", "deleted", "id offer_id product at"),
    # orders
    "order_event": TableInventory(
        "a delivery of the shop; its body holds what the shop sent, names and addresses too",
        "cut",
        "body error",
        "id source delivery topic received_at state simulated purged_at",
    ),
    "delivery_refusal": TableInventory("a count of refused deliveries", "kept", "", "source day reason count"),
    "shop_order": TableInventory(
        "an order; a visitor's is cut off from them and stays, one that is forgotten itself goes",
        "deleted",
        "source order_id visitor_id conflict click_id placed_at updated_at event currency total_minor paid cancelled "
        "order_number minor_digits presentment_currency presentment_total_minor paid_minor outstanding_minor",
        "test simulated",
    ),
    "order_line": TableInventory(
        "a line of an order",
        "deleted",
        "source order_id position product_id sku title unit_price_minor product matched_by cost_minor quantity_micro",
    ),
    "refund": TableInventory(
        "money given back",
        "deleted",
        "source refund_id order_id amount_minor currency at converted_minor converted_by",
    ),
    "day_total": TableInventory(
        "the shop's own total of a day",
        "kept",
        "",
        "simulated day source currency time_zone starts_at ends_at orders total_minor before_refunds told_at",
    ),
    # contact, outbox
    "lead": TableInventory(
        "what somebody wrote of themselves",
        "deleted",
        "id attempt_id at submitted_at address_digest confirmed_at withdrawn_at purge_at",
        "quiz version",
    ),
    "lead_value": TableInventory("a field as it was written", "deleted", "lead_id field value"),
    "lead_consent": TableInventory(
        "a consent that was given or withdrawn", "deleted", "lead_id field at sentence version page given"
    ),
    "outbox": TableInventory(
        "a message that is due",
        "deleted",
        "subject_kind subject_id channel topic due_at error",
        "id tries state created_at",
    ),
    # what the store made itself
    "quiz_version": TableInventory("a quiz file", "kept", "", "id quiz body published_at languages"),
    "catalog_version": TableInventory("a catalogue", "kept", "", "id products first_seen_at"),
    "publication": TableInventory(
        "what was served when",
        "kept",
        "",
        "id quiz quiz_version catalog_version published_at who message starts_at ends_at state",
    ),
    "disk_offer": TableInventory("what a disk showed", "kept", "", "disk quiz pair at"),
    "experiment": TableInventory(
        "an experiment's settings",
        "kept",
        "",
        "quiz name simulated started_at design fingerprint cap_minor cap_currency cap_at",
    ),
    "daily_look": TableInventory(
        "an interval of a day", "kept", "", "quiz experiment simulated metric day low high verdict written_at"
    ),
    "rollup": TableInventory("sums of many", "kept", "", "id quiz experiment simulated as_of caps beside"),
    "rollup_day": TableInventory("sums of many, of a day", "kept", "", "rollup_id day mark as_of"),
    "rollup_cell": TableInventory(
        "counts and sums of visitors that are alike; counted again without whoever was erased",
        "kept",
        "",
        "id rollup_id fine day arm share declared days mature state band device channel landing hour came_before "
        "currency visitors buyers orders stayed stayed_buyers revenue revenue_squared revenue_prior capped "
        "capped_squared capped_prior prior prior_squared prior_buyers first_t0 last_t0 first_buyer_t0 latest_order",
    ),
    # staff, who are no shoppers: an admin removes them
    "staff": TableInventory("a person of the staff", "kept", "", "id name role password_hash created_at disabled_at"),
    "staff_session": TableInventory(
        "a session of the staff", "kept", "", "digest staff_id created_at seen_at expires_at ended_at"
    ),
    "sign_in_try": TableInventory("a try to sign in, by digests", "kept", "", "id account network at succeeded"),
    "audit": TableInventory(
        "what the staff or the command did; of people by digest alone",
        "kept",
        "",
        "id at staff_id action subject detail",
    ),
    "note": TableInventory("a note of the staff", "kept", "", "id quiz day text staff_id written_at"),
    "nightly_run": TableInventory("a run of the recurring work", "kept", "", "id started_at finished_at record"),
}


def as_markdown() -> str:
    """Return the tables that tell of people as a table of the docs."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "| table | a row is | when its person is forgotten |\n| --- | --- | --- |"
    for name, table in INVENTORY.items():
        if table.erased != "kept":
            columns = " and ".join(f"`{column}`" for column in table.personal_columns)
            how = "the row is deleted" if table.erased == "deleted" else f"{columns} are emptied"
            yield f"| `{name}` | {table.holds} | {how} |"
