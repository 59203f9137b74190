"""Invented values for the fields of each kind of paper, and plausible forgeries of one character."""

import random
from collections.abc import Mapping
from datetime import date, timedelta

_SURNAMES = "秦卫沈乔温陆简褚祁丛"
_GIVEN = ("若川", "知行", "望秋", "明屿", "予安", "书白", "景澄", "南乔", "可舟", "怀远")
_PLACES = ("瑞桥", "青荷", "恒岳", "川泽", "云裳", "中岳", "明渠", "澄湖", "松廊", "远陂")
_STREETS = ("瑞祥路", "开泰路", "梧桐街", "望岳路", "澄湖大道", "青石街", "长渠路", "金穗路")
_IN_WORDS = ("volume", "fee", "rent")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_LOOKALIKES = {
    "0": "68", "1": "74", "2": "73", "3": "85", "4": "19", "5": "63", "6": "85", "7": "12",
    "8": "36", "9": "84", "A": "R", "B": "8", "C": "G", "D": "B", "E": "F", "F": "E", "G": "C",
    "H": "N", "M": "N", "N": "M", "X": "Y", "Y": "X", "T": "7", "R": "A", "L": "1", "P": "R",
    "路": "街", "街": "路", "大": "太", "号": "弄", "瑞": "端", "青": "清", "桥": "侨", "荷": "菏",
    "岳": "丘", "泽": "译", "云": "去", "限": "根", "公": "么", "司": "同", "王": "玉", "川": "州",
    "合": "台", "格": "袼", "秦": "泰", "沈": "沉", "陆": "陂", "乔": "侨", "恒": "桓", "澄": "橙",
}  # fmt: skip


def credit_code(rng: random.Random) -> str:
    """An invented unified credit code whose check character is right."""
    body = "91370891" + "MA" + "".join(rng.choice(_ALPHABET) for _ in range(7))
    total = sum(_ALPHABET.index(sign) * w for sign, w in zip(body, _WEIGHTS, strict=True))
    return body + _ALPHABET[(31 - total % 31) % 31]


