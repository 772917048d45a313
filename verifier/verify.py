"""Check a receipt of a city's log with the city switched off; README.md says what and how."""

# fmt: off
# ruff: noqa: D103, E401, E701, I001, S310
import argparse, base64, json, re, sys, urllib.request
from hashlib import sha256, sha512
from pathlib import Path

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # RFC 8032, 5.1
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)

def need(good, why):
    if not good: raise ValueError(why)
def sha(*parts):
    return sha256(b"".join(parts)).digest()

def point(data):  # RFC 8032, 5.1.3
    y, odd = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x * (ROOT if (x * x - square) % P else 1) % P
    need(y < P and (x * x - square) % P == 0 and (x or not odd), "not a key · 키가 아닙니다")
    return x if x & 1 == odd else P - x, y
def add(p, q):
    (a, b), (c, d), t = p, q, D * p[0] * p[1] * q[0] * q[1] % P
    return (a * d + b * c) * pow(1 + t, -1, P) % P, (b * d + a * c) * pow(1 - t, -1, P) % P
def times(n, p):
    return add(times(n // 2, add(p, p)), p if n & 1 else (0, 1)) if n else (0, 1)
def is_signed(key, text, signature):  # RFC 8032, 5.1.7: R is s B - k A
    if key[0] == 4:  # a witness signs its time, too: C2SP tlog-cosignature
        at, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        text = f"cosignature/v1\ntime {at}\n{text}"
    s, (x, y) = int.from_bytes(signature[32:], "little"), point(key[1:])
    k = int.from_bytes(sha512(signature[:32] + key[1:] + text.encode()).digest(), "little") % L
    x, y = add(times(s % L, point(b"X" + b"f" * 31)), times(k, (P - x, y)))
    return s < L and signature == b"".join(n.to_bytes(32, "little") for n in (y | x % 2 << 255, s))

def read_key(text, kind):  # of C2SP: name+number+base64(kind, public key)
    name, number, key = [*text.split("+", 2), "", ""][:3]
    key = base64.b64decode(key, validate=True)
    good = key[:1] == bytes([kind]) and sha(name.encode(), b"\n", key)[:4].hex() == number
    need(good and len(key) == 33, f"{text}: not a key of kind {kind} · 검증 키가 아닙니다")
    return name, bytes.fromhex(number), key
def read_note(note, keys):  # all of `keys` must have signed; the first is the log's
    text, _, lines = note.rpartition("\n\n")
    for name, number, key in keys:
        mine = re.findall(f"^\u2014 {re.escape(name)} ([A-Za-z0-9+/]+={{0,2}})$", lines, re.M)
        mine = [blob for blob in map(base64.b64decode, mine) if blob[:4] == number]
        good = mine and all(is_signed(key, f"{text}\n", blob[4:]) for blob in mine)
        need(good, f"not signed by {name} · {name}의 서명이 맞지 않습니다")
    origin, size, root = text.split("\n")
    need(origin == keys[0][0], f"of another log, {origin} · 다른 원장의 체크포인트입니다")
    return int(size), base64.b64decode(root, validate=True)

def hashes(path):
    need(all(re.fullmatch("[0-9a-f]{64}", each) for each in path),
         "a hash is 64 hexadecimal digits, small · 해시는 16진수 소문자 64자입니다")
    return [bytes.fromhex(each) for each in path]
def climb(place, last, path, old, new):  # RFC 9162, 2.1.3.2 and 2.1.4.2
    for node in path:
        while place == last > 0 and not place & 1: place, last = place >> 1, last >> 1
        need(last, "the path is too long · 경로가 너무 깁니다")
        old, new = (sha(b"\1", node, old), sha(b"\1", node, new)) if place & 1 \
            else (old, sha(b"\1", new, node))
        place, last = place >> 1, last >> 1
    need(last == 0, "the path is too short · 경로가 너무 짧습니다")
    return old, new

def check_receipt(path, keys, asked):
    receipt = json.loads(path.read_bytes())
    fact, index = receipt["fact"], receipt["index"]
    text = json.dumps(fact, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    size, root = read_note(receipt["checkpoint"], keys)
    need(0 <= index < size == receipt["size"], "wrong index or size · 번호나 크기가 틀립니다")
    leaf = sha(b"\0", sha(*hashes([receipt["salt"]]), text.encode()))
    _, got = climb(index, size - 1, hashes(receipt["path"]), leaf, leaf)
    need(got == root, "the signed log does not hold this fact · 서명된 원장에 없는 사실입니다")
    where = check_anchor(receipt["anchor"], size, root, asked) if asked.rpc else "not looked at"
    return f"{keys[0][0]}, {index} of {size}: {text}; anchor: {where} · 서명된 원장에 있습니다"
def check_anchor(anchor, size, root, asked):
    names = ("chain", "contract", "number", "block", "transaction")
    chain, to, number, block, sent = (anchor[name] for name in names)
    def ask(method, *params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        request = urllib.request.Request(asked.rpc, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as told:
            return json.loads(told.read(1_000_000)).get("result") or {}
    call = {"to": to, "data": f"0xed64bab2{number:064x}"}  # Keccak-256 of "checkpoint(uint256)"
    kept, seen = ask("eth_call", call, "latest"), ask("eth_getTransactionReceipt", sent)
    got = ask("eth_chainId"), str(kept)[:130], *map(seen.get, ("to", "blockNumber", "status"))
    good = got == (hex(chain), f"0x{size:064x}{root.hex()}", to.lower(), hex(block), "0x1")
    good &= to.lower() == (asked.contract or to).lower()
    need(good, "the chain holds something else · 체인에 있는 것과 다릅니다")
    return f"chain {chain}, contract {to}" + ("" if asked.contract else " (is it the city's?)")

def check_consistency(path, keys, _):
    receipt = json.loads(path.read_bytes())
    (old, first), (new, second) = (read_note(receipt[name], keys) for name in ("from", "to"))
    need(old <= new, "the log became shorter · 원장이 짧아졌습니다")
    need(old < new or first == second, "FORKED: one size, two signed roots · 원장이 갈라졌습니다")
    got, place, last, path = (first, second), old - 1, new - 1, hashes(receipt["path"])
    if 0 < old < new:
        while place & 1: place, last = place >> 1, last >> 1
        start, *path = (path or [b""]) if old & (old - 1) else [first, *path]
        got, path = climb(place, last, path, start, start), []
    need(got == (first, second) and path == [] and (old or first == sha()),
         "the later log does not continue the earlier · 앞의 원장을 잇지 않습니다")
    return f"{keys[0][0]} with {new} facts continues itself with {old} · 앞의 원장을 잇습니다"

def fold(data):  # the hash over hashes that stand end to end
    pairs = [data[at:at + 64] for at in range(0, len(data), 64)]
    above = b"".join(sha(b"\1", pair) if len(pair) == 64 else pair for pair in pairs)
    return data if len(data) <= 32 else fold(above)
def check_mirror(folder, keys, _):
    size, root = read_note((folder / "checkpoint").read_bytes().decode(), keys)
    level, count, above, tail = 0, size, [], b""
    while count:
        full = []
        for n in range(-(-count // 256)):
            width, name = min(256, count - 256 * n), f"{n:0{(len(str(n)) + 2) // 3 * 3}}"
            whole = folder / f"tile/{level}" / re.sub(r"(\d{3})(?=\d)", r"x\1/", name)
            part = whole.with_name(f"{whole.name}.p") / str(width)
            tile = (part if part.exists() else whole).read_bytes()[:32 * width]
            below = b"".join(above[256 * n:256 * n + 256]) if level else tile
            need(len(tile) == 32 * width and tile == below, f"{whole} was changed · 바뀌었습니다")
            full += [fold(tile)] * (width == 256)
            tail = tail if width == 256 else fold(tile + tail)
        level, count, above = level + 1, count // 256, full
    need((tail or sha()) == root, "the tiles do not give the signed root · 서명된 루트가 아닙니다")
    return f"{folder} is the log {keys[0][0]} of {size} facts as signed · 서명된 원장과 같습니다"

def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="+", help="RECEIPT, or consistency RECEIPT, or mirror FOLDER")
    for name in ("key", "rpc", "contract"):
        parser.add_argument(f"--{name}", required=name == "key")
    parser.add_argument("--witness", action="append", default=[])
    asked = parser.parse_args()
    try:
        sys.stdout.reconfigure(encoding="utf-8")
        keys = [read_key(asked.key, 1), *(read_key(each, 4) for each in asked.witness)]
        mode, path = ["receipt", *asked.what][-2:]
        said = CHECKS[mode](Path(path), keys, asked)
    except Exception as wrong:  # noqa: BLE001 - whatever is in the files, it ends in a sentence
        good = isinstance(wrong, ValueError | OSError)
        sys.exit(f"NOT PROVED · 증명되지 않음: {wrong if good else f'malformed: {wrong!r}'}")
    print(f"PROVED · 증명됨: {said}")
CHECKS = {"receipt": check_receipt, "consistency": check_consistency, "mirror": check_mirror}
if __name__ == "__main__":
    main()
