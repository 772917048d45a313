"""A bank file: ISO 20022's CustomerCreditTransferInitiation, pain.001.001.09.

Pure: payments in, a document out. Won have no smaller unit, so amounts are whole. `faults_in` holds
a document against the message's structure: which elements, in which order, of which form.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
MOST_PAYMENTS = 1_000
_BIC = r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?"
_ID, _NAME = r"[0-9A-Za-z/?:().,'+ -]{1,35}", r"[\s\S]{1,140}"
_WON, _COUNT = r"[1-9][0-9]{0,17}", r"[0-9]{1,15}"
_AGENT = (("FinInstnId", (("BICFI", _BIC),)),)
_ACCOUNT = (("Id", (("Othr", (("Id", r"[\s\S]{1,34}"),)),)),)
_PAYMENT = (
    ("PmtId", (("EndToEndId", _ID),)),
    ("Amt", (("InstdAmt", _WON),)),
    ("CdtrAgt", _AGENT),
    ("Cdtr", (("Nm", _NAME),)),
    ("CdtrAcct", _ACCOUNT),
    ("RmtInf", (("Ustrd", _NAME),)),
)
_HEADER = (
    ("MsgId", _ID),
    ("CreDtTm", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"),
    ("NbOfTxs", _COUNT),
    ("CtrlSum", _WON),
    ("InitgPty", (("Nm", _NAME),)),
)
_INSTRUCTION = (
    ("PmtInfId", _ID),
    ("PmtMtd", "TRF"),
    ("NbOfTxs", _COUNT),
    ("CtrlSum", _WON),
    ("ReqdExctnDt", (("Dt", r"\d{4}-\d\d-\d\d"),)),
    ("Dbtr", (("Nm", _NAME),)),
    ("DbtrAcct", _ACCOUNT),
    ("DbtrAgt", _AGENT),
    ("CdtTrfTxInf", _PAYMENT),  # once or more, the last
)
_Form = Sequence[tuple[str, "str | _Form"]]


class BankParty(NamedTuple):
    """Who has a bank account, and where."""

    name: str
    bank: str  # BIC, ISO 9362
    account: str


class BankPayment(NamedTuple):
    """A payment to be made by the bank."""

    id: str  # at most 35 characters, comes back with the bank's answer
    payee: BankParty
    amount_won: int
    memo: str


def bank_document(
    message: str, payer: BankParty, payments: Sequence[BankPayment], at: datetime, on: date
) -> bytes:
    """Return the document that asks a bank to make payments on a day, all from one account."""
    count, sum_won = str(len(payments)), str(sum(one.amount_won for one in payments))
    root = ET.Element("Document", xmlns=NAMESPACE)
    initiation = ET.SubElement(root, "CstmrCdtTrfInitn")
    header = ET.SubElement(initiation, "GrpHdr")
    _add(header, MsgId=message, CreDtTm=at.isoformat(timespec="seconds"), NbOfTxs=count)
    _add(header, CtrlSum=sum_won)
    _add(ET.SubElement(header, "InitgPty"), Nm=payer.name)
    instruction = ET.SubElement(initiation, "PmtInf")
    _add(instruction, PmtInfId=message, PmtMtd="TRF", NbOfTxs=count, CtrlSum=sum_won)
    _add(ET.SubElement(instruction, "ReqdExctnDt"), Dt=on.isoformat())
    _party(instruction, "Dbtr", payer, agent_first=False)
    for payment in payments:
        one = ET.SubElement(instruction, "CdtTrfTxInf")
        _add(ET.SubElement(one, "PmtId"), EndToEndId=payment.id)
        amount = ET.SubElement(ET.SubElement(one, "Amt"), "InstdAmt", Ccy="KRW")
        amount.text = str(payment.amount_won)
        _party(one, "Cdtr", payment.payee, agent_first=True)
        _add(ET.SubElement(one, "RmtInf"), Ustrd=payment.memo)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def faults_in(document: bytes) -> list[str]:
    """Return where a document of ours is not as the message prescribes; nothing when it is.

    Only documents that `bank_document` made: what comes from outside is not for this parser.
    """
    root = ET.fromstring(document)  # noqa: S314 (made here, a line before)
    body = root.find(_tag("CstmrCdtTrfInitn"))
    if root.tag != _tag("Document") or body is None:
        return ["no CstmrCdtTrfInitn in a Document of the namespace"]
    header, instruction = body.find(_tag("GrpHdr")), body.find(_tag("PmtInf"))
    if header is None or instruction is None or len(body) != 2:
        return ["not one GrpHdr and one PmtInf"]
    faults = _faults(header, _HEADER, "GrpHdr") + _faults(instruction, _INSTRUCTION, "PmtInf")
    amounts = list(instruction.iter(_tag("InstdAmt")))
    if any(amount.get("Ccy") != "KRW" for amount in amounts):
        faults.append("InstdAmt: not in KRW")
    if not 0 < len(amounts) <= MOST_PAYMENTS:
        faults.append(f"CdtTrfTxInf: {len(amounts)} of them")
    if faults:
        return faults
    sum_won = sum(int(amount.text or 0) for amount in amounts)
    for part in (header, instruction):
        if part.findtext(_tag("CtrlSum")) != str(sum_won):
            faults.append("CtrlSum: not the sum of InstdAmt")
        if part.findtext(_tag("NbOfTxs")) != str(len(amounts)):
            faults.append("NbOfTxs: not the number of CdtTrfTxInf")
    return faults


def _faults(element: ET.Element, form: _Form, path: str) -> list[str]:
    names = [child.tag.rpartition("}")[2] for child in element]
    wanted = [name for name, _ in form]
    if wanted and wanted[-1] == "CdtTrfTxInf":
        wanted += ["CdtTrfTxInf"] * (len(names) - len(wanted))
    if names != wanted:
        return [f"{path}: {', '.join(names)} instead of {', '.join(wanted)}"]
    forms = dict(form)
    faults = []
    for name, child in zip(names, element, strict=True):
        inner = forms[name]
        if isinstance(inner, str):
            if re.fullmatch(inner, child.text or "") is None:
                faults.append(f"{path}/{name}: {child.text!r:.40}")
        else:
            faults += _faults(child, inner, f"{path}/{name}")
    return faults


def _party(parent: ET.Element, name: str, party: BankParty, *, agent_first: bool) -> None:
    """Add whose account it is; a creditor's bank stands before, a debtor's after (ISO 20022)."""
    if agent_first:
        _agent(parent, name, party)
    _add(ET.SubElement(parent, name), Nm=party.name)
    account = ET.SubElement(ET.SubElement(parent, f"{name}Acct"), "Id")
    _add(ET.SubElement(account, "Othr"), Id=party.account)
    if not agent_first:
        _agent(parent, name, party)


def _agent(parent: ET.Element, name: str, party: BankParty) -> None:
    agent = ET.SubElement(parent, f"{name}Agt")
    _add(ET.SubElement(agent, "FinInstnId"), BICFI=party.bank)


def _add(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