def identity_number(rng: random.Random, born: date) -> str:
    """An invented identity number of a code of place that is not given out."""
    body = f"379999{born:%Y%m%d}{rng.randrange(1000):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * w for digit, w in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def sample(kind_code: str, seed: int = 1) -> dict[str, str]:
    """Values of every field of a kind, in normal form (ISO days, plain numbers)."""
    rng = random.Random(f"{kind_code}-{seed}")
    person = rng.choice(_SURNAMES) + rng.choice(_GIVEN)
    other = rng.choice(_SURNAMES) + rng.choice(_GIVEN)
    place = rng.choice(_PLACES)
    firm = f"济宁{place}{rng.choice(('商贸', '酒店管理', '建设工程', '文化发展'))}有限公司"
    carrier = f"济宁{rng.choice(_PLACES)}渣土运输有限公司"
    site = f"{rng.choice(('城北', '城东', '河西'))}建筑垃圾消纳场"
    address = f"济宁高新区{rng.choice(_STREETS)}{rng.randrange(10, 299)}号"
    begin = date(2026, 11, 1) + timedelta(days=rng.randrange(28))
    until = begin + timedelta(days=rng.randrange(400, 1200))
    project = f"{place}科创园{rng.randrange(1, 9)}号厂房工程"
    route = f"{rng.choice(_STREETS)}—{rng.choice(_STREETS)}—{site[:2]}消纳场"
    volume = rng.randrange(8, 48) * 100
    soil, concrete, metal = volume * 6 // 10, volume * 3 // 10, volume // 20
    born = date(1975, 1, 1) + timedelta(days=rng.randrange(10_000))
    period = {
        "starts_on": begin.isoformat(),
        "ends_on": (begin + timedelta(days=rng.randrange(20, 90))).isoformat(),
    }
    numbers = f"{rng.randrange(10**5):05d}"
    found: dict[str, dict[str, str]] = {
        "business_licence": {
            "credit_code": credit_code(rng), "name": firm, "type": "有限责任公司",
            "legal_person": person, "capital": f"{rng.randrange(1, 90) * 10 ** 6}",
            "founded_on": (begin - timedelta(days=rng.randrange(500, 4000))).isoformat(),
            "domicile": address, "scope": "住宿服务；日用百货销售；会议及展览服务",
        },
        "waste_contract": {
            "number": f"HT-2026-{numbers}", "client": firm, "carrier": carrier,
            "project": project, "volume": str(volume), "fee": str(volume * 30), **period,
            "route": route, "site": site,
            "signed_on": (begin - timedelta(days=5)).isoformat(),
        },
        "waste_plan": {
            "builder": firm, "project": project, "project_address": address,
            "volume": str(volume), "soil": str(soil), "concrete": str(concrete),
            "metal": str(metal), "wood": str(volume - soil - concrete - metal),
            "reused": str(concrete + metal), "site": site, "route": route, **period,
        },
        "site_permit": {
            "number": f"济高消纳〔2026〕{int(numbers) % 90 + 1}号", "name": site,
            "operator": carrier.replace("渣土运输", "环境工程"), "address": address,
            "capacity": str(rng.randrange(12, 90) * 1000),
            "issued_on": (begin - timedelta(days=200)).isoformat(),
            "valid_until": until.isoformat(),
        },
        "transport_licence": {
            "number": f"3708{rng.randrange(10 ** 8):08d}", "name": carrier, "address": address,
            "scope": "道路普通货物运输",
            "issued_on": (begin - timedelta(days=300)).isoformat(),
            "valid_until": until.isoformat(),
        },
        "hygiene_report": {
            "number": f"WJ2026{numbers}", "client": firm, "address": address,
            "tester": f"山东{rng.choice(_PLACES)}检测技术有限公司",
            "tester_number": f"2015{rng.randrange(10 ** 8):08d}",
            "tested_on": (begin - timedelta(days=20)).isoformat(),
            "reported_on": (begin - timedelta(days=9)).isoformat(),
            "carbon_dioxide": f"0.0{rng.randrange(4, 9)}",
            "formaldehyde": f"0.0{rng.randrange(2, 8)}",
            "bacteria": str(rng.randrange(300, 1900)), "verdict": "合格",
        },
        "health_certificate": {
            "name": person, "number": f"JK2026{numbers}", "work": "公共场所",
            "employer": firm, "issued_on": (begin - timedelta(days=40)).isoformat(),
            "valid_until": (begin + timedelta(days=325)).isoformat(),
        },
        "lease": {
            "landlord": f"济宁{rng.choice(_PLACES)}资产运营有限公司", "tenant": firm,
            "address": address, "area": str(rng.randrange(60, 900)),
            "rent": str(rng.randrange(5, 60) * 10_000), **period,
            "signed_on": (begin - timedelta(days=5)).isoformat(),
        },
        "id_card": {
            "name": person, "number": identity_number(rng, born), "born_on": born.isoformat(),
            "address": address,
        },
        "power_of_attorney": {
            "principal": firm, "agent": other, "agent_number": identity_number(rng, born),
            "matters": "办理公共场所卫生许可的申请、补正和领取",
            "valid_until": (begin + timedelta(days=90)).isoformat(),
            "signed_on": begin.isoformat(),
        },
        "promise_letter": {
            "promiser": firm, "credit_code": credit_code(rng), "matter": "公共场所卫生许可",
            "signed_on": begin.isoformat(),
        },
        "floor_plan": {
            "name": f"{place}宾馆", "address": address, "area": str(rng.randrange(60, 900)),
            "drawn_on": begin.isoformat(),
        },
        "vehicle_licence": {
            "plate": f"鲁H{rng.randrange(10 ** 5):05d}", "owner": carrier, "sort": "重型自卸货车",
            "registered_on": (begin - timedelta(days=700)).isoformat(),
            "valid_until": until.isoformat(),
        },
    }  # fmt: skip
    return found.get(kind_code, {"name": firm, "signed_on": begin.isoformat()})


def forge(values: Mapping[str, str], field: str, seed: int = 1) -> dict[str, str]:
    """The values with one character of ``field`` changed for one that looks like it.

    An amount that also stands in capital numerals keeps them, as a forger who scrapes digits does:
    they travel as ``<field>_in_words``.
    """
    rng = random.Random(f"{field}-{seed}")
    old = values[field]
    places = [place for place, sign in enumerate(old) if sign in _LOOKALIKES]
    rng.shuffle(places)
    for place in places:
        for sign in _LOOKALIKES[old[place]]:
            new = old[:place] + sign + old[place + 1 :]
            if _is_plausible(old, new):
                kept = {f"{field}_in_words": old} if field in _IN_WORDS else {}
                return {**values, **kept, field: new}
    raise ValueError(f"no character of {old} has a plausible double")


def _is_plausible(old: str, new: str) -> bool:
    """A forged day is a day; a forged number does not begin with nought."""
    try:
        date.fromisoformat(old)
    except ValueError:
        return not (new.startswith("0") and not old.startswith("0"))
    try:
        date.fromisoformat(new)
    except ValueError:
        return False
    return True
